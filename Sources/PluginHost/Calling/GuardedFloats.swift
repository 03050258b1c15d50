/// An array lent to a strategy to write to, with marks on both sides that show a write outside.
///
/// It finds what lies within 64 values of the array, which is where counts that are off by a unit
/// or a row end; it does not find a write to a wild address.
struct GuardedFloats: ~Copyable {
  private static let mark: UInt32 = 0x7FC5_A5A5
  private static let margin = 64

  private let memory: UnsafeMutablePointer<Float>
  private let isOwner: Bool
  let count: Int

  /// The bytes before the array, and those of an array with both margins.
  static var marginBytes: Int { margin * MemoryLayout<Float>.stride }
  static func bytes(of count: Int) -> Int { count * MemoryLayout<Float>.stride + 2 * marginBytes }

  init(repeating value: Float, count: Int) {
    let size = count + 2 * Self.margin
    memory = .allocate(capacity: size)
    memory.initialize(repeating: Float(bitPattern: Self.mark), count: size)
    self.count = count
    isOwner = true
    start.update(repeating: value, count: count)
  }

  /// Marks both sides of values that lie in memory of somebody else's.
  ///
  /// - Parameter base: Of as many bytes as ``bytes(of:)`` says.
  init(in base: UnsafeMutableRawPointer, count: Int) {
    memory = base.assumingMemoryBound(to: Float.self)
    self.count = count
    isOwner = false
    for index in 0..<Self.margin {
      memory[index] = Float(bitPattern: Self.mark)
      start[count + index] = Float(bitPattern: Self.mark)
    }
  }

  deinit { if isOwner { memory.deallocate() } }

  /// Where the array begins; a real address even when it is empty.
  var start: UnsafeMutablePointer<Float> { memory + Self.margin }

  /// A copy of the array.
  var array: [Float] { Array(UnsafeBufferPointer(start: start, count: count)) }

  /// Whether nothing was written outside.
  var isIntact: Bool {
    (0..<Self.margin).allSatisfy {
      memory[$0].bitPattern == Self.mark && start[count + $0].bitPattern == Self.mark
    }
  }
}
