import Datasets
import Networks
import Numerics

/// The error on validation samples over a run, as its mean over the samples shown: what a network would
/// have been worth, stopped at any time.
///
/// Between two measurements the error is taken to change evenly.
struct ErrorCurve {
  private var area: Double
  private var shown: Int
  private var last: Double?
  /// The measurements since they were last taken.
  private var marks: [CurveMark] = []

  /// - Parameters:
  ///   - mean: That of the run so far; nil where it is not known.
  ///   - shown: Samples shown so far.
  init(mean: Double? = 0, shown: Int = 0) {
    area = (mean ?? .nan) * Double(shown)
    self.shown = shown
  }

  /// Takes a measurement. One at as many samples as the last takes its place: surgery has changed the
  /// network.
  ///
  /// - Parameters:
  ///   - samples: Shown in all by then.
  ///   - weights: Live ones.
  mutating func add(_ error: Double, at samples: Int, weights: Int) {
    if marks.last?.samples == samples { marks.removeLast() }
    marks.append(CurveMark(samples: samples, error: error, weights: weights))
    area += ((last ?? error) + error) / 2 * Double(samples - shown)
    shown = samples
    last = error
  }

  /// The measurements since this was last asked.
  mutating func takeMarks() -> [CurveMark] {
    defer { marks = [] }
    return marks
  }

  /// Nil where nothing was shown, and where an error was no number.
  var mean: Double? { shown > 0 && area.isFinite ? area / Double(shown) : nil }
}

/// The error and the size at one time of a run.
package struct CurveMark: Codable, Hashable, Sendable {
  /// Shown from the untrained network on.
  package var samples: Int
  /// On up to `CellRunner.curveSamples` validation samples.
  package var error: Double
  /// Live ones.
  package var weights: Int

  package init(samples: Int, error: Double, weights: Int) {
    self.samples = samples
    self.error = error
    self.weights = weights
  }
}

extension CellRunner {
  /// Measurements of a curve in the dense network's training.
  private static let curveParts = 20
  /// Validation samples that each is measured on: an average needs no more.
  static let curveSamples = 1000

  /// Takes steps until `end` are done, and measures the error at every twentieth of the dense network's
  /// training and at the end.
  ///
  /// - Parameter before: Samples shown before the period.
  func advance(
    _ period: TrainingPeriod, to end: Int, _ curve: inout ErrorCurve, shown before: Int = 0,
    hooks: (any TrainingHooks)? = nil, progress: @escaping (Double) -> Void
  ) throws {
    let recipe = benchmark.recipes(quick: key.quick).dense
    let steps = recipe.sampleBudget(of: splits.training.count) / max(1, recipe.batchSize)
    let stride = max(1, steps / Self.curveParts)
    func mark(at samples: Int) {
      let network = period.network
      curve.add(curveError(network), at: samples, weights: network.counts.weights)
    }
    if period.step == 0 { mark(at: before) }
    while period.step < end {
      let next = min((period.step / stride + 1) * stride, period.total)
      try period.advance(to: min(next, end), hooks: hooks, progress: progress)
      guard period.step == next else { continue }
      mark(at: before + period.report.samples)
    }
  }

  private func curveError(_ network: Network) -> Double {
    network.evaluate(on: curveSamples, loss: benchmark.loss, metric: benchmark.metric).score
      .error
  }
}
