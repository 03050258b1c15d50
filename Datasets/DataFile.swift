import Foundation

/// A file of the data folder, known by its digest.
struct DataFile {
  /// Relative to the data folder.
  let path: String
  /// 64 hexadecimal digits.
  let sha256: String
  /// Whether the digest is that of the contents, for files that others may compress anew, and not
  /// of the file as stored.
  var isOfContents = false

  /// The bytes of the file, which are the ones this code was written for.
  ///
  /// - Throws: ``DatasetError`` when the file cannot be read or has another digest.
  func read(from directory: URL) throws(DatasetError) -> Data {
    let url = directory.appending(path: path)
    let data: Data
    do {
      data = try Data(contentsOf: url)
    } catch {
      throw .unreadable(file: url.path, reason: error.localizedDescription)
    }
    if !isOfContents { try check(data, url) }
    return data
  }

  /// The contents of a file compressed by gzip, of at most `limit` bytes.
  ///
  /// - Throws: ``DatasetError``, as for ``read(from:)`` and of ``Gzip``.
  func inflated(from directory: URL, limit: Int) throws(DatasetError) -> [UInt8] {
    let url = directory.appending(path: path)
    let contents = try Gzip.inflate(read(from: directory), limit: limit, file: url.path)
    if isOfContents { try check(contents, url) }
    return contents
  }

  private func check(_ bytes: some ContiguousBytes, _ url: URL) throws(DatasetError) {
    let found = sha256Hex(of: bytes)
    guard found == sha256 else {
      throw .wrongDigest(file: url.path, expected: sha256, found: found)
    }
  }
}
