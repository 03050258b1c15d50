import Networks

extension Benchmark {
  /// The tasks on which papers show networks that grow, with dense networks wide enough to prune.
  static let growth = [twoSpirals] + parities + [multiSine]

  /// Fahlman's 194 points. Validation is the training set: there are no other points. The dense network
  /// has as many weights as a cascade of 25 units, which is as many as the paper's runs needed.
  private static let twoSpirals = shortcuts(
    "two-spirals", of: "194 points of two spirals, tested halfway between them", version: 2,
    inputs: 2, hidden: 125, dense: (rate: 0.03, epochs: 20_000),
    fineTune: (rate: 0.01, epochs: 1000),
    ratios: [1, 1.5, 2, 3, 4, 6], data: .twoSpirals)

  /// All patterns are seen in training: what counts is how few units learn them.
  private static let parities = [
    (4, 12, BuiltInData.parity4), (6, 24, .parity6), (8, 40, .parity8),
  ].map { inputs, hidden, data in
    shortcuts(
      "parity-\(inputs)", of: "parity of \(inputs) inputs, tested on the training set",
      inputs: inputs, hidden: hidden, dense: (rate: 0.02, epochs: 3000),
      fineTune: (rate: 0.01, epochs: 200), ratios: [1.5, 2, 3, 4], data: data)
  }

  /// Two classes, and a network with direct weights from its inputs to its output, as cascade correlation
  /// has them in its flat form.
  ///
  /// The output is linear with 0 and 1 as its targets: behind a sigmoid, points far on the wrong side
  /// have no gradient in the squared error, and a few of the spirals' stayed there in every run. All
  /// samples make one batch, as in the papers: in two batches, three times the steps left a quarter of
  /// the spirals' points wrong.
  private static func shortcuts(
    _ name: String, of task: String, version: Int = 1, inputs: Int, hidden: Int,
    dense: (rate: Double, epochs: Double), fineTune: (rate: Double, epochs: Double),
    ratios: [Double], data: BuiltInData
  ) -> Benchmark {
    func recipe(_ learningRate: Double, epochs: Double) -> TrainingRecipe {
      TrainingRecipe(
        optimizer: .adam, learningRate: learningRate, schedule: .cosine, batchSize: 256,
        epochs: epochs, decay: 0)
    }
    return Benchmark(
      name: name, summary: "\(task); \(inputs)-\(hidden)-1 tanh, direct weights",
      version: version, metric: .thresholdErrorPercent, loss: .squaredError,
      recipes: Recipes(
        dense: recipe(dense.rate, epochs: dense.epochs),
        fineTune: recipe(fineTune.rate, epochs: fineTune.epochs)),
      quickRecipes: Recipes(
        dense: recipe(dense.rate, epochs: dense.epochs / 10),
        fineTune: recipe(fineTune.rate, epochs: fineTune.epochs / 10)),
      ratios: ratios, rounds: RoundGrid([1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 5, 6]),
      seeds: 10, measurementSamples: 1000, validatesOnTraining: true,
      data: .builtIn(data),
      structure: text { () throws(GraphError) in
        try Models.shortcutPerceptron(
          inputs: inputs, hidden: hidden, outputs: 1, activation: .tanh)
      })
  }

  /// Three targets at once, without noise.
  private static let multiSine: Benchmark = {
    func recipe(_ learningRate: Double, epochs: Double) -> TrainingRecipe {
      TrainingRecipe(
        optimizer: .adam, learningRate: learningRate, schedule: .cosine, batchSize: 128,
        epochs: epochs, decay: 0)
    }
    return Benchmark(
      name: BuiltInData.multiSine.rawValue,
      summary: "sums of ten sines at three phases, no noise; 10-50-50-3 tanh", version: 1,
      metric: .normalisedSquaredError, loss: .squaredError,
      recipes: Recipes(
        dense: recipe(0.01, epochs: 200), fineTune: recipe(0.005, epochs: 10)),
      quickRecipes: Recipes(
        dense: recipe(0.01, epochs: 20), fineTune: recipe(0.005, epochs: 1)),
      ratios: [2, 4, 8, 16],
      rounds: RoundGrid([1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 10, 12, 14, 16]),
      seeds: 5, measurementSamples: 1000, data: .builtIn(.multiSine),
      structure: text { () throws(GraphError) in
        try Models.multilayerPerceptron(
          inputs: 10, widths: [50, 50], outputs: 3,
          activation: .tanh)
      })
  }()
}
