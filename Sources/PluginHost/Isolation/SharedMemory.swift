import CSystem
import Glibc
import Synchronization

/// Memory that two processes see, of which one writes and gives out pieces, call by call.
///
/// It is as large as anything could need; the machine gives it pages as they are used.
final class SharedMemory: @unchecked Sendable {
  /// A place within it, as it is told to the other side.
  struct Piece: BitwiseCopyable {
    var offset: UInt64
    var bytes: UInt64
  }

  let descriptor: Int32
  let start: UnsafeMutableRawPointer
  private let capacity: Int
  private var used = 0
  private var placed: [UnsafeRawPointer: Piece] = [:]
  private let most = Atomic(0)
  /// More than any network's signals in one call; of addresses alone.
  private static let largest = 1 << 38
  private static let alignment = 64

  /// Maps memory that another process made.
  init?(descriptor: Int32, isWritable: Bool) {
    let protection = isWritable ? PROT_READ | PROT_WRITE : PROT_READ
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size > Self.alignment,
      let start = mmap(
        nil, Int(status.st_size), protection, MAP_SHARED | Int32(MAP_NORESERVE), descriptor, 0),
      start != MAP_FAILED
    else { return nil }
    self.descriptor = descriptor
    self.start = start
    capacity = Int(status.st_size)
  }

  /// Makes memory that nobody can make smaller, under the feet of the other side.
  ///
  /// - Parameter isGiven: Whether this process alone may write to it, from now on.
  static func make(named name: String, isGiven: Bool) -> SharedMemory? {
    // Where files may not be as large, memory may not either.
    var limit = rlimit()
    let isLimited =
      getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0
      && limit.rlim_cur < rlim_t(largest)
    let descriptor = system_shared_memory(name, isLimited ? Int64(limit.rlim_cur) : Int64(largest))
    guard descriptor >= 0 else { return nil }
    guard let memory = SharedMemory(descriptor: descriptor, isWritable: true) else {
      close(descriptor)
      return nil
    }
    return system_seal(descriptor, isGiven ? 1 : 0) == 0 ? memory : nil
  }

  /// Bytes that the machine gave pages for, to whichever side.
  var stored: Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_blocks) * 512 : 0
  }

  /// The most that this side ever had pieces of; from any thread.
  var mostUsed: Int { most.load(ordering: .relaxed) }

  deinit {
    munmap(start, capacity)
    close(descriptor)
  }

  /// A descriptor of the same memory through which nobody can write.
  func readOnlyDescriptor() -> Int32 {
    open("/proc/self/fd/\(descriptor)", O_RDONLY | O_CLOEXEC)
  }

  /// Where the next piece of so many bytes will be, which is not taken yet; nil where there is no such room.
  func room(for bytes: Int) -> UnsafeMutableRawPointer? {
    let (end, overflow) = used.addingReportingOverflow(bytes)
    return bytes >= 0 && !overflow && end <= capacity - Self.alignment ? start + used : nil
  }

  /// Room for so many bytes; nil where there is no such room.
  func allocate(_ bytes: Int) -> (piece: Piece, address: UnsafeMutableRawPointer)? {
    guard let address = room(for: bytes) else { return nil }
    let piece = Piece(offset: UInt64(used), bytes: UInt64(bytes))
    used = (used + bytes + Self.alignment - 1) / Self.alignment * Self.alignment
    _ = most.max(used, ordering: .relaxed)
    return (piece, address)
  }

  /// Its first bytes, which are there for whoever works in them call after call; nil where it has not as
  /// many.
  func start(ofBytes bytes: Int) -> UnsafeMutableRawPointer? { bytes <= capacity ? start : nil }

  /// A copy of values in it.
  func place<Value: BitwiseCopyable>(_ values: UnsafeBufferPointer<Value>) -> Piece? {
    guard let (piece, address) = allocate(values.count * MemoryLayout<Value>.stride) else {
      return nil
    }
    if let source = values.baseAddress {
      address.copyMemory(
        from: source, byteCount: values.count * MemoryLayout<Value>.stride)
    }
    return piece
  }

  /// A copy of values that stay as they are until all pieces are taken back, and where they are: one, however
  /// often it is asked for.
  func placeOnce<Value: BitwiseCopyable>(_ values: UnsafeBufferPointer<Value>) -> Piece? {
    let source = UnsafeRawPointer(values.baseAddress)
    if let source, let piece = placed[source] { return piece }
    let piece = place(values)
    if let source { placed[source] = piece }
    return piece
  }

  /// The values of a piece that the other side named; nil where it is none.
  func values<Value: BitwiseCopyable>(
    _ piece: Piece, of type: Value.Type
  ) -> UnsafeBufferPointer<Value>? {
    let stride = UInt64(MemoryLayout<Value>.stride)
    let (end, overflow) = piece.offset.addingReportingOverflow(piece.bytes)
    guard !overflow, end <= UInt64(capacity), piece.bytes.isMultiple(of: stride),
      piece.offset.isMultiple(of: UInt64(MemoryLayout<Value>.alignment))
    else { return nil }
    return UnsafeBufferPointer(
      start: (start + Int(piece.offset)).assumingMemoryBound(to: Value.self),
      count: Int(piece.bytes / stride))
  }

  /// Takes all pieces back.
  ///
  /// - Parameter clearing: Whether whoever kept one reads nonsense rather than a plausible old value.
  func reset(clearing: Bool = true) {
    if clearing { start.initializeMemory(as: UInt8.self, repeating: 0xFF, count: used) }
    used = 0
    placed = [:]
  }
}
