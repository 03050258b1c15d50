/// An array of bytes in the IDX format of the MNIST files.
///
/// Two zero bytes, the type (8: unsigned byte), the number of dimensions, each dimension as a
/// big-endian 32-bit integer, then the elements, the last dimension fastest.
package struct IDX: Sendable {
  package let dimensions: [Int]
  /// The file's name, for errors.
  package let file: String
  private let contents: [UInt8]
  private let headerLength: Int

  /// - Parameters:
  ///   - contents: The whole file.
  ///   - rank: The number of dimensions it must have.
  ///   - file: The name an error gives.
  /// - Throws: ``DatasetError/malformed(file:reason:)``.
  package init(_ contents: [UInt8], rank: Int, file: String) throws(DatasetError) {
    func malformed(_ reason: String) -> DatasetError { .malformed(file: file, reason: reason) }

    guard contents.count >= 4 else {
      throw malformed("\(contents.count) bytes are too short for an IDX header")
    }
    guard contents.prefix(3).elementsEqual([0, 0, 8]) else {
      let found = contents.prefix(3).map(String.init).joined(separator: " ")
      throw malformed("an IDX file of bytes starts with 0 0 8, this one with \(found)")
    }
    guard contents[3] == rank else {
      throw malformed("expected \(rank) dimensions, found \(contents[3])")
    }
    let headerLength = 4 + 4 * rank
    guard contents.count >= headerLength else {
      throw malformed("\(contents.count) bytes are too short for \(rank) dimensions")
    }
    let dimensions = (0..<rank).map { dimension in
      contents[(4 + 4 * dimension)..<(8 + 4 * dimension)].reduce(0) { $0 << 8 | Int($1) }
    }
    var expected = 1
    for dimension in dimensions {
      let (product, overflow) = expected.multipliedReportingOverflow(by: dimension)
      guard !overflow else { throw malformed("dimensions \(dimensions) are absurd") }
      expected = product
    }
    let found = contents.count - headerLength
    guard found == expected else {
      throw malformed("dimensions \(dimensions) need \(expected) bytes of data, found \(found)")
    }
    self.dimensions = dimensions
    self.file = file
    self.contents = contents
    self.headerLength = headerLength
  }

  /// The elements, the last dimension fastest.
  package var elements: ArraySlice<UInt8> { contents[headerLength...] }
}
