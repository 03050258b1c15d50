import Glibc

/// What a process prints: as much as anybody would read is kept, and the rest is let go.
///
/// Nobody waits for its reader: a process that prints much gets an error, and goes on.
final class PrintedOutput {
  /// Where the process prints; -1 where the system has no pipe.
  let descriptor: Int32
  private let reader: Int32
  private var bytes: [UInt8] = []
  private static let most = 4096

  init() {
    var ends: [Int32] = [-1, -1]
    _ = pipe(&ends)
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    (reader, descriptor) = (ends[0], ends[1])
  }

  deinit {
    close(reader)
    close(descriptor)
  }

  /// The beginning of it, for a message.
  var beginning: String {
    let text = text
    return text.count > 300 ? "\(text.prefix(300))…" : text
  }

  /// What was kept of it.
  var text: String {
    gather()
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Takes what is there.
  func gather() {
    var part = [UInt8](repeating: 0, count: Self.most)
    // Somebody who prints without end is left to it.
    for _ in 0..<16 {
      let count = read(reader, &part, part.count)
      guard count > 0 else { return }
      bytes += part.prefix(min(count, Self.most - bytes.count))
    }
  }
}
