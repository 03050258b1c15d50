import CSystem
import Dispatch
import Foundation
import Synchronization

/// A command that is run in a folder while this program waits.
///
/// It leads a session of its own. So it has no terminal at which it could wait for an answer, and a
/// signal that ends this program ends it with all it started.
final class FolderCommand: Sendable {
  enum Ending {
    case exited(Int32, output: Data)
    case signal(Int32)
    /// With the system's number for why, which is ENOENT where there is no such program.
    case notStarted(Int32)
  }

  private let words: [String]
  private let folder: String
  /// The running child.
  private let child = Mutex<pid_t?>(nil)

  init(words: [String], folder: String) {
    self.words = words
    self.folder = folder
  }

  /// - Parameter keepsOutput: Whether what is printed to standard output comes back; else it goes to
  ///   standard error, as all else that is printed.
  func run(keepsOutput: Bool) -> Ending {
    endingWithThisProgram {
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { return .notStarted(errno) }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      let (code, id) = child.withLock { child in
        let (code, id) = spawn(output: keepsOutput ? ends[1] : STDERR_FILENO)
        if code == 0 { child = id }
        return (code, id)
      }
      close(ends[1])
      let reader = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
      guard code == 0 else { return .notStarted(code) }
      let output = (try? reader.readToEnd()) ?? nil
      return ending(of: id, output: output ?? Data())
    }
  }

  private func spawn(output: Int32) -> (code: Int32, id: pid_t) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    var attributes = posix_spawnattr_t()
    system_begin_plainly(&attributes, 0)
    let apart = system_begin_apart(&actions, &attributes, folder)
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] =
      ProcessInfo.processInfo.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
      for text in arguments + variables { free(text) }
    }
    guard apart == 0 else { return (apart, 0) }
    var id: pid_t = 0
    let code = posix_spawnp(&id, words[0], &actions, &attributes, &arguments, &variables)
    return (code, id)
  }

  private func ending(of id: pid_t, output: Data) -> Ending {
    var ended = siginfo_t()
    while waitid(P_PID, id_t(id), &ended, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    // From then on that the system is told, its number may be another's.
    let status = child.withLock { child in
      var status: Int32 = 0
      while waitpid(id, &status, 0) < 0, errno == EINTR {}
      child = nil
      return status
    }
    let signal = status & 0x7F
    return signal == 0 ? .exited((status >> 8) & 0xFF, output: output) : .signal(signal)
  }

  // MARK: - Signals

  /// Does `work`; a signal that would end this program meanwhile ends the child first.
  private func endingWithThisProgram(_ work: () -> Ending) -> Ending {
    let ignoring = unsafeBitCast(SIG_IGN, to: Int.self)
    let watched =
      [SIGINT, SIGTERM, SIGQUIT, SIGHUP].compactMap { number in
        let before = signal(number, SIG_IGN)
        // One that a parent had ignored, as `nohup` does, ends nothing.
        guard unsafeBitCast(before, to: Int.self) != ignoring else { return nil }
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler { [self] in leave() }
        source.resume()
        return (number, before, source)
      } as [(Int32, sighandler_t?, any DispatchSourceSignal)]
    defer {
      for (number, before, source) in watched {
        source.cancel()
        signal(number, before)
      }
    }
    return work()
  }

  private func leave() {
    child.withLock { child in
      if let child { kill(-child, SIGKILL) }
      Console.note("interrupted: '\(words.joined(separator: " "))' is stopped\n")
      Console.leave(.interrupted)
    }
  }
}
