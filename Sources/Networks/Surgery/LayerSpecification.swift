/// A layer to be put into a network.
package struct LayerSpecification: Sendable, Equatable {
  /// `.dense`, `.convolution`, `.batchNorm` or an activation.
  package var operation: Operation
  /// As ``ParameterLayout`` orders a layer's weights; empty where there are none.
  package var weights: [Float]
  /// One a unit, or empty where the operation has no bias; of a batch normalisation the scales, then
  /// the shifts.
  package var biases: [Float]
  /// The running means of a batch normalisation, then its running variances; empty for 0 and 1.
  package var statistics: [Float]

  package init(
    operation: Operation, weights: [Float] = [], biases: [Float] = [], statistics: [Float] = []
  ) {
    self.operation = operation
    self.weights = weights
    self.biases = biases
    self.statistics = statistics
  }
}

extension LayerSpecification {
  /// The running statistics to begin with.
  var initialStatistics: [Float] {
    guard statistics.isEmpty, case .batchNorm = operation else { return statistics }
    return biases.indices.map { $0 < biases.count / 2 ? 0 : 1 }
  }

  /// What is wrong with the layer on an input of this shape, or nil.
  func problem(reading input: Shape) -> String? {
    let wanted: (weights: Int, biases: Int)
    var statistics = 0
    switch operation {
    case .dense(let units, let bias):
      guard units > 0 else { return "has \(units) units; at least one is needed" }
      let (weights, overflow) = units.multipliedReportingOverflow(by: input.count)
      guard !overflow else { return "has \(units) units, too many" }
      wanted = (weights, bias ? units : 0)
    case .convolution(let convolution):
      let kernel = convolution.kernel
      let padding = convolution.padding
      guard convolution.channels > 0, kernel.height > 0, kernel.width > 0 else {
        return "needs at least one filter, and a kernel of at least 1×1"
      }
      guard convolution.stride.height > 0, convolution.stride.width > 0 else {
        return "needs a stride of at least 1"
      }
      guard 0...kernel.height ~= padding.height, 0...kernel.width ~= padding.width else {
        return "has a padding that is negative or wider than its kernel"
      }
      var weights = convolution.channels
      for factor in [input.channels, kernel.height, kernel.width] {
        let (product, overflow) = weights.multipliedReportingOverflow(by: factor)
        guard !overflow else { return "has too many weights" }
        weights = product
      }
      wanted = (weights, convolution.bias ? convolution.channels : 0)
    case .batchNorm:
      wanted = (0, 2 * input.channels)
      statistics = 2 * input.channels
    case .relu, .tanh, .sigmoid:
      wanted = (0, 0)
    default:
      return "is of kind \(operation.word); dense, convolution, batch-norm, relu, tanh and sigmoid "
        + "can be put in"
    }
    guard weights.count == wanted.weights, biases.count == wanted.biases else {
      return "has \(weights.count) weights and \(biases.count) biases, and \(wanted.weights) and "
        + "\(wanted.biases) are wanted"
    }
    guard self.statistics.isEmpty || self.statistics.count == statistics else {
      return "has \(self.statistics.count) running statistics, and \(statistics) are wanted"
    }
    return problemOfValues
  }

  private var problemOfValues: String? {
    for (values, word) in [(weights, "weight"), (biases, "bias"), (statistics, "statistic")] {
      if let index = values.firstIndex(where: { !$0.isFinite }) {
        return "has the \(word) \(values[index]) at index \(index), not a finite number"
      }
    }
    let channels = statistics.count / 2
    if let channel = statistics[channels...].firstIndex(where: { $0 <= 0 }) {
      return "has the variance \(statistics[channel]) for channel \(channel - channels); "
        + "it must be above 0"
    }
    return nil
  }
}
