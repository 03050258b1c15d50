package import Datasets
import Foundation
package import Networks

/// Benchmarks of a user's data.
extension Benchmark {
  /// What a user asks of one; nil for what is taken unless told otherwise.
  package struct Own: Sendable {
    /// The text of a network, and the file that it was read from.
    package var networkText: (text: String, file: String)?
    /// One of the program's networks.
    package var family: NetworkFamily?
    /// Passes over the training samples of the dense network.
    package var epochs: Double?

    package init(
      networkText: (text: String, file: String)? = nil, family: NetworkFamily? = nil,
      epochs: Double? = nil
    ) {
      self.networkText = networkText
      self.family = family
      self.epochs = epochs
    }
  }

  /// A benchmark of a user's data, named after the folder.
  ///
  /// Images take the recipe of MNIST's networks, tables that of the regressions, in as many passes as make about
  /// 60,000 steps at most; what is not asked for is chosen from the shape of the data alone, and nothing by how it comes
  /// out.
  ///
  /// - Throws: ``PlanError`` where the network does not fit the data.
  package init(of folder: DataFolder, own: Own = Own()) throws(PlanError) {
    let shape = Shape(folder.shape[0], folder.shape[1], folder.shape[2])
    let isImages = shape.plane > 1
    let graph = try Self.graph(own, shape, outputs: folder.outputs, isImages: isImages)
    let weights = Network(graph: graph).counts.weights
    let training = Double(folder.counts.first ?? 1) * (1 - folder.validationShare)
    let dense = isImages ? 20.0 : max(10, min(400, (60_000 * 32 / training).rounded()))
    let epochs = own.epochs ?? dense
    func recipe(_ epochs: Double, gentle: Bool) -> TrainingRecipe {
      guard !isImages else { return .descent(gentle ? 0.05 : 0.1, epochs: epochs) }
      return TrainingRecipe(
        optimizer: .adam, learningRate: gentle ? 0.01 : 0.02, schedule: .cosine, batchSize: 32,
        epochs: epochs, decay: 3e-5)
    }
    let ratios = isImages ? [4, 12, 25, 50, 100] : [2.0, 4, 8, 16, 32]
    let reachable = ratios.filter { Double(weights) / $0 >= 8 }
    self.init(
      name: Self.name(of: folder),
      summary: Self.summary(of: folder, shape, weights: weights), version: 1,
      metric: folder.classes == nil ? .normalisedSquaredError : .errorPercent,
      loss: folder.classes == nil ? .squaredError : .crossEntropy,
      recipes: Recipes(
        dense: recipe(epochs, gentle: false), fineTune: recipe(epochs / 20, gentle: !isImages)),
      quickRecipes: Recipes(
        dense: recipe(epochs / 10, gentle: true), fineTune: recipe(epochs / 80, gentle: true)),
      ratios: reachable.isEmpty ? [1.5] : reachable,
      rounds: isImages ? Self.mnistRounds : Self.rounds(to: 32), seeds: isImages ? 3 : 5,
      measurementSamples: max(1, min(1000, Int(training))), data: .folder(folder),
      structure: graph.text)
  }

  private static func graph(
    _ own: Own, _ shape: Shape, outputs: Int, isImages: Bool
  ) throws(PlanError) -> Graph {
    if let (text, file) = own.networkText {
      do {
        return try Graph(text: text, file: file)
      } catch { throw PlanError("\(error)") }
    }
    do {
      guard
        let family = try own.family
          ?? NetworkFamily(isImages ? "perceptron:300-100" : "perceptron:50")
      else { throw PlanError("no network is named") }
      return try family.graph(input: shape, outputs: outputs)
    } catch { throw PlanError("\(error)") }
  }

  /// What stands in names of benchmarks: small letters, digits, dots and strokes.
  private static func name(of folder: DataFolder) -> String {
    var last = URL(filePath: folder.path).lastPathComponent.lowercased()
    if last.hasSuffix(".csv") { last.removeLast(4) }
    let name = String(
      last.unicodeScalars.map { scalar in
        "abcdefghijklmnopqrstuvwxyz0123456789.-_".unicodeScalars.contains(scalar)
          ? Character(scalar) : "-"
      })
    let isTaken = name.isEmpty || catalogue.contains { $0.name == name }
    return isTaken ? "own-\(name)" : name
  }

  private static func summary(of folder: DataFolder, _ shape: Shape, weights: Int) -> String {
    let inputs = shape.plane > 1 ? "images of \(shape)" : "\(shape.channels) inputs"
    let targets =
      switch folder.classes {
      case let classes?: "\(classes.count) classes"
      case nil: folder.outputs == 1 ? "a number" : "\(folder.outputs) numbers"
      }
    let target = folder.target.map { " '\($0)'" } ?? ""
    return "\(folder.counts.first ?? 0) samples, \(inputs), \(targets)\(target); \(weights) weights"
  }
}

extension Benchmark {
  /// The digest of all of a user's benchmark but where its files lie; nil for those of the program, which
  /// ``name`` and ``version`` tell apart.
  package var digest: String? {
    guard !isOfProgram else { return nil }
    var plain = placeless
    plain.seeds = 0
    return (try? CanonicalJSON.encode(plain)).map { sha256Hex(of: $0) }
  }

  /// Whether it is one of the program's as it stands there, but for the number of seeds.
  var isOfProgram: Bool {
    // Most that are not have data of their own, which is told without a look at everything else.
    guard data.folder == nil, given == nil else { return false }
    guard var known = Self.catalogue.first(where: { $0.name == name }) else { return false }
    known.seeds = seeds
    return known == self
  }

  private var placeless: Benchmark {
    var benchmark = self
    if let folder = data.folder { benchmark.data = .folder(folder.withoutPath) }
    benchmark.given?.path = ""
    return benchmark
  }

  /// Whether a cell is of this benchmark as it is.
  func has(_ key: CellKey) -> Bool {
    key.benchmark == name && key.benchmarkVersion == version && key.benchmarkSHA256 == digest
  }
}
