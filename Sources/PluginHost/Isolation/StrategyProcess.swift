import CSystem
import Glibc

/// A process that a library was loaded in, as the judge sees it.
final class StrategyProcess {
  let line: MessageLine
  /// Written here, read there.
  let given: SharedMemory
  /// Written there, read here.
  let taken: SharedMemory
  let isolation: Isolation
  private let child: StrategyChild

  /// Where the process finds its ends.
  enum Descriptor {
    static let line: Int32 = 3
    static let given: Int32 = 4
    static let taken: Int32 = 5
  }

  /// - Parameter output: Where goes what it prints; nil for where this process's errors go.
  /// - Throws: ``StrategyFailure`` when the system has no process or memory for it.
  init(_ isolation: Isolation, output: Int32? = nil) throws(StrategyFailure) {
    guard let given = SharedMemory.make(named: "given", isGiven: true),
      let taken = SharedMemory.make(named: "taken", isGiven: false)
    else { throw Self.failure("share memory with it") }
    let readable = given.readOnlyDescriptor()
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard readable >= 0, socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
      let failure = Self.failure("open a line to it")
      close(readable)
      throw failure
    }
    defer {
      close(readable)
      close(ends[1])
    }
    line = MessageLine(socket: ends[0])
    self.isolation = isolation
    self.given = given
    self.taken = taken
    let id = Self.spawn(
      isolation.program,
      [
        (ends[1], Descriptor.line), (readable, Descriptor.given),
        (taken.descriptor, Descriptor.taken),
      ], output: output)
    guard let id = id.process else {
      errno = id.code
      throw Self.failure("start it")
    }
    child = StrategyChild(id, isolation, given: given, taken: taken)
  }

  deinit { stop() }

  /// Ends it at once.
  func stop() { child.stop() }

  // MARK: - The line

  /// - Parameters:
  ///   - deadline: Until when the process may take it; nil for ever.
  ///   - late: What it is then. The process is ended.
  func send(
    _ message: Message, _ payload: [UInt8] = [], by deadline: MessageLine.Deadline? = nil,
    late: @autoclosure () -> StrategyFailure
  ) throws(StrategyFailure) {
    do throws(MessageLine.Broken) {
      try line.send(message, payload, by: deadline)
    } catch {
      throw failure(for: error, late: late())
    }
  }

  func receive(
    by deadline: MessageLine.Deadline? = nil, late: @autoclosure () -> StrategyFailure
  ) throws(StrategyFailure) -> (message: Message, payload: WireReader) {
    do throws(MessageLine.Broken) {
      return try line.receive(by: deadline)
    } catch {
      throw failure(for: error, late: late())
    }
  }

  /// Why nothing more comes of the process, which is over then.
  private func failure(
    for broken: MessageLine.Broken, late: @autoclosure () -> StrategyFailure
  ) -> StrategyFailure {
    switch broken {
    case .closed: return child.failure()
    case .late:
      stop()
      return late()
    case .foreign(let what):
      stop()
      return StrategyFailure(.invalid, "its process sent \(what)")
    }
  }

  // MARK: - The start

  private static func failure(_ what: String) -> StrategyFailure {
    StrategyFailure(
      .stopped, "its process: the system could not \(what) (\(String(cString: strerror(errno))))")
  }

  private static func spawn(
    _ program: String, _ descriptors: [(from: Int32, to: Int32)], output: Int32?
  ) -> (process: pid_t?, code: Int32) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    if let output {
      for end in [STDOUT_FILENO, STDERR_FILENO] {
        posix_spawn_file_actions_adddup2(&actions, output, end)
      }
    } else if takesOutput(STDERR_FILENO) {
      posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
    } else {
      for end in [STDOUT_FILENO, STDERR_FILENO] {
        posix_spawn_file_actions_addopen(&actions, end, "/dev/null", O_WRONLY, 0)
      }
    }
    // First out of the way of each other.
    let apart = max(64, 1 + (descriptors.map(\.from).max() ?? 0))
    for (place, descriptor) in descriptors.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, descriptor.from, apart + Int32(place))
    }
    for (place, descriptor) in descriptors.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, apart + Int32(place), descriptor.to)
    }
    _ = system_close_from(&actions, Descriptor.taken + 1)
    var attributes = posix_spawnattr_t()
    system_begin_plainly(&attributes, 0)
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
    let code = posix_spawn(&id, program, &actions, &attributes, &words, &variables)
    return (code == 0 ? id : nil, code)
  }

  /// Whether a process of a stranger's, which can make no file larger, may print there.
  private static func takesOutput(_ descriptor: Int32) -> Bool {
    var status = stat()
    // A terminal can be read from, and be told more than text.
    return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
      && isatty(descriptor) == 0
  }
}
