import ArgumentParser
import Foundation
import Reports

/// The two streams of the program and the code it ends with.
enum Console {
  /// Lets a reader that goes away early (`workbench list | head -1`) end a write and not the
  /// program: workers are still to be stopped and results to be kept.
  ///
  /// A stream that was closed before the program started is occupied, or the next file that is opened
  /// would become it, and a board be written into a result. A shell may have its children ignored, and
  /// pass that on: then the system would not tell how a worker ended.
  static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGCHLD, SIG_DFL)
    // Then a write beyond a limit fails with a reason.
    signal(SIGXFSZ, SIG_IGN)
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) < 0 {
      // Opened for reading: what is written to it fails, as it does to a closed one.
      _ = open("/dev/null", O_RDONLY)
    }
  }

  /// Where standard output led when the program started, for what the program prints itself.
  ///
  /// From the first look at it on, whatever else is printed there goes to standard error: a library
  /// that says hello while it is loaded would otherwise stand in a board that another program reads.
  static let standardOutput: Int32 = {
    let copy = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
    guard copy >= 0 else { return STDOUT_FILENO }
    dup2(STDERR_FILENO, STDOUT_FILENO)
    return copy
  }()

  /// Writes to standard output.
  ///
  /// - Throws: ``CommandError`` for what cannot be written, as on a full disk. A reader that goes
  ///   away early wants no more, and that is no failure.
  static func output(_ text: String) throws {
    let code = write(text, to: standardOutput)
    guard code == 0 || code == EPIPE else {
      throw CommandError(
        "what was to be printed cannot be written to standard output: "
          + String(cString: strerror(code)).lowercased())
    }
  }

  /// Says something on standard error; where that cannot be written, nobody listens.
  static func note(_ text: String) {
    _ = write(text, to: STDERR_FILENO)
  }

  /// Says what stops nothing; paths and what plugins say of themselves do not reach the terminal
  /// as they are.
  static func warn(_ text: String) {
    note("warning: \(printableLines(text))\n")
  }

  /// Says what went wrong and ends the program.
  static func exit(for error: any Error) -> Never {
    switch error {
    case let code as ExitCode: leave(code)
    case is CancellationError:
      note("interrupted: finished cells are kept, the same command goes on from there\n")
      leave(.interrupted)
    default: break
    }
    let status = Workbench.exitCode(for: error)
    let message = Workbench.fullMessage(for: error)
    if status == .success {
      do {
        try output(message + "\n")
        leave(status)
      } catch {
        exit(for: error)
      }
    }
    note(printableLines(message) + "\n")
    leave(.usage)
  }

  /// Ends the program at once: what libraries of strangers do while a process leaves in order, such
  /// as to abort or to sleep, is not waited for.
  static func leave(_ code: ExitCode) -> Never {
    fflush(nil)
    _exit(code.rawValue)
  }

  /// Writes all of `text`; 0, or the system's number for why it could not.
  private static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR || errno == EAGAIN { continue }
      guard written > 0 else { return written < 0 ? errno : EIO }
      bytes = bytes.dropFirst(written)
    }
    return 0
  }
}

extension ExitCode {
  /// Some cells failed.
  static let someFailed = ExitCode(1)
  /// The command cannot be carried out as written.
  static let usage = ExitCode(2)
  /// A library breaks a rule of the interface.
  static let rulesBroken = ExitCode(3)
  static let interrupted = ExitCode(130)
}
