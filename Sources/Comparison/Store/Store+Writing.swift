package import Foundation

extension Store {
  /// Makes the folder and keeps others from writing to it; what an earlier run left unfinished is
  /// cleared away.
  ///
  /// - Throws: ``StoreError`` when the folder cannot be made or another comparison holds it.
  package func lock() throws(StoreError) -> StoreLock {
    try makeFolder(directory)
    let lock = try StoreLock(file: directory.appending(path: ".lock"))
    try? FileManager.default.removeItem(at: partials)
    try makeFolder(partials)
    return lock
  }

  /// An empty folder for a cell to be written to, not under its own name.
  package func begin(_ key: CellKey) throws(StoreError) -> URL {
    let folder = partials.appending(path: key.hash, directoryHint: .isDirectory)
    try? FileManager.default.removeItem(at: folder)
    try makeFolder(folder)
    return folder
  }

  /// Adds the key and the result to a cell's files, waits until all are on the disk, and gives the
  /// folder its name.
  ///
  /// - Throws: ``StoreError``; then the cell is not there, rather than there in part.
  package func commit(_ result: CellResult, from folder: URL) throws(StoreError) {
    let key: Data
    let body: Data
    do {
      key = try CanonicalJSON.encode(result.key, pretty: true)
      body = try CanonicalJSON.encode(result, pretty: true)
    } catch {
      throw StoreError("cannot write the result of \(result.key.strategyText): \(error)")
    }
    try DurableFile.write(key, to: folder.appending(path: Self.keyName))
    for name in [Self.metricsName, Self.modelName, Self.standardErrorName] {
      let file = folder.appending(path: name)
      if FileManager.default.fileExists(atPath: file.path) { try DurableFile.synchronize(file) }
    }
    try DurableFile.write(body, to: folder.appending(path: Self.resultName))
    try DurableFile.synchronize(folder)
    let destination = self.folder(of: result.key)
    if FileManager.default.fileExists(atPath: destination.path) {
      // A folder can only be renamed onto an empty one: the old result steps aside first.
      let old = partials.appending(path: "old-\(result.key.hash)", directoryHint: .isDirectory)
      try? FileManager.default.removeItem(at: old)
      try DurableFile.moveFolder(destination, to: old)
      try DurableFile.moveFolder(folder, to: destination)
      try? FileManager.default.removeItem(at: old)
    } else {
      try DurableFile.moveFolder(folder, to: destination)
    }
  }

  private var partials: URL {
    directory.appending(path: ".partial", directoryHint: .isDirectory)
  }

  private func makeFolder(_ url: URL) throws(StoreError) {
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw StoreError("cannot make the folder \(url.path): \(error.localizedDescription)")
    }
  }
}
