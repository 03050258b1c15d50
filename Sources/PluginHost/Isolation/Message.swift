import Glibc
import Synchronization

/// What goes between the judge and a strategy's process.
///
/// The judge calls, and waits for `answer`. Until that comes the strategy may ask, one thing at a time,
/// and waits for `answer`, too. `log`, `doing` and `confined` are answered
/// by nobody.
enum Message: UInt32 {
  // From the judge.
  case load, create, score, propose, beginPeriod, beginStep, endStep, destroy
  // From the strategy.
  case structure, read, inverseHessian, emit, measure, predict, random, loss, retract, fail, log
  // From both.
  case answer
  // Of a test: from the judge, and from its process.
  case check, doing
  // From a strategy's process, before it opens a library.
  case confined
}

/// A line between two processes over a connected stream socket.
///
/// Any thread may send; one at a time receives.
final class MessageLine: Sendable {
  private let socket: Int32
  private let sending = Mutex(())
  /// Bytes of a message. Whoever sends more has lost count: bulk goes through shared memory.
  static let longest = 16 << 20

  /// - Parameter socket: Is closed with the line.
  init(socket: Int32) { self.socket = socket }

  deinit { close(socket) }

  /// Why a line is of no more use.
  enum Broken: Error, Equatable {
    /// The other end was closed.
    case closed
    /// The time is over, be it that a part of a message has come or gone.
    case late
    /// The other end speaks another language: what it sent.
    case foreign(String)
  }

  typealias Deadline = ContinuousClock.Instant

  /// - Parameter deadline: Until when the other end may take it; nil for ever.
  func send(
    _ message: Message, _ payload: [UInt8] = [], by deadline: Deadline? = nil
  ) throws(Broken) {
    var head = WireWriter()
    head.put(message.rawValue)
    head.put(UInt32(payload.count))
    let bytes = head.bytes + payload
    let broken = sending.withLock { _ in write(bytes, by: deadline) }
    if let broken { throw broken }
  }

  /// Waits for the next message.
  ///
  /// - Parameter deadline: Until when all of it has to be there; nil for ever.
  func receive(
    by deadline: Deadline? = nil
  ) throws(Broken) -> (message: Message, payload: WireReader) {
    let head = try read(8, by: deadline)
    let (kind, count) = head.withUnsafeBytes {
      ($0.loadUnaligned(as: UInt32.self), $0.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    }
    guard let message = Message(rawValue: kind) else {
      throw .foreign("what is no message of the interface")
    }
    guard count <= Self.longest else {
      throw .foreign("a message of \(count) bytes; \(Self.longest) are the most")
    }
    return (message, WireReader(try read(Int(count), by: deadline)))
  }

  private func write(_ bytes: [UInt8], by deadline: Deadline?) -> Broken? {
    bytes.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        // A closed end shows as an error, not as a signal.
        let count = Glibc.send(
          socket, bytes.baseAddress?.advanced(by: sent), bytes.count - sent,
          Int32(MSG_NOSIGNAL) | Self.flags(deadline))
        if count < 0, errno == EINTR { continue }
        if count < 0, errno == EAGAIN, let deadline {
          guard wait(for: POLLOUT, by: deadline) else { return .late }
          continue
        }
        guard count > 0 else { return .closed }
        sent += count
      }
      return nil
    }
  }

  private func read(_ count: Int, by deadline: Deadline?) throws(Broken) -> [UInt8] {
    var broken: Broken?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = 0
      while filled < count {
        // One that sends without end, or byte by byte, is late all the same.
        if let deadline, ContinuousClock.now >= deadline {
          broken = .late
          return
        }
        let got = recv(
          socket, buffer.baseAddress?.advanced(by: filled), count - filled, Self.flags(deadline))
        if got < 0, errno == EINTR { continue }
        if got < 0, errno == EAGAIN, let deadline {
          _ = wait(for: POLLIN, by: deadline)
          continue
        }
        guard got > 0 else {
          broken = .closed
          return
        }
        filled += got
      }
    }
    if let broken { throw broken }
    return bytes
  }

  private static func flags(_ deadline: Deadline?) -> Int32 {
    deadline == nil ? 0 : Int32(MSG_DONTWAIT)
  }

  /// Whether the line is ready before the time is over.
  private func wait(for event: Int32, by deadline: Deadline) -> Bool {
    let left = deadline - ContinuousClock.now
    guard left > .zero else { return false }
    var request = pollfd(fd: socket, events: Int16(event), revents: 0)
    let milliseconds = (left / .milliseconds(1)).rounded(.up)
    return poll(&request, 1, Int32(clamping: Int(min(milliseconds, 1e9)))) != 0
  }
}
