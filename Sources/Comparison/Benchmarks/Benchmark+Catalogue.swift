import Networks

extension Benchmark {
  /// All benchmarks, small ones first.
  package static let catalogue: [Benchmark] =
    regression + monks + [exclusiveOr] + growth
    + [
      mnistPerceptron, mnistPerceptronLong, mnistLeNet5, mnistLeNet5Long, mnistResidual,
      mnistWideResidual, mnistInception, mnistSqueeze, mnistChannels, mnistBinary,
      fashionPerceptron,
      fashionLeNet5,
    ]
}

extension TrainingRecipe {
  /// Stochastic gradient descent as the pruning papers train on MNIST: momentum 0.9, batches of
  /// 128, L2 5e-4, the rate falling along a cosine. A gradient longer than 1 is shortened: networks
  /// that a strategy has just rebuilt have steep places that the rate would throw them out of.
  static func descent(
    _ learningRate: Double, epochs: Double, batchSize: Int = 128
  ) -> TrainingRecipe {
    TrainingRecipe(
      optimizer: .sgd(momentum: 0.9, nesterov: false), learningRate: learningRate,
      schedule: .cosine, batchSize: batchSize, epochs: epochs, decay: 5e-4,
      longestGradient: 1)
  }
}
