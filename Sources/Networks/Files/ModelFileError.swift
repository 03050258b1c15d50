/// Why a model file cannot be read or written.
package struct ModelFileError: Error, Equatable, CustomStringConvertible {
  package let file: String
  package let reason: String
  package var description: String { "\(file): \(reason)" }
}
