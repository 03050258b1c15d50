package import Foundation

/// The folder of results: one folder a cell, named by the hash of what decides its result.
///
/// A cell's folder holds `config.json` (the key), `result.json`, `metrics.jsonl` (a line a point),
/// `model.safetensors` (the last network, where there is one) and `stderr.txt`. It is written under
/// another name, flushed and renamed: a folder under its own name is whole. A failed cell counts as
/// finished like any other, whatever stopped it; `--force` runs it again.
package struct Store: Sendable {
  package let directory: URL

  /// Does nothing yet: a store that is only read need not exist.
  package init(_ directory: URL) { self.directory = directory.absoluteURL }

  package static let resultName = "result.json"
  package static let keyName = "config.json"
  package static let metricsName = "metrics.jsonl"
  package static let modelName = "model.safetensors"
  package static let standardErrorName = "stderr.txt"

  package func folder(of key: CellKey) -> URL {
    directory.appending(path: key.hash, directoryHint: .isDirectory)
  }

  /// The stored result of a cell, or nil when there is none that can be trusted: missing, cut
  /// short, of another cell, or without the files that its status promises.
  package func result(for key: CellKey) -> CellResult? {
    let folder = folder(of: key)
    guard let data = try? Data(contentsOf: folder.appending(path: Self.resultName)),
      let result = try? CanonicalJSON.decode(CellResult.self, from: data), result.key == key
    else { return nil }
    guard result.status == .done else { return result }
    let isWhole =
      key.isDense
      ? result.dense != nil && holdsFile(Self.modelName, in: folder)
      : result.points.map(\.ratioRequested) == key.ratios
    return isWhole ? result : nil
  }

  /// The stored results of a plan, those of the dense networks included.
  package func results(for plan: ComparisonPlan) -> [CellKey: CellResult] {
    var results: [CellKey: CellResult] = [:]
    for cell in plan.denseCells + plan.cells { results[cell.key] = result(for: cell.key) }
    return results
  }

  /// All results under this folder, for a report without a plan; unreadable folders are left out.
  package func allResults() -> [CellResult] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
    return names.sorted().compactMap { name in
      let file = directory.appending(path: name).appending(path: Self.resultName)
      guard let data = try? Data(contentsOf: file),
        let result = try? CanonicalJSON.decode(CellResult.self, from: data),
        result.key.hash == name
      else { return nil }
      return self.result(for: result.key)
    }
  }

  /// The points that a worker reported before it ended, whatever ended it; a last line that was cut
  /// short is left out.
  package static func points(in folder: URL) -> [TrajectoryPoint] {
    guard let data = try? Data(contentsOf: folder.appending(path: metricsName)) else { return [] }
    var points: [TrajectoryPoint] = []
    for line in data.split(separator: UInt8(ascii: "\n")) {
      guard let point = try? CanonicalJSON.decode(TrajectoryPoint.self, from: Data(line)) else {
        break
      }
      points.append(point)
    }
    return points
  }

  private func holdsFile(_ name: String, in folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: name).path)
  }
}
