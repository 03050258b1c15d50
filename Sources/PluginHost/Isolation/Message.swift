import Glibc
import Synchronization

/// What goes between the judge and a strategy's process.
///
/// The judge calls, and waits for `answer`. Until that comes the strategy may ask, one thing at a time,
/// and waits for `answer`, too. `log` is answered by nobody.
enum Message: UInt32 {
  // From the judge.
  case load, create, score, propose, beginPeriod, beginStep, endStep, destroy
  // From the strategy.
  case structure, read, inverseHessian, emit, measure, predict, random, loss, retract, fail, log
  // From both.
  case answer
}

/// A line between two processes over a connected stream socket.
///
/// Any thread may send; one at a time receives.
final class MessageLine: Sendable {
  private let socket: Int32
  private let sending = Mutex(())
  /// Whoever sends more has lost count: bulk goes through shared memory.
  private static let longest = 64 << 20

  /// - Parameter socket: Is closed with the line.
  init(socket: Int32) { self.socket = socket }

  deinit { close(socket) }

  /// The other end was closed, or speaks another language.
  struct Broken: Error {}

  func send(_ message: Message, _ payload: [UInt8] = []) throws(Broken) {
    var head = WireWriter()
    head.put(message.rawValue)
    head.put(UInt32(payload.count))
    let bytes = head.bytes + payload
    let isSent = sending.withLock { _ in write(bytes) }
    guard isSent else { throw Broken() }
  }

  /// Waits for the next message.
  ///
  /// - Parameter milliseconds: How long; nil for ever.
  /// - Returns: Nil when the time is over.
  func receive(
    within milliseconds: Int? = nil
  ) throws(Broken) -> (message: Message, payload: WireReader)? {
    if let milliseconds {
      var request = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
      if poll(&request, 1, Int32(clamping: milliseconds)) == 0 { return nil }
    }
    let head = try read(8)
    let (kind, count) = head.withUnsafeBytes {
      ($0.loadUnaligned(as: UInt32.self), $0.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    }
    guard let message = Message(rawValue: kind), count <= Self.longest else { throw Broken() }
    return (message, WireReader(try read(Int(count))))
  }

  private func write(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        // A closed end shows as an error, not as a signal.
        let count = Glibc.send(
          socket, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        sent += count
      }
      return true
    }
  }

  private func read(_ count: Int) throws(Broken) -> [UInt8] {
    var isWhole = true
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = 0
      while filled < count {
        let got = Glibc.read(socket, buffer.baseAddress?.advanced(by: filled), count - filled)
        if got < 0, errno == EINTR { continue }
        guard got > 0 else {
          isWhole = false
          return
        }
        filled += got
      }
    }
    guard isWhole else { throw Broken() }
    return bytes
  }
}
