import Glibc

/// Numbers in pages of their own, with pages on both sides that nobody may touch: who reads or writes
/// there ends at once.
///
/// The numbers lie at the end of their pages, or at the beginning, so that one of the two sides is
/// watched from the first byte on.
final class GuardedPages {
  /// At which side the pages that nobody may touch begin without a gap.
  enum Side { case before, after }

  let start: UnsafeMutablePointer<Float>
  let count: Int
  private let memory: UnsafeMutableRawPointer
  private let bytes: Int
  private let page: Int

  /// - Returns: Nil where the system has no memory for them.
  init?(count: Int, flush side: Side) {
    let page = sysconf(Int32(_SC_PAGESIZE))
    let size = count * MemoryLayout<Float>.stride
    let inside = max(1, (size + page - 1) / page) * page
    let bytes = inside + 2 * page
    let flags = MAP_PRIVATE | MAP_ANONYMOUS
    guard let memory = mmap(nil, bytes, PROT_NONE, flags, -1, 0), memory != MAP_FAILED else {
      return nil
    }
    guard mprotect(memory + page, inside, PROT_READ | PROT_WRITE) == 0 else {
      munmap(memory, bytes)
      return nil
    }
    self.memory = memory
    self.bytes = bytes
    self.page = page
    self.count = count
    let offset = side == .after ? page + inside - size : page
    start = (memory + offset).bindMemory(to: Float.self, capacity: max(1, count))
  }

  /// The addresses are never given out again: who comes back to them later ends, too.
  deinit {
    mprotect(memory, bytes, PROT_NONE)
    madvise(memory, bytes, MADV_DONTNEED)
  }

  /// From now on nobody writes to them.
  func protect() { mprotect(memory + page, bytes - 2 * page, PROT_READ) }
}
