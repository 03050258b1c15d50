/// Zeroed memory on a cache line's boundary, freed with its owner.
///
/// Activations and their gradients live in these; everything that outlives a batch is an array.
final class Buffer<Element: BitwiseCopyable & ExpressibleByIntegerLiteral> {
  let count: Int
  let pointer: UnsafeMutablePointer<Element>

  init(count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Element>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    pointer = raw.initializeMemory(as: Element.self, repeating: 0, count: max(count, 1))
  }

  /// A copy of `values`.
  convenience init(_ values: [Element]) {
    self.init(count: values.count)
    for (index, value) in values.enumerated() { pointer[index] = value }
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }

  /// Fills the first `count` values with `value`.
  func fill(_ count: Int, with value: Element = 0) {
    precondition(count <= self.count, "\(count) values do not fit in \(self.count)")
    pointer.update(repeating: value, count: count)
  }
}

typealias FloatBuffer = Buffer<Float>
