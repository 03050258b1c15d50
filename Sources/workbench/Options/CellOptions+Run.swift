import Comparison
import Foundation

extension CellOptions {
  /// Runs what the store does not have of a plan, and says how far it is.
  ///
  /// - Throws: `CancellationError` after an interrupt, `StoreError` when results cannot be kept.
  func run(_ plan: ComparisonPlan, board: BoardOptions) async throws -> ComparisonOutcome {
    let progress = quiet ? nil : Progress(noColor: board.noColor)
    defer { progress?.clear() }
    let executor = LocalExecutor(
      jobs: jobs, timeout: timeout.map { .seconds($0) })
    let store = Store(URL(filePath: board.output))
    return try await cancelledByInterrupts { [force, memory] in
      try await plan.run(store: store, executor: executor, force: force, memoryLimit: memory) {
        progress?.handle($0)
      }
    }
  }
}
