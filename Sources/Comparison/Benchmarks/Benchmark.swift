package import Datasets
package import Foundation
package import Networks

/// A task on which strategies compete: data, a network, recipes and the ratios worth asking for.
///
/// It is a value, that of the program as well as that of a user: written to a file it is all of it.
package struct Benchmark: Codable, Hashable, Sendable {
  package let name: String
  /// One line, for lists.
  package let summary: String
  /// Raised when data, network, recipe or rounding change; stored results of another version are
  /// never mixed in.
  package let version: Int
  package let metric: Metric
  package let loss: Loss
  /// Whether budgets count biases too.
  package var prunesBiases = false
  package var initialization = Initialization.he
  package var recipes: Recipes
  /// The shortened recipes of `--quick`.
  package var quickRecipes: Recipes
  /// The ratios `compare` asks for unless told otherwise, rising.
  package var ratios: [Double] = [2, 4, 8, 16, 32]
  /// The rounds by which networks shrink, each with its own fine-tuning.
  package var rounds: RoundGrid
  /// The replicates `compare` runs unless told otherwise: more where they are cheap.
  package var seeds = 3
  /// How many training samples the quantities that strategies read are computed over.
  package let measurementSamples: Int
  /// What the data plants to be found; nil where nothing is known.
  package var planted: Planted? = nil
  /// Whether validation is the training set, for want of samples: an error on it chooses nothing.
  package var validatesOnTraining = false
  /// Which published results are of this task and network; nil where none are.
  package var published: PublishedTask? = nil
  package internal(set) var data: BenchmarkData
  /// The network, untrained, as `Graph.text` writes it.
  package let structure: String
  /// The trained network that every strategy starts from; nil where one is trained here.
  package internal(set) var given: GivenNetwork? = nil

  /// How the dense network is trained, and how long each round of pruning is followed by training.
  package struct Recipes: Codable, Hashable, Sendable {
    package var dense: TrainingRecipe
    package var fineTune: TrainingRecipe
    /// How many initialisations of the dense network are trained; the one with the least training
    /// loss is kept, for all strategies alike.
    package var starts = 1

    package init(dense: TrainingRecipe, fineTune: TrainingRecipe, starts: Int = 1) {
      self.dense = dense
      self.fineTune = fineTune
      self.starts = starts
    }
  }

  /// Parts of a problem that a perfect strategy removes.
  package struct Planted: Codable, Hashable, Sendable {
    /// Inputs the target does not depend on.
    package var deadInputs: [Int]
    /// Hidden units of the network beyond those of the teacher.
    package var surplusUnits: Int

    package init(deadInputs: [Int], surplusUnits: Int) {
      self.deadInputs = deadInputs
      self.surplusUnits = surplusUnits
    }
  }

  /// The finer ratios of `run`, rising: every round is reported.
  package var trajectory: [Double] { rounds.ratios }

  /// What the data are drawn from; nil where they are read from files or are a list of points.
  package var task: FunctionTask? { data.task }

  /// Whether making its splits reads files of the data folder.
  package var readsFiles: Bool { data.readsFiles }

  /// The splits of one replicate.
  ///
  /// - Parameter directory: Finds the data folder, for those that read files.
  package func splits(seed: UInt64, _ directory: () throws -> URL) throws -> Splits {
    try data.splits(seed: seed, directory)
  }

  /// The error, in the unit of the metric, that the function behind the data has itself; nil where
  /// the data have no noise or nobody knows.
  package var noiseFloor: Double? {
    task.flatMap { $0.noise > 0 ? $0.noiseFloor : nil }
  }

  /// The share of each layer's units that the seed network of growers has.
  package static let seedShare = 0.1

  /// The share of the dense network's training behind which its weights are kept to be rewound to.
  static let earlyShare = 0.05

  /// How many of a period's steps that is.
  static func earlySteps(of total: Int) -> Int {
    Int((earlyShare * Double(total)).rounded())
  }

  package func recipes(quick: Bool) -> Recipes { quick ? quickRecipes : recipes }

  /// The network with its parameters zero.
  package func network() throws -> Network {
    Network(graph: try Graph(text: structure, file: name), prunesBiases: prunesBiases)
  }

  /// The text of a network of this program. One that is not whole is refused where it is read.
  static func text(of graph: () throws(GraphError) -> Graph) -> String { (try? graph().text) ?? "" }

  /// Live weights that a compression ratio asks to leave: the rounded quotient, at least 1.
  package static func weightsGoal(dense weights: Int, ratio: Double) -> Int {
    max(1, Int((Double(weights) / ratio).rounded()))
  }
}
