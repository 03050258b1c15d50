import Datasets
import Networks

extension Benchmark {
  /// The MONK's problems with the networks of Hassibi & Stork 1993: sigmoid units throughout, squared
  /// error, biases counted and pruned like weights.
  ///
  /// The data sets give no validation samples and are too small to give any away: validation is the
  /// training set. Of several initialisations the one with the least training loss is kept, before
  /// any strategy sees it.
  ///
  /// The networks are those of S. Thrun et al.: The MONK's Problems (1991) with weight decay, beside
  /// which the paper sets its own. Without the decay units saturate, and what curvature is left says
  /// little: the surgeon then leaves 16 to 18 weights on the second problem, and 10 to 19 on the first.
  static let monks = [
    monks(
      .firstMonks, hidden: 3, weights: 58, denseEpochs: 3000, fineTuneEpochs: 1000, decay: 1e-4,
      ratios: [2, 3, 4, 5, 6]),
    monks(
      .secondMonks, hidden: 2, weights: 39, denseEpochs: 1000, fineTuneEpochs: 100, decay: 1e-4,
      ratios: [1.25, 1.5, 2, 2.5, 3]),
    // Six training labels are wrong on purpose: more decay keeps the network from learning them.
    monks(
      .thirdMonks, hidden: 2, weights: 39, denseEpochs: 1000, fineTuneEpochs: 300, decay: 1e-3,
      ratios: [2, 4, 6, 8, 10]),
  ]

  private static func monks(
    _ data: BuiltInData, hidden: Int, weights: Int, denseEpochs: Double,
    fineTuneEpochs: Double, decay: Float, ratios: [Double]
  ) -> Benchmark {
    func recipe(_ learningRate: Double, epochs: Double) -> TrainingRecipe {
      TrainingRecipe(
        optimizer: .adam, learningRate: learningRate, schedule: .cosine, batchSize: 32,
        epochs: epochs, decay: decay)
    }
    let problem = data.monks?.rawValue ?? 0
    return Benchmark(
      name: data.rawValue,
      summary: "MONK's problem \(problem); 17-\(hidden)-1 sigmoid, \(weights) weights "
        + "with biases",
      version: 5, metric: .thresholdErrorPercent, loss: .squaredError, prunesBiases: true,
      recipes: Recipes(
        dense: recipe(0.02, epochs: denseEpochs),
        fineTune: recipe(0.01, epochs: fineTuneEpochs), starts: 20),
      quickRecipes: Recipes(
        dense: recipe(0.05, epochs: 200), fineTune: recipe(0.01, epochs: 20), starts: 2),
      ratios: ratios,
      // One weight at a time, down to 2.
      rounds: RoundGrid((2..<weights).reversed().map { Double(weights) / Double($0) }),
      seeds: 10, measurementSamples: 1000, validatesOnTraining: true,
      published: PublishedTask(
        dataset: "MONK-\(problem)", architectures: ["17-\(hidden)-1"]),
      data: .builtIn(data),
      structure: text { () throws(GraphError) in
        try Models.multilayerPerceptron(
          inputs: 17, widths: [hidden], outputs: 1, activation: .sigmoid,
          outputActivation: .sigmoid)
      })
  }
}
