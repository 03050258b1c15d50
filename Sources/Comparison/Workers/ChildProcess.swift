import CSystem
import Foundation
import Glibc

/// A child process that is watched from the thread that started it.
///
/// It leads a process group of its own: an interrupt at the terminal does not reach it, and what it
/// starts ends with it. Its standard input is empty, its standard output comes back as lines, and of
/// its standard error the beginning and the end are kept.
final class ChildProcess {
  enum Ending: Equatable {
    case exited(Int32)
    case signal(Int32)
    /// It is gone, and the system does not tell how.
    case unknown
  }

  let id: pid_t
  private(set) var standardError = BoundedOutput()
  private var output: Int32
  private var errors: Int32
  private var unread: [UInt8] = []
  /// No message is longer: a result is told in one line.
  private static let longestLine = Store.longestResult

  /// - Throws: ``StoreError`` with what the system says.
  init(
    executable: String, arguments: [String], environment: [String: String]
  ) throws(StoreError) {
    let (output, outputEnd) = try Self.pipe(to: executable)
    let (errors, errorsEnd): (Int32, Int32)
    do throws(StoreError) {
      (errors, errorsEnd) = try Self.pipe(to: executable)
    } catch {
      close(output)
      close(outputEnd)
      throw error
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, outputEnd, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errorsEnd, STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    system_begin_plainly(&attributes, POSIX_SPAWN_SETPGROUP)
    posix_spawnattr_setpgroup(&attributes, 0)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }

    var words: [UnsafeMutablePointer<CChar>?] = ([executable] + arguments).map { strdup($0) }
    var variables: [UnsafeMutablePointer<CChar>?] =
      environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") }
    words.append(nil)
    variables.append(nil)
    defer { for pointer in words + variables { free(pointer) } }
    var id: pid_t = 0
    let code = posix_spawn(&id, executable, &actions, &attributes, words, variables)
    close(outputEnd)
    close(errorsEnd)
    guard code == 0 else {
      close(output)
      close(errors)
      throw .system("start", executable, code: code)
    }
    self.id = id
    self.output = output
    self.errors = errors
  }

  deinit { for end in [output, errors] where end >= 0 { close(end) } }

  /// A pipe of which the end to read does not wait.
  private static func pipe(to name: String) throws(StoreError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { throw .system("open a pipe to", name, code: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    return (ends[0], ends[1])
  }

  /// Waits up to `milliseconds` for output and returns the whole lines that came.
  func lines(within milliseconds: Int32) -> [String] {
    var requests = [output, errors].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    // Ends that are closed are negative, and poll leaves them out.
    guard poll(&requests, nfds_t(requests.count), milliseconds) > 0 else { return [] }
    Self.drain(&errors) { standardError.append($0) }
    Self.drain(&output) { unread += $0 }
    var lines: [String] = []
    while let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
      lines.append(String(decoding: unread[..<end], as: UTF8.self))
      unread.removeSubrange(...end)
    }
    if unread.count > Self.longestLine { unread = [] }
    return lines
  }

  /// Reads what there is, but no more than a pipe holds several times over: a process that writes
  /// without end does not keep the watcher from looking at it.
  private static func drain(_ end: inout Int32, _ take: (ArraySlice<UInt8>) -> Void) {
    guard end >= 0 else { return }
    var buffer = [UInt8](repeating: 0, count: 65536)
    for _ in 0..<8 {
      let count = read(end, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { return }
      guard count > 0 else {
        // The other end is closed; the process may well go on.
        close(end)
        end = -1
        return
      }
      take(buffer[..<count])
    }
  }

  /// How it ended, or nil while it runs. Once told, the process and its group are gone: do not ask
  /// again.
  func ending() -> Ending? {
    var status: Int32 = 0
    switch system_reap(id, &status) {
    case 0: return nil
    case 1:
      let signal = status & 0x7F
      return signal == 0 ? .exited((status >> 8) & 0xFF) : .signal(signal)
    default: return errno == EINTR ? nil : .unknown
    }
  }

  /// Ends it and everything in its group, at once.
  func kill() { Glibc.kill(-id, SIGKILL) }
}
