import Foundation

/// Which samples of a set were answered wrongly: a bit each, so that two networks can be compared
/// sample by sample.
package struct WrongSamples: Codable, Hashable, Sendable {
  /// How many samples there are.
  package let count: Int
  /// Sample i is bit i mod 8 of byte i / 8; set where it is wrong.
  private let bits: Data

  /// - Parameter rows: Numbers of the wrong samples; those outside of the set are left out.
  package init(rows: some Sequence<Int>, of count: Int) {
    var bits = Data(count: (max(0, count) + 7) / 8)
    for row in rows where (0..<count).contains(row) { bits[row / 8] |= 1 << (row % 8) }
    self.count = max(0, count)
    self.bits = bits
  }

  package var total: Int { bits.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// The numbers of the wrong samples, rising.
  package var rows: [Int] {
    bits.enumerated().filter { $0.element != 0 }.flatMap { byte, bits in
      (0..<8).filter { bits & 1 << $0 != 0 }.map { 8 * byte + $0 }
    }.filter { $0 < count }
  }

  /// Whether a sample is wrong; false outside of the set.
  package subscript(row: Int) -> Bool {
    guard (0..<count).contains(row) else { return false }
    return bits[bits.startIndex + row / 8] & 1 << (row % 8) != 0
  }

  /// - Throws: `DecodingError` when there are not as many bits as samples.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    count = try container.decode(Int.self, forKey: .count)
    bits = try container.decode(Data.self, forKey: .bits)
    guard count >= 0, bits.count == (count + 7) / 8 else {
      throw DecodingError.dataCorruptedError(
        forKey: .bits, in: container, debugDescription: "\(bits.count) bytes for \(count) bits")
    }
  }
}
