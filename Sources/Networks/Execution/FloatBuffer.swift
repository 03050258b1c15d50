/// Zeroed single-precision memory on a cache line's boundary, freed with its owner.
///
/// Activations and their gradients live in these; everything that outlives a batch is an array.
final class FloatBuffer {
  let count: Int
  let pointer: UnsafeMutablePointer<Float>

  init(count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    pointer = raw.initializeMemory(as: Float.self, repeating: 0, count: max(count, 1))
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }

  /// Fills the first `count` values with `value`.
  func fill(_ count: Int, with value: Float = 0) {
    precondition(count <= self.count, "\(count) values do not fit in \(self.count)")
    pointer.update(repeating: value, count: count)
  }
}
