import ArgumentParser
import Foundation
import Reports

/// The two streams of the program and the code it ends with.
enum Console {
  /// Lets a reader that goes away early (`workbench list | head -1`) end a write and not the
  /// program: workers are still to be stopped and results to be kept.
  static func prepare() {
    signal(SIGPIPE, SIG_IGN)
  }

  static func output(_ text: String) {
    write(text, to: STDOUT_FILENO)
  }

  static func note(_ text: String) {
    write(text, to: STDERR_FILENO)
  }

  static func warn(_ text: String) {
    note("warning: \(text)\n")
  }

  /// Says what went wrong and ends the program.
  static func exit(for error: any Error) -> Never {
    switch error {
    case let code as ExitCode: Foundation.exit(code.rawValue)
    case is CancellationError:
      note("interrupted: finished cells are kept, the same command goes on from there\n")
      Foundation.exit(ExitCode.interrupted.rawValue)
    default: break
    }
    let status = Workbench.exitCode(for: error)
    let message = Workbench.fullMessage(for: error)
    if status == .success {
      output(message + "\n")
      Foundation.exit(status.rawValue)
    }
    note(message + "\n")
    Foundation.exit(ExitCode.usage.rawValue)
  }

  /// Writes all of `text`; what a closed pipe or a full disk does not take is lost.
  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR || errno == EAGAIN { continue }
      guard written > 0 else { return }
      bytes = bytes.dropFirst(written)
    }
  }
}

extension ExitCode {
  /// Some cells failed.
  static let someFailed = ExitCode(1)
  /// The command cannot be carried out as written.
  static let usage = ExitCode(2)
  static let interrupted = ExitCode(130)
}
