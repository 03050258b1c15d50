package import Foundation

/// The folder of results: one folder a cell, named by the hash of what decides its result.
///
/// A cell's folder holds `config.json` (the key), `result.json`, `metrics.jsonl` (a line a point),
/// `model.safetensors` (the last network, where there is one) and `stderr.txt`. It is written under
/// another name, flushed and renamed: a folder under its own name is whole. A failed cell counts as
/// finished like any other, whatever stopped it; `--force` runs it again. Dense networks that failed
/// are always tried again.
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
  package func result(for key: CellKey) -> CellResult? { try? result(in: key.hash) }

  /// The stored results of a plan, those of the dense networks included.
  package func results(for plan: ComparisonPlan) -> [CellKey: CellResult] {
    var results: [CellKey: CellResult] = [:]
    for cell in plan.denseCells + plan.cells { results[cell.key] = result(for: cell.key) }
    return results
  }

  /// All results under this folder, for a report without a plan, and what is wrong with those that
  /// cannot be trusted.
  ///
  /// Folders that hold no result file are none of this store's.
  ///
  /// - Throws: ``StoreError`` when there is no such folder or it cannot be read.
  package func contents() throws(StoreError) -> (results: [CellResult], refused: [StoreError]) {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
    } catch {
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: directory.path, isDirectory: &isFolder)
      guard exists else { throw StoreError("there is no folder '\(directory.path)'") }
      guard isFolder.boolValue else { throw StoreError("'\(directory.path)' is no folder") }
      throw StoreError("cannot read '\(directory.path)': \(error.localizedDescription)")
    }
    var results: [CellResult] = []
    var refused: [StoreError] = []
    for name in names.sorted()
    where holdsFile(Self.resultName, in: directory.appending(path: name)) {
      do throws(StoreError) {
        results.append(try result(in: name))
      } catch {
        refused.append(error)
      }
    }
    return (results, refused)
  }

  /// The result in the folder of this name.
  ///
  /// - Throws: ``StoreError`` that says why it cannot be trusted.
  private func result(in name: String) throws(StoreError) -> CellResult {
    let folder = directory.appending(path: name)
    let file = folder.appending(path: Self.resultName)
    let data: Data
    do {
      data = try Data(contentsOf: file)
    } catch {
      throw StoreError("cannot read \(file.path): \(error.localizedDescription)")
    }
    let result: CellResult
    do {
      result = try CanonicalJSON.decode(CellResult.self, from: data)
    } catch {
      let isJSON = (try? JSONSerialization.jsonObject(with: data)) != nil
      throw StoreError(
        isJSON
          ? "\(file.path) is not as this version writes results: \(error.whatIsMissing)"
          : "\(file.path) is no JSON: it was cut short or changed")
    }
    guard result.key.hash == name else {
      throw StoreError("\(file.path) is the result of another cell, '\(result.key.hash)'")
    }
    guard result.status == .done else { return result }
    if result.key.isDense {
      guard result.dense != nil, holdsFile(Self.modelName, in: folder) else {
        throw StoreError("\(folder.path) lacks the trained network of a cell that is done")
      }
    } else if result.points.map(\.ratioRequested) != result.key.ratios {
      throw StoreError("\(file.path) lacks ratios of a cell that is done")
    }
    return result
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

extension Error {
  /// Of a decoder's error the field it is about.
  fileprivate var whatIsMissing: String {
    func path(_ context: DecodingError.Context, _ last: String? = nil) -> String {
      let names = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
      return (names + (last.map { [$0] } ?? [])).joined(separator: ".")
    }
    return switch self as? DecodingError {
    case .keyNotFound(let key, let context): "no '\(path(context, key.stringValue))'"
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context):
      "'\(path(context))' is something else"
    default: "\(self)"
    }
  }
}
