import Datasets
package import Foundation
import Glibc

extension Store {
  /// Makes the folder and keeps others from writing to it; what an earlier run left unfinished is
  /// cleared away.
  ///
  /// - Throws: ``StoreError`` when the folder cannot be made or another comparison holds it.
  package func lock() throws(StoreError) -> StoreLock {
    try makeFolder(directory)
    return try StoreLock.take(directory.appending(path: ".lock")) { () throws(StoreError) in
      try makeFolder(unfinished)
      return try clearUnfinished()
    }
  }

  /// An empty folder for a cell to be written to, not under its own name.
  package func begin(_ key: CellKey) throws(StoreError) -> URL {
    let folder = unfinished.appending(path: key.hash, directoryHint: .isDirectory)
    do {
      if Self.isThere(folder) { try FileManager.default.removeItem(at: folder) }
    } catch {
      throw StoreError("cannot empty the folder \(folder.path): \(error.localizedDescription)")
    }
    try makeFolder(folder)
    return folder
  }

  /// Adds the key and the result to a cell's files, waits until all are on the disk, and gives the
  /// folder its name. At every moment there is the old result or the new one.
  ///
  /// - Parameter standardError: What the worker wrote there.
  /// - Returns: The result with the digests of its files.
  /// - Throws: ``StoreError``; then the new result is not there, rather than there in part.
  @discardableResult
  package func commit(
    _ result: CellResult, standardError: Data = Data(), from folder: URL
  ) throws(StoreError) -> CellResult {
    var result = result
    do {
      // A strategy may have removed it, or put something else in its place, and has a result all the
      // same.
      if !Self.isFolder(folder) { try? FileManager.default.removeItem(at: folder) }
      try makeFolder(folder)
      if !standardError.isEmpty {
        try DurableFile.write(standardError, to: folder.appending(path: Self.standardErrorName))
      }
      try DurableFile.write(
        try CanonicalJSON.encode(result.key, pretty: true),
        to: folder.appending(path: Self.keyName))
      result.files = try digests(in: folder)
      try DurableFile.write(
        try StoredResult.encode(result), to: folder.appending(path: Self.resultName))
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError("cannot write the result of \(result.key.strategyText): \(error)")
    }
    try install(folder, as: self.folder(of: result.key))
    return result
  }

  /// Flushes the files beside the result and returns their digests by name; whatever else stands in
  /// the folder was put there by a strategy, and goes.
  private func digests(in folder: URL) throws(StoreError) -> [String: String] {
    var digests: [String: String] = [:]
    for name in try Self.names(in: folder) {
      let file = folder.appending(path: name)
      guard let limit = Self.otherFiles[name], Self.isPlain(file, atMost: limit) else {
        try? FileManager.default.removeItem(at: file)
        continue
      }
      digests[name] = sha256Hex(of: try PlainFile.read(file, atMost: limit))
      try DurableFile.synchronize(file)
    }
    return digests
  }

  private func install(_ folder: URL, as destination: URL) throws(StoreError) {
    guard Self.isThere(destination) else {
      return try DurableFile.moveFolder(folder, to: destination)
    }
    if try DurableFile.exchangeFolders(folder, destination) {
      try? FileManager.default.removeItem(at: folder)
      return
    }
    // In two steps: until the second one is done, the old result is read where it stepped to.
    let old = aside(destination.lastPathComponent)
    try? FileManager.default.removeItem(at: old)
    try DurableFile.moveFolder(destination, to: old)
    do throws(StoreError) {
      try DurableFile.moveFolder(folder, to: destination)
    } catch {
      if !Self.isThere(destination) { try DurableFile.moveFolder(old, to: destination) }
      throw error
    }
    try? FileManager.default.removeItem(at: old)
  }

  /// Removes what a run left behind, puts an old result back whose successor did not come, and
  /// returns the names of what is not of this program.
  private func clearUnfinished() throws(StoreError) -> [String] {
    var foreign: [String] = []
    for name in try Self.names(in: unfinished).sorted() {
      let item = unfinished.appending(path: name)
      if Self.isHash(name) {
        try? FileManager.default.removeItem(at: item)
      } else if name.hasPrefix(Self.steppedAside),
        Self.isHash(name.dropFirst(Self.steppedAside.count))
      {
        let place = directory.appending(path: name.dropFirst(Self.steppedAside.count))
        if Self.isThere(place) {
          try? FileManager.default.removeItem(at: item)
        } else {
          try DurableFile.moveFolder(item, to: place)
        }
      } else {
        foreign.append(item.path)
      }
    }
    return foreign
  }

  /// Whether a name is one that a cell's folder has.
  static func isHash(_ name: some StringProtocol) -> Bool {
    name.utf8.count == 64 && name.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
  }

  static func names(in folder: URL) throws(StoreError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder.path)
    } catch {
      throw StoreError("cannot read '\(folder.path)': \(error.localizedDescription)")
    }
  }

  static func isThere(_ url: URL) -> Bool {
    var status = stat()
    return lstat(url.path, &status) == 0
  }

  /// Not by way of a link: what is removed from it must be its own.
  private static func isFolder(_ url: URL) -> Bool {
    var status = stat()
    return lstat(url.path, &status) == 0
      && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func isPlain(_ url: URL, atMost limit: Int) -> Bool {
    var status = stat()
    return lstat(url.path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
      && status.st_size <= limit
  }

  private func makeFolder(_ url: URL) throws(StoreError) {
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      let code = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError)?.code
      guard let code else {
        throw StoreError("cannot make the folder \(url.path): \(error.localizedDescription)")
      }
      throw .system("make the folder", url.path, code: Int32(code))
    }
  }
}
