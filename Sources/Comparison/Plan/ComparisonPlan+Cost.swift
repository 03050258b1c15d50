package import Foundation
import Datasets
import Networks
import Numerics
import PluginHost

extension ComparisonPlan {
  /// The samples that the cells without a stored result are going to train on, all together; those of
  /// ``Control/scratchOperations`` as if it were shown no more than the others.
  ///
  /// - Parameters:
  ///   - stored: Cells that are not run again; dense networks among them.
  ///   - datasets: Finds the data folder, for benchmarks that read files.
  /// - Throws: What stands in the way of reading a data set or making a network.
  package func trainingSamples(
    without stored: Set<CellKey>, datasets: () throws -> URL
  ) throws -> Int {
    let all = denseCells + cells
    let starts = cells.filter { !stored.contains($0.key) }.map(\.key.dense)
    let neededDense = Set(cells.isEmpty ? denseCells.map(\.key) : starts)
    var sum = 0
    for contest in contests {
      let benchmark = contest.benchmark
      let training = try benchmark.data.trainingCount(
        seed: denseKey(of: contest, replicate: 0).seed, datasets)
      let weights = try benchmark.network().counts.weights
      let rounds = Trajectory(
        dense: weights, ratios: contest.ratios, grid: benchmark.rounds
      ).rounds
      let recipes = benchmark.recipes(quick: quick)
      let dense = recipes.dense.sampleBudget(of: training)
      let round = recipes.fineTune.sampleBudget(of: training)
      for cell in all where cell.key.benchmark == benchmark.name && !stored.contains(cell.key) {
        if cell.key.isDense {
          if neededDense.contains(cell.key) { sum += recipes.starts * dense }
        } else if cell.key.control == nil && cell.course ?? .prune == .prune {
          sum += rounds.count * round
        } else if cell.course == .free {
          sum += dense + rounds.count * round
        } else {
          for (index, stage) in rounds.enumerated() where stage.reported != nil {
            sum += dense + (index + 1) * round
          }
        }
      }
    }
    return sum
  }
}
