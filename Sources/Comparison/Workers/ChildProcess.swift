import Foundation
import Glibc

/// A child process that is watched from the thread that started it.
///
/// It leads a process group of its own: an interrupt at the terminal does not reach it, and what it
/// starts ends with it. Its standard input is empty, its standard output comes back as lines, its
/// standard error goes to a file.
final class ChildProcess {
  enum Ending: Equatable {
    case exited(Int32)
    case signal(Int32)
  }

  let id: pid_t
  private var output: Int32
  private var unread: [UInt8] = []

  /// - Throws: ``StoreError`` with what the system says.
  init(
    executable: String, arguments: [String], environment: [String: String], standardError: URL
  ) throws(StoreError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .system("open a pipe to", executable, code: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_addopen(
      &actions, STDERR_FILENO, standardError.path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    posix_spawnattr_setflags(&attributes, Int16(flags))
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
    close(ends[1])
    guard code == 0 else {
      close(ends[0])
      throw .system("start", executable, code: code)
    }
    self.id = id
    output = ends[0]
  }

  deinit { if output >= 0 { close(output) } }

  /// Waits up to `milliseconds` for output and returns the whole lines that came.
  func lines(within milliseconds: Int32) -> [String] {
    guard output >= 0 else {
      usleep(UInt32(milliseconds) * 1000)
      return []
    }
    var request = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
    guard poll(&request, 1, milliseconds) > 0 else { return [] }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(output, &buffer, buffer.count)
    guard count > 0 else {
      // The other end is closed; the process may well go on.
      close(output)
      output = -1
      return []
    }
    unread += buffer[..<count]
    var lines: [String] = []
    while let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
      lines.append(String(decoding: unread[..<end], as: UTF8.self))
      unread.removeSubrange(...end)
    }
    // No line of progress is this long.
    if unread.count > 65536 { unread = [] }
    return lines
  }

  /// How it ended, or nil while it runs. Once told, the process is gone: do not ask again.
  func ending() -> Ending? {
    var status: Int32 = 0
    guard waitpid(id, &status, WNOHANG) == id else { return nil }
    let signal = status & 0x7F
    return signal == 0 ? .exited((status >> 8) & 0xFF) : .signal(signal)
  }

  /// Ends it and everything it started, at once.
  func kill() { Glibc.kill(-id, SIGKILL) }
}

/// The name of a signal, such as `SIGSEGV`, with what it means.
func signalName(_ signal: Int32) -> String {
  let names: [Int32: String] = [
    SIGHUP: "SIGHUP", SIGINT: "SIGINT", SIGQUIT: "SIGQUIT", SIGILL: "SIGILL (a trap)",
    SIGTRAP: "SIGTRAP (a trap)", SIGABRT: "SIGABRT (aborted)", SIGBUS: "SIGBUS",
    SIGFPE: "SIGFPE (an arithmetic fault)",
    SIGKILL: "SIGKILL (killed, perhaps by the system for want of memory)",
    SIGSEGV: "SIGSEGV (a bad memory access)", SIGPIPE: "SIGPIPE", SIGTERM: "SIGTERM",
    SIGXCPU: "SIGXCPU (the limit of processor time)", SIGXFSZ: "SIGXFSZ (the limit of file size)",
    SIGSYS: "SIGSYS (a forbidden system call)",
  ]
  return names[signal] ?? "signal \(signal)"
}
