package import Numerics

/// How far a network is from its targets.
package enum Metric: String, Codable, Hashable, Sendable {
  /// Per cent of samples whose largest output is not the label's.
  case errorPercent
  /// Per cent of samples with some output on the wrong side of ½ (targets are 0 or 1).
  case thresholdErrorPercent
  /// Mean squared error over the variance of the targets: 1 is as good as their mean.
  case normalisedSquaredError
}

/// Loss and error over a set of samples.
package struct Score: Codable, Hashable, Sendable {
  package var loss: Double
  /// In the unit of the metric: per cent wrong, or mean squared error over the variance of the targets.
  package var error: Double

  package init(loss: Double, error: Double) {
    self.loss = loss
    self.error = error
  }
}

/// What a network is worth on a set of samples.
package struct Evaluation: Sendable {
  package var score: Score
  /// The numbers of the samples that were answered wrongly, rising; empty for regression.
  package var wrong: [Int]
}

extension Network {
  /// Small enough that a convolutional network's activations stay near the processor.
  private static let evaluationBatch = 128

  /// Loss and error over all `samples`, in inference mode.
  package func evaluate(on samples: Samples, loss: Loss, metric: Metric) -> Evaluation {
    let executor = Executor(
      network: self, capacity: min(Self.evaluationBatch, max(samples.count, Lanes.width)),
      for: .inference)
    let rows = (0..<Int32(samples.count)).map { $0 }
    var lossSum = 0.0
    var wrong: [Int] = []
    var squares = 0.0
    for start in stride(from: 0, to: rows.count, by: executor.capacity) {
      let batch = rows[start..<min(start + executor.capacity, rows.count)]
      executor.load(samples, rows: batch)
      executor.forward(mode: .inference)
      let batchLoss = executor.loss(loss, gradient: false)
      lossSum += batchLoss * Double(batch.count)
      switch metric {
      case .errorPercent: wrong += executor.wrongClasses(samples, batch)
      case .thresholdErrorPercent: wrong += executor.wrongSides(samples, batch)
      case .normalisedSquaredError: squares += batchLoss * Double(batch.count)
      }
    }
    let count = Double(max(samples.count, 1))
    let error =
      switch metric {
      case .errorPercent, .thresholdErrorPercent: 100 * Double(wrong.count) / count
      case .normalisedSquaredError: squares / count / samples.targetVariance
      }
    return Evaluation(score: Score(loss: lossSum / count, error: error), wrong: wrong)
  }
}

extension Executor {
  fileprivate func wrongClasses(_ samples: Samples, _ rows: ArraySlice<Int32>) -> [Int] {
    guard case .labels(let labels, _) = samples.targets else { return rows.map { Int($0) } }
    let outputs = activation(graph.nodes.count - 1)
    var wrong: [Int] = []
    for (lane, row) in rows.enumerated() {
      var best = 0
      for output in 1..<max(graph.outputs, 1)
      where outputs[output * batch.count + lane] > outputs[best * batch.count + lane] {
        best = output
      }
      if best != Int(labels[Int(row)]) { wrong.append(Int(row)) }
    }
    return wrong
  }

  fileprivate func wrongSides(_ samples: Samples, _ rows: ArraySlice<Int32>) -> [Int] {
    guard case .values(let values, let width) = samples.targets else { return rows.map { Int($0) } }
    let outputs = activation(graph.nodes.count - 1)
    var wrong: [Int] = []
    for (lane, row) in rows.enumerated() {
      let misses = (0..<width).contains { output in
        (outputs[output * batch.count + lane] > 0.5) != (values[Int(row) * width + output] > 0.5)
      }
      if misses { wrong.append(Int(row)) }
    }
    return wrong
  }
}

extension Samples {
  /// Mean over the outputs of the targets' variance; 1 for labels and constant targets.
  package var targetVariance: Double {
    guard case .values(let values, let width) = targets, count > 0 else { return 1 }
    var total = 0.0
    for output in 0..<width {
      let column = stride(from: output, to: values.count, by: width).map { Double(values[$0]) }
      let mean = column.reduce(0, +) / Double(column.count)
      total += column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(column.count)
    }
    let variance = total / Double(width)
    return variance > 0 ? variance : 1
  }
}
