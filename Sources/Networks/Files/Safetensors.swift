package import Foundation

/// Named tensors in one file, as the safetensors format has them: 8 bytes with the length of the header
/// (little-endian), the header as JSON padded with spaces to a multiple of 8, then the tensors' values one
/// behind the other.
///
/// A file that is read is hostile: nothing is reserved by a number that it states before that number is held
/// against the bytes that are there.
package struct Safetensors {
  /// One tensor of a file.
  package struct Tensor: Hashable, Sendable {
    /// The type of its values as the format names it: `F32`, `U8` and so on.
    package var type: String
    package var extents: [Int]
    /// Where its bytes are, counted from the end of the header.
    package var range: Range<Int>
  }

  /// What a file says of itself beside the tensors.
  package let metadata: [String: String]
  package let tensors: [String: Tensor]
  private let file: String
  private let values: Data

  /// A header is a few kilobytes; nothing above this is one.
  static let longestHeader = 16 << 20

  /// Bytes of a value, by type.
  static let sizes = [
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E5M2": 1, "I16": 2, "U16": 2, "F16": 2,
    "BF16": 2, "I32": 4, "U32": 4, "F32": 4, "I64": 8, "U64": 8, "F64": 8,
  ]

  /// Reads the header of a file and holds it against the bytes that follow.
  ///
  /// - Parameters:
  ///   - data: The bytes of the file.
  ///   - file: The name an error gives.
  /// - Throws: ``ModelFileError``.
  package init(_ data: Data, file: String) throws(ModelFileError) {
    func refuse(_ reason: String) -> ModelFileError { ModelFileError(file: file, reason: reason) }

    let data = Data(data)
    guard data.count >= 8 else { throw refuse("\(data.count) bytes are too short for a header") }
    let stated = data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard stated <= Self.longestHeader, stated <= data.count - 8 else {
      throw refuse("its header of \(stated) bytes does not lie in a file of \(data.count)")
    }
    let body = 8 + Int(stated)
    let header: SafetensorsHeader
    do {
      header = try SafetensorsHeader(Array(data[8..<body]))
    } catch { throw refuse("its header is not that of a safetensors file: \(error.reason)") }
    values = data[body...]
    self.file = file
    (metadata, tensors) = (header.metadata, header.tensors)
    if let reason = Self.problem(of: tensors, in: values.count) { throw refuse(reason) }
  }

  /// What is wrong with where the tensors lie; nil where they fill the file, each with a place of its own.
  private static func problem(of tensors: [String: Tensor], in count: Int) -> String? {
    var end = 0
    let inOrder = tensors.sorted {
      ($0.value.range.lowerBound, $0.value.range.upperBound, $0.key)
        < ($1.value.range.lowerBound, $1.value.range.upperBound, $1.key)
    }
    for (name, tensor) in inOrder {
      guard let size = sizes[tensor.type] else {
        return "its tensor '\(name)' is of the unknown type '\(tensor.type)'"
      }
      var bytes = size
      for extent in tensor.extents {
        let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
        guard !overflow else { return "its tensor '\(name)' is larger than any memory" }
        bytes = product
      }
      guard bytes == tensor.range.count else {
        return
          "its tensor '\(name)' of \(tensor.extents) has \(tensor.range.count) bytes, not \(bytes)"
      }
      guard tensor.range.lowerBound == end else {
        return tensor.range.lowerBound < end
          ? "its tensor '\(name)' overlaps another one"
          : "there is a hole before its tensor '\(name)'"
      }
      end = tensor.range.upperBound
    }
    guard end <= count else { return "\(end - count) bytes of its data are missing" }
    return end == count ? nil : "\(count - end) bytes follow its data"
  }

  /// The values of a tensor of single-precision numbers.
  ///
  /// - Throws: ``ModelFileError`` where there is no such tensor, it is of other extents or type, or a value is
  ///   not a finite number.
  package func floats(_ name: String, _ extents: [Int]) throws(ModelFileError) -> [Float] {
    let bytes = try bytes(name, "F32", extents)
    let count = bytes.count / 4
    let floats = bytes.withUnsafeBytes { bytes in
      (0..<count).map {
        Float(
          bitPattern: UInt32(
            littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
      }
    }
    guard floats.allSatisfy(\.isFinite) else {
      throw refuse("its tensor '\(name)' holds a value that is not a finite number")
    }
    return floats
  }

  /// The values of a tensor of 0 and 1.
  ///
  /// - Throws: ``ModelFileError``, as for ``floats(_:_:)``.
  package func flags(_ name: String, _ extents: [Int]) throws(ModelFileError) -> [Bool] {
    let bytes = try bytes(name, "U8", extents)
    guard bytes.allSatisfy({ $0 <= 1 }) else {
      throw refuse("its tensor '\(name)' holds a value that is neither 0 nor 1")
    }
    return bytes.map { $0 == 1 }
  }

  private func bytes(
    _ name: String, _ type: String, _ extents: [Int]
  ) throws(ModelFileError) -> Data {
    guard let tensor = tensors[name] else { throw refuse("its tensor '\(name)' is missing") }
    guard tensor.type == type else {
      throw refuse("its tensor '\(name)' is of \(tensor.type), and \(type) is read")
    }
    guard tensor.extents == extents else {
      throw refuse("its tensor '\(name)' is of \(tensor.extents), and \(extents) is wanted")
    }
    let start = values.startIndex + tensor.range.lowerBound
    return values[start..<start + tensor.range.count]
  }

  private func refuse(_ reason: String) -> ModelFileError {
    ModelFileError(file: file, reason: reason)
  }
}
