package import Foundation

/// What a shared library's file says of the libraries that it links to: their names, and where the loader
/// is to look for them.
///
/// It is read off the file, so that nobody's code has to run first. Whatever the file says, only bytes
/// that it has are looked at.
package struct NeededLibraries {
  package private(set) var names: [String] = []
  /// Folders to look in before the system's, `$ORIGIN` written out.
  package private(set) var folders: [String] = []

  /// Entries of the dynamic section, as the format numbers them.
  private enum Tag: UInt64 {
    case needed = 1
    case strings = 5
    case path = 15
    case runPath = 29
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
  private static let longestName = 4096

  /// - Parameters:
  ///   - contents: Of a file of this machine's format; of any other there is nothing to say.
  ///   - folder: Where it lies.
  package init(_ contents: Data, in folder: String) {
    contents.withUnsafeBytes { bytes in
      let file = FileBytes(bytes)
      guard bytes.count >= 64, bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2]) else { return }
      let parts = Self.parts(of: file)
      guard let section = parts.first(where: { $0.type == Self.dynamic }) else { return }
      var entries: [(tag: Tag, value: UInt64)] = []
      for index in 0..<min(Self.mostEntries, Int(clamping: section.size / 16)) {
        let place = section.offset &+ UInt64(index) * 16
        guard let number = file.integer(at: place, as: UInt64.self), number != 0,
          let value = file.integer(at: place &+ 8, as: UInt64.self)
        else { break }
        if let tag = Tag(rawValue: number) { entries.append((tag, value)) }
      }
      guard let strings = entries.first(where: { $0.tag == .strings })?.value,
        let start = Self.offset(of: strings, in: parts)
      else { return }
      for (tag, value) in entries where tag != .strings {
        guard let text = file.text(at: start &+ value, longest: Self.longestName) else { continue }
        if tag == .needed {
          names.append(text)
        } else {
          folders += text.split(separator: ":").map {
            String($0).replacing("${ORIGIN}", with: folder).replacing("$ORIGIN", with: folder)
          }
        }
      }
    }
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
  private static func offset(of address: UInt64, in parts: [Part]) -> UInt64? {
    parts.first { part in
      part.type == loaded && address >= part.address && address - part.address < part.size
    }.map { address - $0.address &+ $0.offset }
  }
}

/// A file's bytes, of which one may ask for any.
private struct FileBytes {
  private let bytes: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  func integer<Value: FixedWidthInteger & BitwiseCopyable>(
    at offset: UInt64, as type: Value.Type
  ) -> Value? {
    guard let place = Int(exactly: offset), place <= bytes.count - MemoryLayout<Value>.size else {
      return nil
    }
    return bytes.loadUnaligned(fromByteOffset: place, as: type)
  }

  func text(at offset: UInt64, longest: Int) -> String? {
    guard let place = Int(exactly: offset), place < bytes.count else { return nil }
    let rest = bytes[place..<min(bytes.count, place + longest)]
    guard let end = rest.firstIndex(of: 0), end > place else { return nil }
    return String(decoding: rest[place..<end], as: UTF8.self)
  }
}
