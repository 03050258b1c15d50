import PluginHost
import StrategyKit

/// A strategy that is called after every step and does nothing: what the call alone costs.
struct IdleHook: StepEndingStrategy {
  static var info: StrategyInfo {
    StrategyInfo(id: "idle-hook", name: "Idle hook", summary: "Does nothing after each step.")
  }

  /// It as the host knows it, behind the same C table as a stranger's library.
  static func entry() throws -> StrategyEntry {
    let entries = try StrategyEntry.linked(exportStrategies("bench", IdleHook.self))
    guard let entry = entries.first else { throw BenchError("there is no idle strategy") }
    return entry
  }

  init(options: Options) {}

  func endStep(
    _ step: Step, in network: NetworkView, parameters: inout MutableSpan<Float>
  ) {}
}
