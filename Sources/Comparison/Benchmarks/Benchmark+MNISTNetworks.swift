import Networks

/// MNIST on networks whose structure is not a chain of layers, or whose weights are no numbers.
extension Benchmark {
  /// A wide residual network: WRN-10-2.
  static let mnistWideResidual = mnist(
    "mnist-wrn", summary: "MNIST, wide residual network (WRN-10-2, pre-activation, dropout 0.3)",
    recipes: Recipes(dense: .descent(0.05, epochs: 2), fineTune: .descent(0.05, epochs: 0.1)),
    quickRecipes: Recipes(
      dense: .descent(0.05, epochs: 0.12, batchSize: 32),
      fineTune: .descent(0.02, epochs: 0.02, batchSize: 32)),
    initialization: .he, ratios: [2, 4, 8, 16, 32], measurementSamples: 500
  ) { () throws(GraphError) in
    try Models.residualNetwork(
      blocksPerStage: 1, form: .preActivation, width: 2, dropout: 0.3, input: Shape(1, 28, 28),
      classes: 10)
  }

  /// Three Inception modules.
  static let mnistInception = mnist(
    "mnist-inception",
    summary: "MNIST, three Inception modules (1×1, 3×3, 5×5 and a pool side by side)",
    recipes: Recipes(dense: .descent(0.05, epochs: 4), fineTune: .descent(0.05, epochs: 0.25)),
    quickRecipes: Recipes(
      dense: .descent(0.05, epochs: 0.2, batchSize: 32),
      fineTune: .descent(0.02, epochs: 0.05, batchSize: 32)),
    initialization: .he, ratios: [2, 4, 8, 16, 32], measurementSamples: 1000
  ) { () throws(GraphError) in try Models.inceptionNetwork(input: Shape(1, 28, 28), classes: 10) }

  /// Four fire modules.
  static let mnistSqueeze = mnist(
    "mnist-squeezenet", summary: "MNIST, four fire modules of SqueezeNet",
    recipes: Recipes(dense: .descent(0.05, epochs: 6), fineTune: .descent(0.05, epochs: 0.25)),
    quickRecipes: Recipes(
      dense: .descent(0.05, epochs: 0.3, batchSize: 32),
      fineTune: .descent(0.02, epochs: 0.05, batchSize: 32)),
    initialization: .he, ratios: [2, 4, 8, 16, 32], measurementSamples: 1000
  ) { () throws(GraphError) in try Models.squeezeNetwork(input: Shape(1, 28, 28), classes: 10) }

  /// Three convolutions whose channels may be connected sparsely.
  static let mnistChannels = mnist(
    "mnist-channels", summary: "MNIST, three convolutions (32-64-64), after Changpinyo et al.",
    recipes: Recipes(dense: .descent(0.1, epochs: 8), fineTune: .descent(0.1, epochs: 0.5)),
    quickRecipes: Recipes(
      dense: .descent(0.05, epochs: 0.5), fineTune: .descent(0.02, epochs: 0.1)),
    initialization: .fanIn, ratios: [2, 4, 8, 16, 32], measurementSamples: 1000
  ) { () throws(GraphError) in try Models.channelNetwork(input: Shape(1, 28, 28), classes: 10) }

  /// A perceptron of binary weights and activations.
  static let mnistBinary = mnist(
    "mnist-binarynet", summary: "MNIST, binary weights and activations (1024-1024-1024-10)",
    version: 4,
    recipes: Recipes(dense: .latent(0.003, epochs: 20), fineTune: .latent(0.001, epochs: 1)),
    quickRecipes: Recipes(
      dense: .latent(0.003, epochs: 0.5), fineTune: .latent(0.001, epochs: 0.1)),
    initialization: .glorot, ratios: [2, 4, 8, 16, 32], measurementSamples: 2000
  ) { () throws(GraphError) in
    try Models.binaryPerceptron(inputs: 784, widths: [1024, 1024, 1024], outputs: 10)
  }
}

extension TrainingRecipe {
  /// Adam on latent weights, without L2, which would draw them to where their signs are chance.
  fileprivate static func latent(_ learningRate: Double, epochs: Double) -> TrainingRecipe {
    TrainingRecipe(
      optimizer: .adam, learningRate: learningRate, schedule: .cosine, batchSize: 128,
      epochs: epochs, decay: 0)
  }
}
