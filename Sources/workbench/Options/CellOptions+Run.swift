import Comparison
import Foundation
import PluginHost

extension CellOptions {
  /// Runs what the store does not have of a plan, and says how far it is.
  ///
  /// - Throws: `CancellationError` after an interrupt, `StoreError` when results cannot be kept.
  func run(
    _ plan: ComparisonPlan, plugins: PluginOptions, place: OutputOptions
  ) async throws -> ComparisonOutcome {
    if strategyTimeout != nil, plugins.isolate == .none {
      throw CommandError(
        "--strategy-timeout counts the time of strategies in processes of their own, and there are none; "
          + "add --isolate plugins or --isolate all")
    }
    // The board names the kernels that were used; bits of others are another comparison.
    if let missing = Provenance.missingKernels { Console.warn(missing) }
    let progress = quiet ? nil : Progress(noColor: place.noColor)
    defer { progress?.clear() }
    let executor = LocalExecutor(
      jobs: jobs ?? max(1, ProcessInfo.processInfo.activeProcessorCount / threads),
      timeout: timeout.map { .seconds($0) })
    let store = Store(place.folder)
    let (isolation, isConfined) = (plugins.isolate, !plugins.noSandbox)
    return try await cancelledByInterrupts {
      [
        force, retryFailed, memory, strategyTimeout, threads
      ] in
      try await plan.run(
        store: store, executor: executor, force: force, retryFailed: retryFailed,
        memoryLimit: memory, isolation: isolation, isConfined: isConfined,
        strategySeconds: strategyTimeout,
        threads: threads
      ) { event in
        if case .warning(let text) = event {
          progress?.clear()
          Console.warn(text)
        }
        progress?.handle(event)
      }
    }
  }
}
