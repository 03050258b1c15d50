import Numerics

extension Samples {
  /// - Throws: ``TrainingError`` when these samples cannot be shown to `network`.
  func check(against network: Network, _ loss: Loss) throws(TrainingError) {
    guard count > 0 else { throw .mismatch("there are no training samples") }
    guard features == network.graph.inputShape.count, outputs == network.graph.outputs else {
      throw .mismatch(
        "samples of \(features) features and \(outputs) outputs do not fit a "
          + "network of \(network.graph.inputShape.count) and \(network.graph.outputs)")
    }
    guard network.frozen.isEmpty || network.frozen.count == network.layout.count else {
      throw .mismatch(
        "\(network.frozen.count) parameters are said to be frozen or not, and there are "
          + "\(network.layout.count)")
    }
    switch (loss, targets) {
    case (.crossEntropy, .labels), (.squaredError, .values): return
    default: throw .mismatch("the loss \(loss.rawValue) does not fit the samples' targets")
    }
  }

  /// The rows of every mini-batch of a period.
  func batches(of recipe: TrainingRecipe, _ random: inout RandomStream) -> [ArraySlice<Int32>] {
    var left = recipe.sampleBudget(of: count)
    var batches: [ArraySlice<Int32>] = []
    while left > 0 {
      let order = random.permutation(count).prefix(left)
      for start in stride(from: 0, to: order.count, by: recipe.batchSize) {
        batches.append(order[start..<min(start + recipe.batchSize, order.count)])
      }
      left -= order.count
    }
    return batches
  }
}
