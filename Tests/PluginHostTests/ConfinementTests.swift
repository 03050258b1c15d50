import CSystem
import Foundation
import PluginHost
import Testing

/// What a confined process cannot do it can do without the confinement, or it would show nothing.
@Suite(.enabled(if: PluginCompiler.isThere, "needs a C compiler"))
struct ConfinementTests {
  private typealias Outcome = ConfinedAttempts.Outcome
  /// What makes an attempt fail.
  private enum Part {
    case limits, memory, files, calls

    var bit: Int {
      switch self {
      case .limits: SYSTEM_CONFINED_LIMITS
      case .memory: SYSTEM_CONFINED_MEMORY
      case .files: SYSTEM_CONFINED_FILES
      case .calls: SYSTEM_CONFINED_CALLS
      }
    }
  }

  /// Attempts that succeed without confinement, and how they end within.
  private static let refusals: [(part: Part, attempts: [String], outcome: Outcome)] = [
    (
      .files,
      [
        "create", "create-inside", "overwrite", "unlink", "unlink-inside", "mkdir", "symlink",
        "rename", "read-outside", "read-passwd", "list-outside", "load-outside",
      ], .error(EACCES)
    ),
    (.calls, ["truncate", "chmod", "chmod-inside", "chown", "utimensat"], .error(EPERM)),
    (.calls, ["empty", "empty-inside"], .error(EACCES)),
    (.calls, ["socket", "socketpair", "connect"], .error(EPERM)),
    (.calls, ["fork", "exec", "spawn", "setpgid", "outlive-parent"], .error(EPERM)),
    (.calls, ["kill-parent", "kill-group", "tgkill-other", "sigqueue-other"], .error(EPERM)),
    (.calls, ["terminate-self", "limit-time", "set-timer"], .error(EPERM)),
    (
      .calls,
      [
        "ptrace", "process_vm_readv", "prlimit-other", "setpriority-other", "setpriority-group",
        "setaffinity-other", "shmget", "unshare", "personality",
      ], .error(EPERM)
    ),
    (.files, ["read-environ"], .error(EACCES)),
    (.memory, ["allocate"], .error(ENOMEM)),
    (.limits, ["open-many"], .error(EMFILE)),
    (.limits, ["write-open-file", "fill-memory-file"], .signal(SIGXFSZ)),
    (.limits, ["spin"], .signal(SIGXCPU)),
    (.limits, ["spin-on"], .signal(SIGKILL)),
  ]

  /// Attempts that fail either way: how without confinement, where every system fails them in the
  /// same way, and how within.
  private static let differences: [(attempt: String, free: Outcome?, confined: Outcome)] = [
    ("set-flags", .error(ENOTTY), .error(EPERM)),
    ("type-in-terminal", .error(ENOTTY), .error(EPERM)),
    ("clone3", .error(EINVAL), .error(ENOSYS)),
    // Many a system refuses it to all.
    ("io_uring_setup", nil, .error(EPERM)),
    ("no-privileges", .error(EPERM), .success),
  ]

  /// What computing needs.
  private static let allowed = [
    "read-inside", "list-inside", "load-inside", "pipe", "threads", "allocate-little",
    "signal-self", "prlimit-self", "setpriority-self", "setaffinity-self", "close-from",
    "close-from-old-kernel",
  ]

  private static let noCall = 9999

  @Test func isRefusedWhatItMustNotDo() throws {
    try PluginCompiler.withFolder { folder in
      let program = try ConfinedAttempts(in: folder)
      let report = try #require(try program.report(without: Self.noCall))
      for (part, attempts, outcome) in Self.refusals where report.applied & part.bit != 0 {
        for attempt in attempts {
          #expect(try program.make(attempt, confined: false) == .success, "\(attempt)")
          #expect(try program.make(attempt, confined: true) == outcome, "\(attempt)")
        }
      }
      guard report.applied & Part.calls.bit != 0 else { return }
      for (attempt, free, confined) in Self.differences {
        if let free {
          #expect(try program.make(attempt, confined: false) == free, "\(attempt)")
        }
        #expect(try program.make(attempt, confined: true) == confined, "\(attempt)")
      }
      #if arch(x86_64)
        #expect(try program.make("x32-call", confined: true) == .signal(SIGSYS))
      #endif
    }
  }

  @Test func canDoWhatComputingNeeds() throws {
    try PluginCompiler.withFolder { folder in
      let program = try ConfinedAttempts(in: folder)
      for attempt in Self.allowed {
        #expect(try program.make(attempt, confined: false) == .success, "\(attempt)")
        #expect(try program.make(attempt, confined: true) == .success, "\(attempt)")
      }
      #expect(try program.make("unknown-call", confined: true) == .error(ENOSYS))
    }
  }

  @Test func doesNothingOnceThereAreThreads() throws {
    try PluginCompiler.withFolder { folder in
      let outcome = try ConfinedAttempts(in: folder).make("late", confined: true)
      #expect(outcome == .error(EBUSY))
    }
    // These tests run on several.
    let error = try #require(throws: ConfinementError.self) { try Confinement().apply() }
    #expect(error.part == nil)
    #expect(error.description.contains("more than one thread"))
  }

  @Test func refusesPathsThatWouldBeCutShort() throws {
    let confinement = Confinement(readable: ["/usr\0/lib"])
    let error = try #require(throws: ConfinementError.self) { try confinement.apply() }
    #expect(error.part == .files)
  }

  @Test func saysWhatTheKernelLacks() throws {
    try PluginCompiler.withFolder { folder in
      let program = try ConfinedAttempts(in: folder)
      let landlock =
        SYSTEM_CONFINED_FILES | SYSTEM_CONFINED_NETWORK | SYSTEM_CONFINED_SCOPES
      let full = try #require(try program.report(without: Self.noCall))
      let less = try #require(try program.report(without: 444))
      #expect(full.error == 0 && less.error == 0)
      #expect(full.applied & full.missing == 0)
      #expect(full.applied | full.missing == 0xFF)
      #expect(less.applied == full.applied & ~landlock)
      #expect(less.missing == full.missing | landlock)
      #expect(less.landlockVersion == 0)
      #expect((full.landlockVersion >= 1) == (full.applied & SYSTEM_CONFINED_FILES != 0))
    }
  }

  @Test func letsAProgramInSwiftWork() throws {
    try PluginCompiler.withFolder { folder in
      let lines = try ConfinedAttempts(in: folder).runInSwift()
      let report = try #require(lines.first)
      #expect(report.hasPrefix("confined by limits of processor time and files"), "\(lines)")
      #expect(lines.dropFirst().prefix(3) == ["squares 338350", "library loaded", "read 4"])
      guard !report.contains("does not offer") else { return }
      #expect(lines.dropFirst(4) == ["write refused", "process refused"])
    }
  }
}
