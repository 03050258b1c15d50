import Datasets
import Foundation
import Testing

/// "hello hello hello hello\n" as gzip writes it: header, one deflated block, CRC, length.
private let hello = Data([
  0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x57,
  0xC8, 0x40, 0x27, 0xB9, 0x00, 0x00, 0x88, 0x59, 0x0B, 0x18, 0x00, 0x00, 0x00,
])

@Suite("Gzip")
struct GzipTests {
  private func inflate(_ data: Data, limit: Int = 1000) throws(DatasetError) -> [UInt8] {
    try Gzip.inflate(data, limit: limit, file: "a.gz")
  }

  private func complaint(_ data: Data, limit: Int = 1000) -> String? {
    do {
      _ = try inflate(data, limit: limit)
      return nil
    } catch {
      return error.description
    }
  }

  @Test("gives the contents, also when they fill the limit exactly")
  func contents() throws {
    let expected = Array("hello hello hello hello\n".utf8)
    #expect(try inflate(hello) == expected)
    #expect(try inflate(hello, limit: expected.count) == expected)
  }

  @Test("refuses contents over the limit")
  func limit() throws {
    let text = try #require(complaint(hello, limit: 23))
    #expect(text == "a.gz: holds more than the 23 bytes expected")
    #expect(complaint(hello, limit: 0) == "a.gz: holds more than the 0 bytes expected")
  }

  @Test("refuses a file cut anywhere")
  func truncated() throws {
    for length in 0..<hello.count {
      let text = try #require(complaint(hello.prefix(length)), "cut to \(length) bytes")
      #expect(text == "a.gz: the compressed data is truncated", "cut to \(length) bytes")
    }
  }

  @Test("refuses a wrong header, body, checksum and length", arguments: [0, 14, 22, 26])
  func corrupt(position: Int) throws {
    var data = hello
    data[position] ^= 0xFF
    let text = try #require(complaint(data))
    #expect(text.hasPrefix("a.gz: the compressed data is corrupt: "))
  }

  @Test("refuses bytes after the end, and a second member")
  func trailing() {
    #expect(complaint(hello + [0]) == "a.gz: 1 bytes follow the compressed data")
    #expect(complaint(hello + hello) == "a.gz: \(hello.count) bytes follow the compressed data")
  }
}
