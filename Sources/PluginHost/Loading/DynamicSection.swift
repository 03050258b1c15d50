/// What a shared library's file tells the loader: where its tables lie, by the numbers that the format gives
/// them.
///
/// It is read off the file, so that nobody's code has to run first. Whatever the file says, only bytes
/// that it has are looked at.
struct DynamicSection {
  /// An entry of the section, as the format numbers them.
  enum Tag: UInt64 {
    case needed = 1
    case hashes = 4
    case strings = 5
    case symbols = 6
    case path = 15
    case runPath = 29
    case fastHashes = 0x6FFF_FEF5
  }

  /// A part of the file and where it comes to lie in memory.
  private struct Part {
    let type: UInt32
    let offset: UInt64
    let address: UInt64
    let size: UInt64
  }

  private static let loaded: UInt32 = 1
  private static let dynamic: UInt32 = 2
  /// Of a section that has more, the rest is left out.
  private static let mostEntries = 4096
  private static let longestText = 4096

  let file: FileBytes
  /// In the file's order, those of other numbers left out.
  private(set) var entries: [(tag: Tag, value: UInt64)] = []
  private let parts: [Part]

  /// Nil for what is no file of this machine's format, or has no such section.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= 64, bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2]) else { return nil }
    file = FileBytes(bytes)
    parts = Self.parts(of: file)
    guard let section = parts.first(where: { $0.type == Self.dynamic }) else { return nil }
    for index in 0..<min(Self.mostEntries, Int(clamping: section.size / 16)) {
      let place = section.offset &+ UInt64(index) * 16
      guard let number = file.integer(at: place, as: UInt64.self), number != 0,
        let value = file.integer(at: place &+ 8, as: UInt64.self)
      else { break }
      if let tag = Tag(rawValue: number) { entries.append((tag, value)) }
    }
  }

  /// Where in the file the table of this number begins.
  func table(_ tag: Tag) -> UInt64? {
    entries.first { $0.tag == tag }.flatMap { offset(of: $0.value) }
  }

  /// A text of the table of strings that begins at `strings` in the file.
  func text(_ index: UInt64, in strings: UInt64) -> String? {
    file.text(at: strings &+ index, longest: Self.longestText)
  }

  private static func parts(of file: FileBytes) -> [Part] {
    guard let table = file.integer(at: 32, as: UInt64.self),
      let size = file.integer(at: 54, as: UInt16.self),
      let count = file.integer(at: 56, as: UInt16.self)
    else { return [] }
    return (0..<UInt64(count)).compactMap { index in
      let place = table &+ index * UInt64(size)
      guard let type = file.integer(at: place, as: UInt32.self),
        let offset = file.integer(at: place &+ 8, as: UInt64.self),
        let address = file.integer(at: place &+ 16, as: UInt64.self),
        let bytes = file.integer(at: place &+ 32, as: UInt64.self)
      else { return nil }
      return Part(type: type, offset: offset, address: address, size: bytes)
    }
  }

  /// Where in the file something lies that has an address in memory.
  private func offset(of address: UInt64) -> UInt64? {
    parts.first { part in
      part.type == Self.loaded && address >= part.address && address - part.address < part.size
    }.map { address - $0.address &+ $0.offset }
  }
}
