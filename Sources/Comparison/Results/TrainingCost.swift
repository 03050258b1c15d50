/// What a point took, from the untrained network on.
package struct TrainingCost: Codable, Hashable, Sendable {
  /// Shown in training, the dense network's included where the cell starts from it.
  package var samples: Int
  /// Operations of training, and of measuring what strategies read; a multiply-add is 2. See
  /// `Network.trainingOperations`.
  package var operations: Double
  /// Those of the dense network's training alone.
  package var denseOperations: Double

  /// Nothing yet.
  static let none = TrainingCost(samples: 0, operations: 0, denseOperations: 0)

  package init(samples: Int, operations: Double, denseOperations: Double) {
    self.samples = samples
    self.operations = operations
    self.denseOperations = denseOperations
  }
}
