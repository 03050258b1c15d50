import Comparison
import Datasets
import Networks
import Numerics
import Testing

/// The error over a run is the mean over the samples shown.
struct AverageErrorTests {
  private let cell: PluggedRun

  init() throws { cell = try PluggedRun() }

  /// The error of the dense network on the samples of the curve after some steps of its training.
  private func error(after steps: Int) throws -> Double {
    let (key, splits) = (cell.runner.key, cell.runner.splits)
    var random = RandomStream(seed: key.seed, name: "dense batches of start 0")
    let start = try Benchmark.tiny.network().initialized(seed: key.seed)
    let period = try Trainer(loss: .squaredError).begin(
      start, state: OptimizerState(parameters: start.layout.count), on: splits.training,
      recipe: Benchmark.tiny.recipes.dense, random: &random)
    try period.advance(to: steps)
    return period.network.evaluate(
      on: splits.validation, loss: .squaredError, metric: .normalisedSquaredError
    ).score.error
  }

  @Test("The dense network's is the trapezoidal sum over its training")
  func dense() throws {
    // 94 steps of 32 samples, the last of 24, measured at every fourth.
    let marks = Array(stride(from: 0, to: 94, by: 4)) + [94]
    let errors = try marks.map(error)
    var area = 0.0
    for (index, mark) in marks.enumerated().dropFirst() {
      let samples = mark == 94 ? 3000 - 32 * marks[index - 1] : 32 * (mark - marks[index - 1])
      area += (errors[index - 1] + errors[index]) / 2 * Double(samples)
    }
    let average = try #require(cell.dense.averageError)
    #expect(abs(average / (area / 3000) - 1) < 1e-9)
    #expect(average > cell.dense.validation.error)
  }

  @Test func prunersGoOnFromTheDenseNetworks() throws {
    let points = try cell.outcome(of: cell.strategy("none")).result.points
    let dense = try #require(cell.dense.averageError)
    let averages = points.compactMap(\.averageError)
    // An error that goes on falling lowers its mean.
    #expect(averages.count == 2 && dense > averages[0] && averages[0] > averages[1])
    var unknown = cell.dense
    unknown.averageError = nil
    let without = try cell.runner.run(
      cell.strategy("none"), from: cell.network, dense: unknown
    ).result.points
    #expect(without.compactMap(\.averageError).isEmpty && without.count == 2)
  }

  @Test func measuringChangesNoBit() throws {
    let sparse = try cell.outcome(of: cell.strategy("static"))
    let again = try cell.outcome(of: cell.strategy("static"))
    #expect(sparse.network == again.network)
    let averages = sparse.result.points.compactMap(\.averageError)
    #expect(averages.count == 2)
    #expect(zip(averages, sparse.result.points).allSatisfy { $0 > $1.validation.error })
  }
}
