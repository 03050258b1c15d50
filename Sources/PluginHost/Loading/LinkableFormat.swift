import Foundation

/// What of a shared library's format has to hold before the system may be asked to load it.
///
/// The system maps the parts that the file's headers name without a look at its length: of a file
/// that was cut short it would touch pages that are not there, which ends the process.
enum LinkableFormat {
  /// The bytes that a 64-bit ELF file must have for what its headers name; nil when it is no such
  /// file, or so short that not even the headers are there. The system then says what it is.
  static func neededBytes(_ contents: Data) -> Int? {
    contents.withUnsafeBytes { bytes in
      guard bytes.count >= 64, bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2]) else { return nil }
      let table = integer(bytes, at: 32, as: UInt64.self)
      let entrySize = UInt64(integer(bytes, at: 54, as: UInt16.self))
      let count = UInt64(integer(bytes, at: 56, as: UInt16.self))
      let end = table.addingReportingOverflow(entrySize * count)
      guard entrySize >= 56, !end.overflow, end.partialValue <= bytes.count else { return .max }
      var needed = Int(end.partialValue)
      for index in 0..<Int(count) {
        let header = Int(table) + index * Int(entrySize)
        let part = integer(bytes, at: header + 8, as: UInt64.self)
          .addingReportingOverflow(integer(bytes, at: header + 32, as: UInt64.self))
        needed = max(needed, part.overflow ? .max : Int(clamping: part.partialValue))
      }
      return needed
    }
  }

  /// An integer in the file's order of bytes, which a library for this machine shares with it.
  private static func integer<Value: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, at offset: Int, as type: Value.Type
  ) -> Value {
    bytes.loadUnaligned(fromByteOffset: offset, as: type)
  }
}
