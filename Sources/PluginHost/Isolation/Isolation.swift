import Foundation

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
  /// Bytes that a process may hold; nil for what the machine has to give when it begins.
  let memory: Int?

  /// The subcommand that is a strategy's process; hidden from users.
  package static let subcommand = "strategy"

  /// - Parameters:
  ///   - program: This very program unless given.
  ///   - includesBuiltIns: Whether the strategies that are linked in have processes, too.
  ///   - isConfined: Whether processes are confined.
  ///   - seconds: The time that a strategy may take by itself; nil for any.
  ///   - memory: Bytes that a process may hold; nil for what the machine has to give.
  package init(
    program: String = "/proc/self/exe", includesBuiltIns: Bool = false,
    isConfined: Bool = true, seconds: Double? = nil, memory: Int? = nil
  ) {
    self.isConfined = isConfined
    self.memory = memory
    self.program = program
    self.includesBuiltIns = includesBuiltIns
    self.seconds = seconds
  }

  /// - Returns: Nil where no strategy has a process.
  package init?(
    _ scope: Scope, isConfined: Bool = true, seconds: Double? = nil, memory: Int? = nil
  ) {
    guard scope != .none else { return nil }
    self.init(
      includesBuiltIns: scope == .all, isConfined: isConfined, seconds: seconds, memory: memory)
  }

  /// Seconds of processor time that a process may use; nil for any. What waits for nobody, such as a thread
  /// that goes on while the host trains, ends by this.
  var processorSeconds: Int? {
    seconds.map { (Int($0.rounded(.up)) + 1) * ProcessInfo.processInfo.activeProcessorCount }
  }
}
