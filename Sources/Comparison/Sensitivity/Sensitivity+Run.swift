package import Foundation
import Networks
import Numerics
package import PluginHost

extension Sensitivity {
  /// Prunes or grows the layers of the dense networks of a plan one by one. Nothing is trained, and nothing stored.
  ///
  /// - Parameters:
  ///   - plan: Of dense networks, see ``ComparisonPlan/init(denseNetworksOf:replicates:quick:kernels:catalogue:)``.
  ///   - entry: The strategy; `entrant` has its parameters.
  ///   - store: Where the networks are.
  ///   - densities: Shares of a layer's weights to leave, each in 0 … 1; of growers to reach, above 1.
  ///   - tolerance: By which factor a predicted rise may differ, at least 1.
  ///   - threads: How many share the work.
  ///   - datasets: Finds the data folder, for benchmarks that read files.
  ///   - progress: Called with the seed and rising fractions of its work.
  /// - Throws: ``PlanError`` where no layer can be pruned, ``StoreError`` for a network that is not there,
  ///   `CancellationError`, and what stands in the way of reading the data.
  package static func measure(
    _ entry: StrategyEntry, _ entrant: Entrant, on plan: ComparisonPlan, store: Store,
    densities: [Double], tolerance: Double, threads: Int, datasets: () throws -> URL,
    progress: @escaping (_ seed: Int, _ fraction: Double) -> Void = { _, _ in }
  ) throws -> Sensitivity {
    guard let contest = plan.contests.first else { throw PlanError("no benchmark is named") }
    if let reason = unsuitability(of: entry) ?? unsuitability(of: densities, for: entry) {
      throw PlanError(reason)
    }
    OpenBLAS.useOneThread()
    Team.use(threads: threads)
    let densities = Array(Set(densities)).sorted { abs($0 - 1) < abs($1 - 1) }
    let benchmark = contest.benchmark
    var weights = 0
    let findings = try (0..<contest.replicates).map { replicate in
      let key = plan.key(of: contest, entrant: entrant, replicate: replicate)
      let file = store.folder(of: key.dense).path
      let network = try ModelFile.decode(store.start(for: key.dense).model, file: file)
      weights = network.counts.weights
      if let reason = entry.unsuitability(for: network.graph) { throw PlanError(reason) }
      var probe = LayerProbe(
        entry, key, network: network, benchmark: benchmark,
        splits: try benchmark.splits(seed: key.seed, datasets))
      probe.progress = { progress(replicate, $0) }
      return (seed: replicate, findings: try probe.run(densities: densities))
    }
    return try Sensitivity(
      findings, of: entrant.text, course: entry.course, on: benchmark, weights: weights,
      densities: densities,
      tolerance: tolerance, quick: plan.quick, kernels: plan.kernels)
  }
}
