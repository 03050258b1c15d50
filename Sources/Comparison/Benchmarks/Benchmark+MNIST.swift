import Networks

extension Benchmark {
  /// LeNet-300-100 on MNIST: 266,200 weights.
  static let mnistPerceptron = mnist(
    "mnist-300-100", summary: "MNIST, LeNet-300-100 (fully connected)", version: 4,
    recipes: Recipes(dense: .descent(0.1, epochs: 40), fineTune: .descent(0.1, epochs: 2)),
    quickRecipes: Recipes(
      dense: .descent(0.05, epochs: 1), fineTune: .descent(0.05, epochs: 0.25)),
    // As many seeds as keep the default comparison below five minutes on two cores.
    initialization: .fanIn, seeds: 4, measurementSamples: 5000, architectures: ["LeNet-300-100"]
  ) { () throws(GraphError) in try Models.leNet300() }

  /// The same, trained for as many passes as the papers whose ratios lie beyond 20×: what they say of a
  /// method they say of it with that much training.
  static let mnistPerceptronLong = mnist(
    "mnist-300-100:long", summary: "MNIST, LeNet-300-100, 200 epochs", version: 4,
    recipes: Recipes(dense: .descent(0.1, epochs: 200), fineTune: .descent(0.1, epochs: 5)),
    quickRecipes: mnistPerceptron.quickRecipes, initialization: .fanIn, measurementSamples: 5000,
    architectures: ["LeNet-300-100"]
  ) { () throws(GraphError) in try Models.leNet300() }

  /// LeNet-5 of Caffe on MNIST: 430,500 weights.
  static let mnistLeNet5 = mnist(
    "mnist-lenet5", summary: "MNIST, LeNet-5 of Caffe (20-50-500-10)",
    recipes: Recipes(dense: .descent(0.1, epochs: 8), fineTune: .descent(0.1, epochs: 1)),
    quickRecipes: Recipes(
      dense: .descent(0.05, epochs: 0.5), fineTune: .descent(0.02, epochs: 0.1)),
    initialization: .fanIn, measurementSamples: 2000,
    // Papers that remove units name the widths that are left, and none touches the first layer's.
    architectures: ["LeNet-5-Caffe", "20-"]
  ) { () throws(GraphError) in try Models.leNet5() }

  /// The same, trained for as many passes as the papers whose errors lie below 0.75 %.
  static let mnistLeNet5Long = mnist(
    "mnist-lenet5:long", summary: "MNIST, LeNet-5 of Caffe, 200 epochs",
    recipes: Recipes(dense: .descent(0.1, epochs: 200), fineTune: .descent(0.1, epochs: 5)),
    quickRecipes: mnistLeNet5.quickRecipes, initialization: .fanIn, measurementSamples: 2000,
    architectures: ["LeNet-5-Caffe", "20-"]
  ) { () throws(GraphError) in try Models.leNet5() }

  /// A residual network of six blocks on MNIST.
  static let mnistResidual = mnist(
    "mnist-resnet", summary: "MNIST, residual network of 3 stages with 2 blocks each",
    recipes: Recipes(dense: .descent(0.05, epochs: 3), fineTune: .descent(0.05, epochs: 0.2)),
    // Small batches: so few samples make too few steps otherwise.
    quickRecipes: Recipes(
      dense: .descent(0.05, epochs: 0.1, batchSize: 32),
      fineTune: .descent(0.02, epochs: 0.02, batchSize: 32)),
    // Blocks and units are coarse: few strategies reach further.
    initialization: .he, ratios: [2, 4, 8, 16, 32], measurementSamples: 1000
  ) { () throws(GraphError) in
    try Models.residualNetwork(blocksPerStage: 2, input: Shape(1, 28, 28), classes: 10)
  }

  /// LeNet-300-100 on data that neither its recipe nor a strategy was chosen on.
  static let fashionPerceptron = mnistPerceptron.onFashion(
    "fashion-300-100", summary: "Fashion-MNIST, LeNet-300-100, untuned: recipe of mnist-300-100")

  /// LeNet-5 on data that neither its recipe nor a strategy was chosen on.
  static let fashionLeNet5 = mnistLeNet5.onFashion(
    "fashion-lenet5", summary: "Fashion-MNIST, LeNet-5, untuned: recipe of mnist-lenet5")

  /// Steps of at most 1.3 where they begin to matter, and of an eighth where each counts; the network
  /// is sparse there, and a round short.
  static let mnistRounds = RoundGrid([
    2, 4, 8, 12, 14, 16, 20, 25, 28, 32, 36, 40, 45, 50, 57, 64, 72, 80, 90, 100,
  ])

  static func mnist(
    _ name: String, summary: String, version: Int = 5, recipes: Recipes, quickRecipes: Recipes,
    initialization: Initialization, ratios: [Double] = [4, 12, 25, 50, 100], seeds: Int = 3,
    measurementSamples: Int,
    architectures: [String] = [],
    graph: () throws(GraphError) -> Graph
  ) -> Benchmark {
    Benchmark(
      name: name, summary: summary, version: version, metric: .errorPercent, loss: .crossEntropy,
      initialization: initialization, recipes: recipes, quickRecipes: quickRecipes,
      ratios: ratios, rounds: mnistRounds, seeds: seeds,
      measurementSamples: measurementSamples,
      published: architectures.isEmpty
        ? nil : PublishedTask(dataset: "MNIST", architectures: architectures),
      data: .builtIn(.mnist), structure: text(of: graph))
  }

  /// The same network and recipe on articles of clothing.
  private func onFashion(_ name: String, summary: String) -> Benchmark {
    Benchmark(
      name: name, summary: summary, version: version, metric: metric, loss: loss,
      initialization: initialization, recipes: recipes, quickRecipes: quickRecipes,
      ratios: ratios, rounds: rounds, seeds: 3, measurementSamples: measurementSamples,
      data: .builtIn(.fashionMNIST), structure: structure)
  }
}
