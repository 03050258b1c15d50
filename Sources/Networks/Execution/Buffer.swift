import Numerics

/// Zeroed memory on a cache line's boundary, freed with its owners.
///
/// Activations and their gradients live in these; everything that outlives a batch is an array.
final class Buffer<Element: BitwiseCopyable & ExpressibleByIntegerLiteral> {
  let count: Int
  let pointer: UnsafeMutablePointer<Element>
  private let piece: MemoryPiece

  convenience init(count: Int) {
    self.init(count: count, at: 0, of: MemoryPiece(bytes: Self.bytes(count)))
  }

  /// A copy of `values`.
  convenience init(_ values: [Element]) {
    self.init(count: values.count)
    for (index, value) in values.enumerated() { pointer[index] = value }
  }

  private init(count: Int, at offset: Int, of piece: MemoryPiece) {
    self.count = count
    self.piece = piece
    pointer = (piece.start + offset).initializeMemory(
      as: Element.self, repeating: 0, count: max(count, 1))
  }

  /// Buffers side by side in one piece of memory, whose large pages they share. It is freed when none of
  /// them is left.
  static func sideBySide(_ counts: [Int]) -> [Buffer] {
    let piece = MemoryPiece(bytes: counts.reduce(0) { $0 + bytes($1) })
    var offset = 0
    return counts.map { count in
      defer { offset += bytes(count) }
      return Buffer(count: count, at: offset, of: piece)
    }
  }

  /// What a buffer takes: whole cache lines.
  private static func bytes(_ count: Int) -> Int {
    let bytes = max(count, 1) * MemoryLayout<Element>.stride
    return (bytes + MemoryPiece.alignment - 1) / MemoryPiece.alignment * MemoryPiece.alignment
  }

  /// Fills the first `count` values with `value`.
  func fill(_ count: Int, with value: Element = 0) {
    precondition(count <= self.count, "\(count) values do not fit in \(self.count)")
    pointer.update(repeating: value, count: count)
  }
}

typealias FloatBuffer = Buffer<Float>

/// Memory that one or more buffers own.
private final class MemoryPiece {
  /// A cache line, in bytes.
  static let alignment = 64
  let start: UnsafeMutableRawPointer

  init(bytes: Int) {
    start = .allocate(byteCount: bytes, alignment: Self.alignment)
    LargePages.use(for: UnsafeMutableRawBufferPointer(start: start, count: bytes))
  }

  deinit { start.deallocate() }
}
