import Networks

extension Benchmark {
  /// The four points of the exclusive or, and the network on which Hassibi & Stork 1993 show which weights
  /// may go: sigmoid units, squared error, biases counted and pruned like weights.
  ///
  /// Some starts end in a local minimum: of eight the one with the least loss is kept. With eight of nine
  /// weights some networks can still be trained to solve the problem and some cannot, by which weight went.
  static let exclusiveOr: Benchmark = {
    let recipe = TrainingRecipe(
      optimizer: .adam, learningRate: 0.05, schedule: .constant, batchSize: 4, epochs: 1500,
      decay: 0)
    let recipes = Recipes(dense: recipe, fineTune: recipe, starts: 8)
    var quickRecipes = recipes
    (quickRecipes.dense.epochs, quickRecipes.fineTune.epochs) = (1000, 1000)
    return Benchmark(
      name: "xor", summary: "the exclusive or, 4 points; 2-2-1 sigmoid, 9 weights with biases",
      version: 2, metric: .thresholdErrorPercent, loss: .squaredError, prunesBiases: true,
      recipes: recipes, quickRecipes: quickRecipes, ratios: [9.0 / 8],
      // One weight at a time; with fewer than five no network solves it.
      rounds: RoundGrid((5..<9).reversed().map { 9 / Double($0) }), seeds: 20,
      measurementSamples: 4, validatesOnTraining: true,
      data: .builtIn(.exclusiveOr),
      structure: text { () throws(GraphError) in
        try Models.multilayerPerceptron(
          inputs: 2, widths: [2], outputs: 1, activation: .sigmoid, outputActivation: .sigmoid)
      })
  }()
}
