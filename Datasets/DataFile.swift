import Foundation

/// A file of the data folder, known by its digest.
struct DataFile {
  /// Relative to the data folder.
  let path: String
  /// Of the file as stored, 64 hexadecimal digits.
  let sha256: String

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
    let found = sha256Hex(of: data)
    guard found == sha256 else {
      throw .wrongDigest(file: url.path, expected: sha256, found: found)
    }
    return data
  }
}
