import Glibc

/// A signal that ended a process.
package struct EndingSignal: Equatable {
  let number: Int32

  package init(number: Int32) { self.number = number }

  /// Whether such a signal comes from outside of the process: from a person, a scheduler, the
  /// kernel's account of limits. Others it brought upon itself.
  package var isFromOutside: Bool {
    [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGKILL, SIGXCPU, SIGXFSZ].contains(number)
  }

  /// Its name, such as `SIGSEGV`, with what it means.
  package var description: String {
    let names: [Int32: String] = [
      SIGHUP: "SIGHUP", SIGINT: "SIGINT", SIGQUIT: "SIGQUIT", SIGILL: "SIGILL (a trap)",
      SIGTRAP: "SIGTRAP (a trap)", SIGABRT: "SIGABRT (aborted)", SIGBUS: "SIGBUS",
      SIGFPE: "SIGFPE (an arithmetic fault)",
      SIGKILL: "SIGKILL (killed, perhaps by the system for want of memory)",
      SIGSEGV: "SIGSEGV (a bad memory access)", SIGPIPE: "SIGPIPE", SIGTERM: "SIGTERM",
      SIGXCPU: "SIGXCPU (the limit of processor time)",
      SIGXFSZ: "SIGXFSZ (the limit of file size)", SIGSYS: "SIGSYS (a forbidden system call)",
    ]
    return names[number] ?? "signal \(number)"
  }
}
