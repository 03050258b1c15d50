package import Foundation
import Networks
import Numerics
package import PluginHost

extension Figure.PlannedPart {
  /// Deletes weights from the trained network of a seed at once, as the measure asks for; none where it takes
  /// cells.
  ///
  /// - Parameters:
  ///   - store: Where the network is.
  ///   - datasets: Finds the data folder, for benchmarks that read files.
  /// - Throws: ``StoreError`` for a network that is not there, `StrategyFailure`, `CancellationError`, and what
  ///   stands in the way of reading the data.
  package func deletions(
    by entry: StrategyEntry, seed: Int, store: Store, threads: Int, datasets: () throws -> URL
  ) throws -> [Figure.Deletion] {
    let shares = part.measure.deletedAtOnce
    guard !shares.isEmpty, let plan = plans.first, let contest = plan.contests.first,
      let entrant = entrants.first
    else { return [] }
    OpenBLAS.useOneThread()
    Team.use(threads: threads)
    let key = plan.key(of: contest, entrant: entrant, replicate: seed)
    let network = try ModelFile.decode(
      store.start(for: key.dense).model, file: store.folder(of: key.dense).path)
    let probe = LayerProbe(
      entry, key, network: network, benchmark: contest.benchmark,
      splits: try contest.benchmark.splits(seed: key.seed, datasets))
    return try probe.deletions(of: shares)
  }
}

extension LayerProbe {
  /// Lets the strategy delete shares of all weights, where it likes.
  fileprivate func deletions(of shares: [Double]) throws -> [Figure.Deletion] {
    let measurements = Measurements(network: network, samples: measured, loss: benchmark.loss)
    let weights = network.counts.weights
    return try shares.map { share in
      try Task.checkCancellation()
      let goal = weights - Int((share * Double(weights)).rounded())
      let plan = try strategy().plan(
        Round(index: 0, total: 1, weightsGoal: goal), network: network, measurements: measurements)
      let after = Measurements(
        network: plan.surgery.network, samples: measured, loss: benchmark.loss
      ).loss()
      return Figure.Deletion(
        share: share, lossBefore: measurements.loss(), rise: after - measurements.loss(),
        predicted: plan.prediction)
    }
  }
}
