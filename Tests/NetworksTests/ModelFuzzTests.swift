import Foundation
import Networks
import Numerics
import Testing

/// Files of networks changed at random, by the same changes each time: what is read is whole or refused, and nothing traps.
///
/// `make fuzz` makes many more changes; `FUZZ` is their number for each file.
@Suite("Changed files of networks")
struct ModelFuzzTests {
  private static let files: [URL] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Corpus/networks")
    let files = try? FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    return (files ?? []).sorted { $0.path < $1.path }
  }()

  private static let changes =
    ProcessInfo.processInfo.environment["FUZZ"].flatMap { Int($0) } ?? 3000

  @Test("The corpus has files of every form, and all of them are read")
  func everyFormIsThere() throws {
    #expect(Self.files.count >= 6)
    for file in Self.files { #expect(throws: Never.self) { try Self.read(file) } }
  }

  private static func read(_ file: URL) throws -> Network {
    try decode(try Data(contentsOf: file), isONNX: file.pathExtension == "onnx")
  }

  private static func decode(_ data: Data, isONNX: Bool) throws -> Network {
    isONNX
      ? try ONNXFile.decode(data, file: "changed") : try ModelFile.decode(data, file: "changed")
  }

  @Test("No change of a file's bytes traps or takes memory", arguments: files)
  func changed(_ file: URL) throws {
    let data = try Data(contentsOf: file)
    let others = try Self.files.map { try Data(contentsOf: $0) }
    var random = RandomStream(seed: 1, name: "fuzz \(file.lastPathComponent)")
    let before = Self.memory()
    var read = 0
    for _ in 0..<Self.changes {
      var changed = Array(data)
      for _ in 0...random.index(below: 3) { Self.change(&changed, others, &random) }
      guard let network = try? Self.decode(Data(changed), isONNX: file.pathExtension == "onnx")
      else { continue }
      read += 1
      // What is taken for a network can be written, and is the same again.
      let again = try ModelFile.decode(try ModelFile.encode(network), file: "again")
      #expect(again == network)
    }
    #expect(read < Self.changes)
    #expect(Self.memory() - before < 512 << 20, "memory was taken by a size that a file states")
  }

  /// One change: a byte, a piece, a number in digits, an end.
  private static func change(
    _ bytes: inout [UInt8], _ others: [Data], _ random: inout RandomStream
  ) {
    guard !bytes.isEmpty else { return bytes.append(UInt8(random.index(below: 256))) }
    // The beginning has the lengths and the structure.
    let reach = random.index(below: 2) == 0 ? bytes.count : min(bytes.count, 600)
    let place = random.index(below: reach)
    switch random.index(below: 8) {
    case 0: bytes[place] ^= 1 << UInt8(random.index(below: 8))
    case 1: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF, 0x22, 0x5C, 0x7B][random.index(below: 8)]
    case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.index(below: 9)))
    case 3: bytes.insert(contentsOf: [UInt8](repeating: 0xFF, count: 10), at: place)
    case 4:
      let other = others[random.index(below: others.count)]
      guard !other.isEmpty else { return }
      let start = random.index(below: other.count)
      let piece = other[(other.startIndex + start)...].prefix(1 + random.index(below: 64))
      bytes.replaceSubrange(place..<min(bytes.count, place + piece.count), with: piece)
    case 5: bytes.removeSubrange(place...)
    case 6:
      let digits = bytes.indices.filter { UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[$0] }
      guard !digits.isEmpty else { return }
      let numbers = ["9223372036854775807", "18446744073709551616", "-1", "0", "4294967296", "1e9"]
      let digit = digits[random.index(below: digits.count)]
      bytes.replaceSubrange(digit...digit, with: Array(numbers[random.index(below: 6)].utf8))
    default:
      let piece = Array(bytes[place...].prefix(1 + random.index(below: 200)))
      bytes.insert(contentsOf: piece, at: place)
    }
  }

  /// Bytes that this process has held at most.
  private static func memory() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first
    return (kilobytes.flatMap { Int($0) } ?? 0) * 1024
  }
}
