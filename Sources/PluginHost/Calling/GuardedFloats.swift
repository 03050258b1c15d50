/// An array lent to a strategy to write to, with marks on both sides that show a write outside.
///
/// It finds what lies within 64 values of the array, which is where counts that are off by a unit
/// or a row end; it does not find a write to a wild address. In pages of their own, the values have no
/// marks: there a write outside ends the process.
struct GuardedFloats: ~Copyable {
  private static let mark: UInt32 = 0x7FC5_A5A5
  private static let margin = 64

  private enum Owner {
    case heap
    case lender
    case pages(GuardedPages)
  }

  /// Where the array begins; a real address even when it is empty.
  let start: UnsafeMutablePointer<Float>
  let count: Int
  private let owner: Owner

  /// The bytes before the array, and those of an array with both margins.
  static var marginBytes: Int { margin * MemoryLayout<Float>.stride }
  static func bytes(of count: Int) -> Int { count * MemoryLayout<Float>.stride + 2 * marginBytes }

  init(
    repeating value: Float, count: Int, in surroundings: CallConditions.Surroundings = .marks
  ) {
    self.count = count
    if case .pages(let side) = surroundings, let pages = GuardedPages(count: count, flush: side) {
      start = pages.start
      owner = .pages(pages)
    } else {
      let size = count + 2 * Self.margin
      let memory = UnsafeMutablePointer<Float>.allocate(capacity: size)
      memory.initialize(repeating: Float(bitPattern: Self.mark), count: size)
      start = memory + Self.margin
      owner = .heap
    }
    start.update(repeating: value, count: count)
  }

  /// Marks both sides of values that lie in memory of somebody else's.
  ///
  /// - Parameter base: Of as many bytes as ``bytes(of:)`` says.
  init(in base: UnsafeMutableRawPointer, count: Int) {
    start = base.assumingMemoryBound(to: Float.self) + Self.margin
    self.count = count
    owner = .lender
    for index in 1...Self.margin {
      start[-index] = Float(bitPattern: Self.mark)
      start[count + index - 1] = Float(bitPattern: Self.mark)
    }
  }

  deinit { if case .heap = owner { (start - Self.margin).deallocate() } }

  /// A copy of the array.
  var array: [Float] { Array(UnsafeBufferPointer(start: start, count: count)) }

  /// Whether nothing was written outside.
  var isIntact: Bool {
    if case .pages = owner { return true }
    return (1...Self.margin).allSatisfy {
      start[-$0].bitPattern == Self.mark && start[count + $0 - 1].bitPattern == Self.mark
    }
  }
}
