import CSystem
import Glibc

/// How strategies' processes are started.
package struct Isolation: Sendable {
  /// Which strategies have processes of their own.
  package enum Scope: String, CaseIterable, Codable, Sendable { case none, plugins, all }

  /// The program that is one when its first word is ``Isolation/subcommand``.
  let program: String
  /// Whether the strategies that are linked in have processes, too.
  let includesBuiltIns: Bool
  /// Whether processes are confined; not for who looks into one with a debugger.
  let isConfined: Bool
  /// The time that a strategy may take by itself, what the host does for it left out; nil for any.
  let seconds: Double?

  /// The subcommand that is a strategy's process; hidden from users.
  package static let subcommand = "strategy"

  /// - Parameter program: This very program unless given.
  package init(
    program: String = "/proc/self/exe", includesBuiltIns: Bool = false,
    isConfined: Bool = true, seconds: Double? = nil
  ) {
    self.isConfined = isConfined
    self.program = program
    self.includesBuiltIns = includesBuiltIns
    self.seconds = seconds
  }

  /// - Returns: Nil where no strategy has a process.
  package init?(_ scope: Scope, isConfined: Bool = true, seconds: Double? = nil) {
    guard scope != .none else { return nil }
    self.init(includesBuiltIns: scope == .all, isConfined: isConfined, seconds: seconds)
  }
}

/// A process that a library was loaded in, as the judge sees it.
final class StrategyProcess {
  let line: MessageLine
  /// Written here, read there.
  let given: SharedMemory
  /// Written there, read here.
  let taken: SharedMemory
  private let id: pid_t
  private var end: String?

  /// Where the process finds its ends.
  enum Descriptor {
    static let line: Int32 = 3
    static let given: Int32 = 4
    static let taken: Int32 = 5
  }

  /// - Throws: ``StrategyFailure`` when the system has no process or memory for it.
  init(_ isolation: Isolation) throws(StrategyFailure) {
    guard let given = SharedMemory.make(named: "given", isGiven: true),
      let taken = SharedMemory.make(named: "taken", isGiven: false)
    else { throw Self.failure("share memory with it") }
    let readable = given.readOnlyDescriptor()
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard readable >= 0, socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
      throw Self.failure("open a line to it")
    }
    defer {
      close(readable)
      close(ends[1])
    }
    line = MessageLine(socket: ends[0])
    self.given = given
    self.taken = taken
    let id = Self.spawn(
      isolation.program,
      [
        (ends[1], Descriptor.line), (readable, Descriptor.given),
        (taken.descriptor, Descriptor.taken),
      ]
    )
    guard let id else { throw Self.failure("start it") }
    self.id = id
  }

  deinit { if end == nil { stop() } }

  private static func failure(_ what: String) -> StrategyFailure {
    StrategyFailure(
      .stopped, "its process: the system could not \(what) (\(String(cString: strerror(errno))))")
  }

  /// What it prints goes where this process's errors go.
  private static func spawn(_ program: String, _ descriptors: [(from: Int32, to: Int32)]) -> pid_t?
  {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    if takesOutput(STDERR_FILENO) {
      posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
    } else {
      for end in [STDOUT_FILENO, STDERR_FILENO] {
        posix_spawn_file_actions_addopen(&actions, end, "/dev/null", O_WRONLY, 0)
      }
    }
    // First out of the way of each other.
    let apart: Int32 = 64
    for (place, descriptor) in descriptors.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, descriptor.from, apart + Int32(place))
    }
    for (place, descriptor) in descriptors.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, apart + Int32(place), descriptor.to)
    }
    _ = system_close_from(&actions, Descriptor.taken + 1)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    var words: [UnsafeMutablePointer<CChar>?] = [
      strdup(program), strdup(Isolation.subcommand), nil,
    ]
    // A crash is told by its signal; nobody waits for a trace of it.
    var variables: [UnsafeMutablePointer<CChar>?] = [
      strdup("SWIFT_BACKTRACE=enable=no"),
      // It would start threads before there is a confinement.
      strdup("OPENBLAS_NUM_THREADS=1"),
    ]
    for name in [
      "PATH", "LD_LIBRARY_PATH", "TZ", "ASAN_OPTIONS", "OPENBLAS_CORETYPE",
    ] {
      if let value = getenv(name) { variables.append(strdup("\(name)=\(String(cString: value))")) }
    }
    variables.append(nil)
    defer { for pointer in words + variables { free(pointer) } }
    var id: pid_t = 0
    return posix_spawn(&id, program, &actions, &attributes, &words, &variables) == 0 ? id : nil
  }

  /// Whether a process that can make no file larger may print there.
  private static func takesOutput(_ descriptor: Int32) -> Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
  }

  // MARK: - The end

  /// How it ended, in words that go on "its process …"; waits for that.
  ///
  /// It is asked for once the line is broken: a process that closed it and goes on is ended.
  func ending() -> String {
    if let end { return end }
    // A process that ends closes the line a little before it can be waited for.
    for _ in 0..<100 {
      if let words = reaped(WNOHANG) { return words }
      usleep(2000)
    }
    kill(id, SIGKILL)
    _ = reaped(0)
    let words = "closed the line to the workbench and went on"
    end = words
    return words
  }

  /// Ends it at once.
  func stop() {
    guard end == nil else { return }
    kill(id, SIGKILL)
    _ = reaped(0)
    end = "was ended"
  }

  private func reaped(_ flags: Int32) -> String? {
    var status: Int32 = 0
    var got: pid_t
    repeat { got = waitpid(id, &status, flags) } while got < 0 && errno == EINTR
    guard got != 0 else { return nil }
    let signal = status & 0x7F
    let words: String
    if got < 0 {
      words = "is gone, and the system does not tell how it ended"
    } else if signal != 0 {
      words = "was ended by signal \(signal) (\(String(cString: strsignal(signal))))"
    } else {
      words = "ended itself with status \((status >> 8) & 0xFF)"
    }
    end = words
    return words
  }
}
