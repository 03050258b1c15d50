package import Foundation
import Networks
import Numerics

extension ComparisonPlan {
  /// The samples that the cells without a stored result are going to train on, all together.
  ///
  /// - Parameters:
  ///   - stored: Cells that are not run again; dense networks among them.
  ///   - datasets: Finds the data folder, for benchmarks that read files.
  /// - Throws: What stands in the way of reading a data set or making a network.
  package func trainingSamples(
    without stored: Set<CellKey>, datasets: () throws -> URL
  ) throws -> Int {
    let all = denseCells + cells
    let neededDense = Set(cells.filter { !stored.contains($0.key) }.map(\.key.dense))
    var sum = 0
    for contest in contests {
      let benchmark = contest.benchmark
      let training = try benchmark.data(
        denseKey(of: contest, replicate: 0).seed, datasets
      ).training.count
      let weights = try benchmark.network().counts.weights
      let rounds = Trajectory(
        dense: weights, ratios: contest.ratios, grid: benchmark.rounds
      ).rounds.count
      let recipes = benchmark.recipes(quick: quick)
      for cell in all where cell.key.benchmark == benchmark.name && !stored.contains(cell.key) {
        if !cell.key.isDense {
          sum += rounds * recipes.fineTune.samples(of: training)
        } else if neededDense.contains(cell.key) {
          sum += recipes.starts * recipes.dense.samples(of: training)
        }
      }
    }
    return sum
  }
}

extension TrainingRecipe {
  /// The samples that one training draws from `count` ones.
  fileprivate func samples(of count: Int) -> Int {
    Int((Double(count) * epochs).rounded())
  }
}
