import CZlib
package import Foundation

/// Files compressed by gzip (RFC 1952), read through zlib.
package enum Gzip {
  /// The contents of a file of exactly one member.
  ///
  /// - Parameters:
  ///   - compressed: The file's bytes.
  ///   - limit: The most bytes the contents may have, so that a small hostile file cannot fill the
  ///     memory.
  ///   - file: The name an error gives.
  /// - Returns: The uncompressed bytes.
  /// - Throws: ``DatasetError/malformed(file:reason:)`` when the file is truncated, corrupt, larger
  ///   than `limit`, or goes on after its end.
  package static func inflate(
    _ compressed: Data, limit: Int, file: String
  ) throws(DatasetError) -> [UInt8] {
    guard compressed.count <= UInt32.max, limit <= UInt32.max else {
      throw .malformed(file: file, reason: "files of 4 GiB and more are not supported")
    }
    var stream = z_stream()
    let header = MAX_WBITS + 16  // Adding 16 asks for gzip and nothing else.
    guard
      inflateInit2_(&stream, header, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else {
      throw .malformed(file: file, reason: "zlib cannot start: not enough memory")
    }
    defer { inflateEnd(&stream) }

    var status = Z_OK
    let contents = [UInt8](unsafeUninitializedCapacity: limit) { output, count in
      compressed.withUnsafeBytes { input in
        // zlib does not write to its input; the pointer is mutable for historical reasons.
        stream.next_in = UnsafeMutablePointer(
          mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(limit)
        status = CZlib.inflate(&stream, Z_FINISH)
      }
      count = limit - Int(stream.avail_out)
    }
    switch status {
    case Z_STREAM_END where stream.avail_in == 0:
      return contents
    case Z_STREAM_END:
      throw .malformed(file: file, reason: "\(stream.avail_in) bytes follow the compressed data")
    case Z_OK, Z_BUF_ERROR:
      // The trailer keeps at least some input unread while there is still output to write.
      let reason =
        stream.avail_in > 0
        ? "holds more than the \(limit) bytes expected" : "the compressed data is truncated"
      throw .malformed(file: file, reason: reason)
    default:
      let detail = stream.msg.map { String(cString: $0) } ?? "zlib status \(status)"
      throw .malformed(file: file, reason: "the compressed data is corrupt: \(detail)")
    }
  }
}
