import CSystem

/// Memory in pages of megabytes where the system has such: a page of 4 KiB costs a fault when it is
/// first touched, and more of them than a processor remembers cost a walk for each that it comes back to.
package enum LargePages {
  /// Bytes from which memory is worth asking for: a large page has twice as many, and neighbours share it.
  private static let leastBytes = 1 << 20

  /// To be called before the memory is first touched; little memory stays as it is.
  package static func use(for memory: UnsafeMutableRawBufferPointer) {
    guard let start = memory.baseAddress, memory.count >= leastBytes else { return }
    system_use_large_pages(start, memory.count)
  }
}

extension [Double] {
  /// Zeros in ``LargePages``.
  package static func zeros(_ count: Int) -> [Double] {
    Array(unsafeUninitializedCapacity: count) { memory, filled in
      LargePages.use(for: UnsafeMutableRawBufferPointer(memory))
      memory.initialize(repeating: 0)
      filled = count
    }
  }

  /// An array of none with room for `capacity` in ``LargePages``.
  package static func room(for capacity: Int) -> [Double] {
    Array(unsafeUninitializedCapacity: capacity) { memory, _ in
      LargePages.use(for: UnsafeMutableRawBufferPointer(memory))
    }
  }
}
