package import Foundation

/// The beginning and the end of a text of any length.
package struct BoundedOutput: Sendable {
  private let half: Int
  private var head = Data()
  private var tail = Data()
  private var total = 0

  /// - Parameter half: Bytes that are kept of each end.
  package init(half: Int = 32_768) { self.half = half }

  package mutating func append(_ bytes: some Collection<UInt8>) {
    total += bytes.count
    let first = bytes.prefix(half - head.count)
    head.append(contentsOf: first)
    tail.append(contentsOf: bytes.dropFirst(first.count).suffix(half))
    // Seldom, so that many small pieces cost no more than their bytes.
    if tail.count > 4 * half { tail = Data(tail.suffix(half)) }
  }

  /// The text, with a line in its middle that says how much was left out.
  package var data: Data {
    let end = tail.suffix(half)
    let omitted = total - head.count - end.count
    guard omitted > 0 else { return head + end }
    return head + Data("\n… \(omitted) bytes were left out …\n".utf8) + end
  }

  /// The last lines, at most three and 1,500 bytes of them, in one.
  package var lastWords: String {
    let end = tail.isEmpty ? head.suffix(Self.fewWords) : (head + tail).suffix(Self.fewWords)
    return String(decoding: end, as: UTF8.self).split(whereSeparator: \.isNewline).suffix(3)
      .joined(separator: " / ")
  }

  private static let fewWords = 1500
}
