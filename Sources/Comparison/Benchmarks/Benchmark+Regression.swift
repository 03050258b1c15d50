import Datasets
import Networks

extension Benchmark {
  /// Regressions with a known function and noise: a hidden layer of tanh units, wider than needed.
  static let regression = [
    regression(
      .sine, hidden: 50, lastRatio: 16, summary: "sin x from 1 input; 1-50-1 tanh"),
    regression(
      .friedman1, hidden: 50,
      summary: "Friedman 1: 10 inputs, 5 of them dead; 10-50-1 tanh"),
    regression(
      .friedman2, hidden: 50, summary: "Friedman 2: impedance of a circuit; 4-50-1 tanh"),
    regression(
      .friedman3, hidden: 50, summary: "Friedman 3: phase of a circuit; 4-50-1 tanh"),
    regression(
      .teacher, hidden: teacherHidden, teacher: Teacher.standard.hiddenUnits,
      summary: "a sparse teacher of 50 weights, 8 of 20 inputs dead; 20-40-1 tanh"),
  ]

  private static let teacherHidden = 40

  /// Many short rounds, until few weights are left.
  static func rounds(to last: Double) -> RoundGrid {
    let all = [1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32]
    return RoundGrid(all.filter { $0 <= last })
  }

  /// - Parameter teacher: Hidden units of the network that made the data, when one did.
  private static func regression(
    _ data: BuiltInData, hidden: Int, teacher: Int? = nil, lastRatio: Double = 32, summary: String
  ) -> Benchmark {
    func recipe(_ learningRate: Double, epochs: Double) -> TrainingRecipe {
      TrainingRecipe(
        optimizer: .adam, learningRate: learningRate, schedule: .cosine, batchSize: 32,
        epochs: epochs, decay: 3e-5)
    }
    var planted: Planted?
    let irrelevant = data.task?.irrelevantInputs ?? []
    if teacher != nil || !irrelevant.isEmpty {
      planted = Planted(
        deadInputs: irrelevant, surplusUnits: teacher.map { hidden - $0 } ?? 0)
    }
    let inputs = data.task?.inputs ?? 0
    return Benchmark(
      name: data.rawValue, summary: summary, version: 4, metric: .normalisedSquaredError,
      loss: .squaredError,
      recipes: Recipes(
        dense: recipe(0.02, epochs: 400), fineTune: recipe(0.01, epochs: 10)),
      quickRecipes: Recipes(
        dense: recipe(0.02, epochs: 40), fineTune: recipe(0.01, epochs: 2)),
      ratios: [2, 4, 8, 16, 24, 32].filter { $0 <= lastRatio }, rounds: rounds(to: lastRatio),
      seeds: 10, measurementSamples: 1000,
      planted: planted, data: .builtIn(data),
      structure: text { () throws(GraphError) in
        try Models.multilayerPerceptron(
          inputs: inputs, widths: [hidden], outputs: 1, activation: .tanh)
      })
  }
}
