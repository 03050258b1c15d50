/// Why data could not be found, read or made: what was wanted, what was found, what to do.
package enum DatasetError: Error, Equatable, CustomStringConvertible {
  /// No folder of data at any of the places.
  case notFound(places: [String])
  /// Data that are not part of the source tree, and that nobody installed.
  case notInstalled(data: String, package: String, places: [String])
  /// The file cannot be opened or read.
  case unreadable(file: String, reason: String)
  /// The file is not the one whose digest is recorded here.
  case wrongDigest(file: String, expected: String, found: String)
  /// A file of a user is another one than when it was looked at.
  case changed(file: String, expected: String, found: String)
  /// The bytes do not follow the file's format.
  case malformed(file: String, reason: String)
  /// A line of a text file, counted from 1, does not follow the file's format.
  case malformedLine(file: String, line: Int, text: String, reason: String)
  /// Samples that cannot be generated.
  case invalidRequest(task: String, reason: String)

  package var description: String {
    switch self {
    case .notFound(let places):
      "no data found; looked for a folder that holds 'mnist' or 'monks' at "
        + places.joined(separator: ", ")
        + "; set \(DataDirectory.variable) to the Datasets folder of the source tree"
    case .notInstalled(let data, let package, let places):
      "\(data) is not there; looked at \(places.joined(separator: ", ")); "
        + "install it with 'apt-get install \(package)'"
    case .unreadable(let file, let reason):
      "cannot read \(file): \(reason)"
    case .wrongDigest(let file, let expected, let found):
      "\(file) is not the expected file: its SHA-256 is \(found), expected \(expected);"
        + " restore it from the source tree"
    case .changed(let file, let expected, let found):
      "\(file) has changed: its SHA-256 is \(found), and the benchmark was made of \(expected);"
        + " make the benchmark anew"
    case .malformed(let file, let reason):
      "\(file): \(reason)"
    case .malformedLine(let file, let line, let text, let reason):
      "\(file):\(line): \(reason), found \(text.debugDescription)"
    case .invalidRequest(let task, let reason):
      "\(task): \(reason)"
    }
  }
}
