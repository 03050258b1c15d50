package import Foundation
package import Networks

/// A network that a user names: a file of one, or a result.
package struct StoredNetwork: Sendable {
  package let contents: ModelFile.Contents
  /// What a file of it may be called, without an ending.
  package let title: String
  /// The dense network that a cell started from, where it is stored.
  package let dense: Network?

  private static let longest = 1 << 30

  /// - Parameters:
  ///   - name: As the user wrote it: a path, or what ``Store/result(named:)`` takes.
  ///   - place: The path that it is, if it is one.
  ///   - store: Where cells are looked up in.
  /// - Throws: ``StoreError`` for what is not there or not to be trusted, `ModelFileError` for what is no network.
  package static func named(_ name: String, at place: URL, store: Store) throws -> StoredNetwork {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder) {
      guard isFolder.boolValue else {
        let contents = try NetworkFile.decode(
          PlainFile.read(place, atMost: longest), file: place.path)
        return StoredNetwork(
          contents: contents, title: place.deletingPathExtension().lastPathComponent, dense: nil)
      }
      let folder = place.standardizedFileURL
      guard Store.isHash(folder.lastPathComponent) else {
        throw StoreError("the folder '\(name)' is no cell's: its name is not a hash of 64 letters")
      }
      return try cell(folder.lastPathComponent, of: Store(folder.deletingLastPathComponent()))
    }
    guard !name.isEmpty else { throw StoreError("'' names no file, folder or result") }
    do {
      return try cell(name, of: store)
    } catch let error as StoreError {
      throw StoreError("'\(name)' is no file or folder, and as a result: \(error)")
    }
  }

  private static func cell(_ name: String, of store: Store) throws -> StoredNetwork {
    let result = try store.result(named: name)
    guard result.files[Store.modelName] != nil else {
      throw StoreError(
        "the cell \(result.key.path) ended as '\(result.status.rawValue)' and has no network")
    }
    let data = try store.file(Store.modelName, of: result.key).data
    let dense = try? store.start(for: result.key.dense).model
    let words = [result.key.benchmark, result.key.strategyText, "\(result.key.replicate)"]
    let title = words.joined(separator: "-").map { character in
      character.isLetter || character.isNumber || "-_.".contains(character) ? "\(character)" : "-"
    }
    return StoredNetwork(
      contents: try ModelFile.contents(of: data, file: "\(result.key.hash)/\(Store.modelName)"),
      title: title.joined(),
      dense: dense.flatMap { try? ModelFile.decode($0, file: "the dense network") })
  }
}
