package import Foundation

/// The folder of results: one folder a cell, named by the hash of what decides its result.
///
/// A cell's folder holds `config.json` (the key), `result.json`, `metrics.jsonl` (a line a point),
/// `model.safetensors` (the last network, where there is one), `structures.json` (what the strategy made
/// at each point, without weights), `early.safetensors` (of a dense cell, the network early in its
/// training), `changes.jsonl` (a line for each round and update point), `benchmark.json` (of a user's benchmark) and
/// `stderr.txt`. It is written under another name, flushed and renamed: a folder under
/// its own name is whole. The result carries digests of itself and of the other files.
package struct Store: Sendable {
  package let directory: URL

  /// Does nothing yet: a store that is only read need not exist.
  package init(_ directory: URL) { self.directory = directory.absoluteURL }

  package static let resultName = "result.json"
  package static let keyName = "config.json"
  package static let metricsName = "metrics.jsonl"
  package static let modelName = "model.safetensors"
  package static let earlyName = "early.safetensors"
  package static let structuresName = "structures.json"
  package static let changesName = "changes.jsonl"
  package static let standardErrorName = "stderr.txt"
  package static let benchmarkName = "benchmark.json"

  /// The files beside the result, and the most bytes that each may have.
  static let otherFiles = [
    keyName: 1 << 20, metricsName: 16 << 20, modelName: 1 << 30, earlyName: 1 << 30,
    structuresName: 1 << 30, changesName: 256 << 20, standardErrorName: 1 << 20,
    benchmarkName: 16 << 20,
  ]
  static let longestResult = 16 << 20

  package func folder(of key: CellKey) -> URL {
    directory.appending(path: key.hash, directoryHint: .isDirectory)
  }

  /// The stored result of a cell, or nil when there is none that can be trusted: missing, cut
  /// short or changed, of another cell, or without the files that its status promises.
  package func result(for key: CellKey) -> CellResult? { try? result(in: key.hash) }

  /// The stored results of a plan, those of the dense networks included; those that started from
  /// another dense network than the stored one are not among them.
  package func results(for plan: ComparisonPlan) -> [CellKey: CellResult] {
    let stored = (plan.denseCells + plan.cells).compactMap { result(for: $0.key) }
    let results = StartCheck(stored).split(stored).sound
    return Dictionary(results.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
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
    for name in Set(names + namesAside).sorted()
    where Self.holds(Self.resultName, in: place(of: name)) {
      do throws(StoreError) {
        results.append(try result(in: name))
      } catch {
        refused.append(error)
      }
    }
    let (sound, others) = StartCheck(results).split(results)
    for result in others {
      refused.append(
        StoreError(
          "\(folder(of: result.key).path) started from another dense network than the others of "
            + "its benchmark and seed"))
    }
    return (sound, refused)
  }

  /// Whether one of the files that a result was stored with is still there.
  func holds(_ name: String, of result: CellResult) -> Bool {
    result.files[name] != nil && Self.holds(name, in: place(of: result.key.hash))
  }

  static func holds(_ name: String, in folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: name).path)
  }
}
