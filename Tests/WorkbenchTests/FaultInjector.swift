import Foundation
import TestSupport

/// Runs the program so that one of the calls by which it and its workers change files fails, or kills
/// the process that makes it.
struct FaultInjector {
  /// What happens at a call.
  enum Fault: Int, CaseIterable {
    case kill = 0
    case inputOutputError = 5
    case noSpace = 28
  }

  private let library: URL

  /// - Parameter folder: Where the library is built.
  init(in folder: URL) throws {
    library = folder.appending(path: "libfaults.so")
    try LibraryCompiler.build(
      URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Faults/faults.c"),
      as: library, headers: [], flags: ["-fvisibility=default", "-ldl"])
  }

  /// How a run with a fault ended.
  struct Outcome {
    var tool: Tool.Outcome
    /// How many calls there were.
    var calls: Int
    /// The name of the one with the fault; empty where the run had fewer calls.
    var struck: String
    /// Whether it had to be ended from here.
    var hung: Bool
  }

  /// - Parameters:
  ///   - call: The number of the call, from 1 on; 0 for none.
  ///   - exchanges: Whether the file system can exchange two names.
  ///   - scratch: A folder for what the injector counts in.
  func run(
    _ arguments: [String], _ fault: Fault, at call: Int, exchanges: Bool, scratch: URL
  ) throws -> Outcome {
    let count = scratch.appending(path: "count")
    try Data(count: 64).write(to: count)
    var tool = Tool()
    tool.environment = [
      "LD_PRELOAD": library.path, "FAULT_FILE": count.path, "FAULT_AT": "\(call)",
      "FAULT_ERRNO": "\(fault.rawValue)",
    ]
    if !exchanges { tool.environment["FAULT_OLD"] = "1" }
    let running = try tool.start(arguments)
    let deadline = ContinuousClock.now + .seconds(120)
    while running.process.isRunning, ContinuousClock.now < deadline { usleep(5000) }
    let hung = running.process.isRunning
    if hung { Foundation.kill(running.process.processIdentifier, SIGKILL) }
    let outcome = try running.finish()
    let bytes = try Data(contentsOf: count)
    return Outcome(
      tool: outcome, calls: bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) },
      struck: String(decoding: bytes.dropFirst(8).prefix { $0 != 0 }, as: UTF8.self), hung: hung)
  }
}
