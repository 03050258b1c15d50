/// A layer to be put into a network.
package struct LayerSpecification: Sendable, Equatable {
  /// Of a kind that can be put in.
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
    guard statistics.isEmpty, operation.kind.keepsStatistics else { return statistics }
    return biases.indices.map { $0 < biases.count / 2 ? 0 : 1 }
  }

  /// What is wrong with the layer on an input of this shape, or nil.
  func problem(reading input: Shape) -> String? {
    guard type(of: operation.kind).canBePutIn else {
      let words = Operation.kinds.filter { $0.canBePutIn }.map { $0.word }
      return "is of kind \(operation.word), and none of those that can be put in: "
        + words.joined(separator: ", ")
    }
    let wanted: LayerDemand
    do throws(LayerProblem) {
      wanted = try operation.kind.demand(reading: input)
    } catch {
      return error.reason
    }
    guard weights.count == wanted.weights, biases.count == wanted.biases else {
      return "has \(weights.count) weights and \(biases.count) biases, and \(wanted.weights) and "
        + "\(wanted.biases) are wanted"
    }
    guard statistics.isEmpty || statistics.count == wanted.statistics else {
      return "has \(statistics.count) running statistics, and \(wanted.statistics) are wanted"
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
