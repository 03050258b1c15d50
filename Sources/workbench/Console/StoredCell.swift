import Comparison
import Files
import Foundation

/// A result that a user names.
struct StoredCell {
  let found: (store: Store, result: CellResult)

  /// By a path of its folder, or by a name in the folder of results.
  ///
  /// - Throws: ``CommandError`` that says what there is.
  static func named(_ word: String, in place: OutputOptions) throws -> StoredCell {
    guard !word.isEmpty else {
      throw CommandError(
        "'' names no result; write benchmark/strategy/seed, such as friedman1/obd/0")
    }
    let folder = URL(literalPath: word).standardizedFileURL
    let file = folder.appending(path: Store.resultName)
    do {
      if FileManager.default.fileExists(atPath: file.path) {
        let store = Store(folder.deletingLastPathComponent())
        return StoredCell(found: (store, try store.result(named: folder.lastPathComponent)))
      }
      let store = Store(place.folder)
      return StoredCell(found: (store, try store.result(named: word)))
    } catch {
      throw CommandError("\(error)")
    }
  }
}
