import Foundation
import Networks
import Numerics
import Testing

@Suite("Images that are changed each time they are shown")
struct AugmentationTests {
  /// One pixel lit, so that a shifted image says where it was shifted to.
  private func samples(_ count: Int) throws -> Samples {
    var inputs = [Float](repeating: 0, count: count * 49)
    for sample in 0..<count { inputs[sample * 49 + 3 * 7 + 3] = 1 }
    return try Samples(
      shape: [1, 7, 7], inputs: inputs,
      targets: .labels((0..<count).map { Int32($0 % 2) }, classes: 2))
  }

  private func trained(
    _ augmentation: Augmentation?, stop: Int? = nil, on samples: Samples
  ) throws -> Network {
    let graph = try Models.multilayerPerceptron(
      inputs: 49, widths: [5], outputs: 2, activation: .tanh)
    let network = Network(graph: graph).initialized(seed: 1)
    let recipe = TrainingRecipe(
      optimizer: .sgd(momentum: 0.9, nesterov: false), learningRate: 0.1, schedule: .constant,
      batchSize: 8, epochs: 3, decay: 0, augmentation: augmentation)
    var random = RandomStream(seed: 1, name: "training")
    let period = try Trainer(loss: .crossEntropy).begin(
      network, state: OptimizerState(parameters: network.layout.count), on: samples,
      recipe: recipe, random: &random)
    if let stop { try period.advance(to: stop) }
    try period.advance(to: period.total)
    return period.network
  }

  /// Weights that read pixels which only a shift can light have a gradient with it, and none without.
  @Test func whatIsShiftedIsSeenElsewhere() throws {
    let samples = try samples(20)
    let start = try trained(nil, on: samples)
    let shifted = try trained(Augmentation(shift: 2), on: samples)
    let fresh = Network(graph: start.graph).initialized(seed: 1)
    func changed(_ network: Network) -> Set<Int> {
      Set((0..<49).filter { network.values[$0] != fresh.values[$0] })
    }
    #expect(changed(start) == [3 * 7 + 3])
    let reached = changed(shifted)
    let allowed = (0..<49).filter { 1...5 ~= $0 / 7 && 1...5 ~= $0 % 7 }
    #expect(reached.isSubset(of: allowed) && reached.count > 15)
  }

  @Test func aPeriodThatStopsSeesTheSameImages() throws {
    let samples = try samples(20)
    let all = Augmentation(shift: 1.5, rotation: 20, scaling: 0.2, shear: 0.1)
    let whole = try trained(all, on: samples)
    for stop in 1...8 { #expect(try trained(all, stop: stop, on: samples) == whole) }
    #expect(try trained(Augmentation(shift: 1.5), on: samples) != whole)
  }

  @Test func nothingIsNothing() throws {
    let samples = try samples(20)
    // The batches are drawn before anything else is.
    #expect(try trained(Augmentation(), on: samples) == trained(nil, on: samples))
  }

  @Test func plainVectorsAreRefused() throws {
    let vectors = try Samples(
      shape: [49, 1, 1], inputs: samples(4).inputs,
      targets: .labels([0, 1, 0, 1], classes: 2))
    #expect(throws: TrainingError.self) { try trained(Augmentation(shift: 1), on: vectors) }
  }

  /// Recipes without it are in files as they were.
  @Test func recipesThatAskForNoneHaveNoWordOfIt() throws {
    var recipe = TrainingRecipe(
      optimizer: .adam, learningRate: 0.1, schedule: .constant, batchSize: 8, epochs: 3, decay: 0)
    #expect(!String(decoding: try JSONEncoder().encode(recipe), as: UTF8.self).contains("augment"))
    recipe.augmentation = Augmentation(shift: 2, rotation: 3)
    let copy = try JSONDecoder().decode(
      TrainingRecipe.self, from: try JSONEncoder().encode(recipe))
    #expect(copy == recipe)
  }
}
