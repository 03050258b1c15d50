// Stand-ins for the training types, until those of Networks are here.

package enum Loss: String, Codable, Sendable { case crossEntropy, squaredError }

package enum Metric: String, Codable, Sendable {
  case errorPercent, thresholdErrorPercent, normalisedSquaredError
}

package enum OptimizerKind: Codable, Hashable, Sendable {
  case sgd(momentum: Double, nesterov: Bool)
  case adam
}

package enum Schedule: Codable, Hashable, Sendable {
  case constant, cosine
  case step(every: Double, factor: Double)
}

package struct TrainingRecipe: Codable, Hashable, Sendable {
  package var optimizer: OptimizerKind
  package var learningRate: Double
  package var schedule: Schedule
  package var batchSize: Int
  package var epochs: Double
  package var decay: Float
  package var samplesPerEpoch: Int?

  package init(
    optimizer: OptimizerKind, learningRate: Double, schedule: Schedule, batchSize: Int,
    epochs: Double, decay: Float, samplesPerEpoch: Int? = nil
  ) {
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.schedule = schedule
    self.batchSize = batchSize
    self.epochs = epochs
    self.decay = decay
    self.samplesPerEpoch = samplesPerEpoch
  }
}
