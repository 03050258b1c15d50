import Datasets
package import Foundation

extension Store {
  /// The result in the folder of this name.
  ///
  /// - Throws: ``StoreError`` that says why it cannot be trusted.
  func result(in name: String) throws(StoreError) -> CellResult {
    let folder = place(of: name)
    let file = folder.appending(path: Self.resultName)
    let result = try StoredResult.decode(
      PlainFile.read(file, atMost: Self.longestResult), file: file.path)
    guard result.key.hash == name else {
      throw StoreError("\(file.path) is the result of another cell, '\(result.key.hash)'")
    }
    for (other, limit) in Self.otherFiles.sorted(by: { $0.key < $1.key }) {
      // A file that somebody removed to save space takes nothing from the result; one that was
      // changed is nobody's.
      guard let digest = result.files[other], Self.holds(other, in: folder) else { continue }
      let file = folder.appending(path: other)
      guard sha256Hex(of: try PlainFile.read(file, atMost: limit)) == digest else {
        throw StoreError("\(file.path) is not the file that its result was stored with")
      }
    }
    guard result.status == .done else { return result }
    if result.key.isDense {
      guard result.dense != nil, result.files[Self.modelName] != nil,
        Self.holds(Self.modelName, in: folder)
      else { throw StoreError("\(folder.path) lacks the trained network of a cell that is done") }
    } else if result.points.map(\.ratioRequested) != result.key.ratios {
      throw StoreError("\(file.path) lacks ratios of a cell that is done")
    }
    return result
  }

  /// The dense network to start from, as the bytes of its file, each of which is the one that was
  /// trained.
  ///
  /// - Throws: ``StoreError`` when it is not there or not trusted.
  package func start(for key: CellKey) throws(StoreError) -> (result: DenseResult, model: Data) {
    let result = try result(in: key.hash)
    let folder = place(of: key.hash)
    let file = folder.appending(path: Self.modelName)
    guard let dense = result.dense, let digest = result.files[Self.modelName] else {
      throw StoreError("\(folder.path) has no trained network")
    }
    let model = try PlainFile.read(file, atMost: Self.otherFiles[Self.modelName] ?? 0)
    // Again, of the very bytes that are used.
    guard sha256Hex(of: model) == digest else {
      throw StoreError("\(file.path) is not the file that its result was stored with")
    }
    return (dense, model)
  }
}
