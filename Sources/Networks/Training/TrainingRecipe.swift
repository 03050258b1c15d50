import Foundation

/// How parameters follow the gradient.
package enum OptimizerKind: Codable, Hashable, Sendable {
  /// Stochastic gradient descent: v ← momentum · v + g; with Nesterov's look-ahead on request.
  case sgd(momentum: Float, nesterov: Bool)
  /// Kingma & Ba 2015.
  case adam(beta1: Float, beta2: Float, epsilon: Float)

  /// Whether it keeps a second moment of each parameter.
  var hasSecond: Bool { if case .adam = self { true } else { false } }

  /// Adam with the paper's constants.
  package static let adam = OptimizerKind.adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
}

/// How the learning rate changes over a training period.
package enum Schedule: Codable, Hashable, Sendable {
  case constant
  /// Multiplied by `factor` after each `every` (a share of the period).
  case step(every: Double, factor: Double)
  /// From the full rate to 0 along half a cosine.
  case cosine

  /// The factor on the learning rate at `progress`, a share of the period in 0 ..< 1.
  package func factor(at progress: Double) -> Double {
    switch self {
    case .constant: 1
    case .step(let every, let factor): pow(factor, (progress / every).rounded(.down))
    case .cosine: (1 + cos(.pi * progress)) / 2
    }
  }
}

/// A training period: everything that decides it but the data, the network and the random stream.
package struct TrainingRecipe: Codable, Hashable, Sendable {
  package var optimizer: OptimizerKind
  package var learningRate: Double
  package var schedule: Schedule
  package var batchSize: Int
  /// Passes over the training samples; a broken number ends within a pass.
  package var epochs: Double
  /// L2: this times the parameter is added to its gradient.
  package var decay: Float
  /// A longer gradient is shortened to this Euclidean norm, which bounds what one bad step can do.
  ///
  /// R. Pascanu, T. Mikolov, Y. Bengio: On the Difficulty of Training Recurrent Neural Networks.
  /// ICML 2013, arXiv:1211.5063, algorithm 1.
  package var longestGradient: Double?
  /// How training images are changed each time they are shown; nil for not at all.
  package var augmentation: Augmentation?

  package init(
    optimizer: OptimizerKind, learningRate: Double, schedule: Schedule, batchSize: Int,
    epochs: Double, decay: Float, longestGradient: Double? = nil,
    augmentation: Augmentation? = nil
  ) {
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.schedule = schedule
    self.batchSize = batchSize
    self.epochs = epochs
    self.decay = decay
    self.longestGradient = longestGradient
    self.augmentation = augmentation
  }

  /// What a step leaves of the gradients before it in the optimiser's memory.
  package var momentum: Float {
    switch optimizer {
    case .sgd(let momentum, _): momentum
    case .adam(let beta1, _, _): beta1
    }
  }

  /// The samples that are shown in a period on a training set of `count`.
  package func sampleBudget(of count: Int) -> Int {
    max(1, Int((epochs * Double(count)).rounded()))
  }
}
