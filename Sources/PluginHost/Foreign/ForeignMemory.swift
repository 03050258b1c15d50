import CForeign
import Glibc

/// Values of a signal in memory that cannot be written to: a function that does so ends its process.
final class ReadOnlyValues {
  private let memory: UnsafeMutableRawPointer
  private let bytes: Int

  var start: UnsafeRawPointer { UnsafeRawPointer(memory) }

  /// - Parameter count: At least 1.
  /// - Returns: Nil where the system has no memory for it.
  init?(_ values: UnsafePointer<Float>, count: Int, as type: ForeignType) {
    bytes = count * type.size
    let flags = MAP_PRIVATE | MAP_ANONYMOUS
    guard let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, flags, -1, 0),
      memory != MAP_FAILED
    else { return nil }
    self.memory = memory
    foreign_convert(values, UInt64(count), type.number, memory)
    guard mprotect(memory, bytes, PROT_READ) == 0 else { return nil }
  }

  deinit { munmap(memory, bytes) }
}
