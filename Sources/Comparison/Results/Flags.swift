import Foundation

/// A bit for each of a number of things: which test samples were answered wrongly, so that two networks
/// can be compared sample by sample, or which parameters are live.
package struct Flags: Codable, Hashable, Sendable {
  /// How many things there are.
  package let count: Int
  /// Thing i is bit i mod 8 of byte i / 8.
  private let bits: Data

  /// - Parameters:
  ///   - rows: Numbers of the things whose bit is set; those outside are left out.
  ///   - count: How many things there are.
  package init(rows: some Sequence<Int>, of count: Int) {
    var bits = [UInt8](repeating: 0, count: (max(0, count) + 7) / 8)
    for row in rows where (0..<count).contains(row) { bits[row / 8] |= 1 << (row % 8) }
    self.count = max(0, count)
    self.bits = Data(bits)
  }

  package var total: Int { bits.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// The numbers of the things whose bit is set, rising.
  package var rows: [Int] {
    bits.enumerated().filter { $0.element != 0 }.flatMap { byte, bits in
      (0..<8).filter { bits & 1 << $0 != 0 }.map { 8 * byte + $0 }
    }.filter { $0 < count }
  }

  /// Whether a thing's bit is set; false outside.
  package subscript(row: Int) -> Bool {
    guard (0..<count).contains(row) else { return false }
    return bits[bits.startIndex + row / 8] & 1 << (row % 8) != 0
  }

  /// - Throws: `DecodingError` when there are not as many bits as things.
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
