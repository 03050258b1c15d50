import CAllocations
import Networks
import Numerics
import Testing

@Suite("Memory of a training step")
struct AllocationTests {
  /// Notes how much had been allocated at the start of each step, and takes the parameters out and
  /// back after it.
  private final class Counter: TrainingHooks {
    let actsAfterSteps = true
    private(set) var counts: [Int64] = []
    private(set) var spoilt = 0
    private let memory: UnsafeMutablePointer<Float>

    init(steps: Int, parameters: Int) {
      counts.reserveCapacity(steps)
      memory = .allocate(capacity: parameters)
    }

    deinit { memory.deallocate() }

    func beginStep(_ step: TrainingStep, gates: inout [Float]) {
      counts.append(allocation_count())
    }

    func endStep(_ step: TrainingStep, parameters: TrainedParameters) {
      parameters.write(to: memory)
      if parameters.take(memory) != nil { spoilt += 1 }
    }
  }

  @Test(.enabled(if: allocations_are_counted() == 1, "not under the address sanitizer"))
  func theAllocatorIsSeen() {
    let before = allocation_count()
    let values = [Float](repeating: 1, count: Int.random(in: 1000...2000))
    #expect(values.count >= 1000)
    #expect(allocation_count() > before)
  }

  @Test(
    .enabled(if: allocations_are_counted() == 1, "not under the address sanitizer"),
    arguments: ["lenet-300-100", "lenet-5", "residual"], [1, 0.1])
  func aStepAllocatesNothing(name: String, density: Double) throws {
    let graph =
      switch name {
      case "lenet-300-100": try Models.leNet300()
      case "lenet-5": try Models.leNet5()
      default: try Models.residualNetwork(blocksPerStage: 1, input: Shape(1, 28, 28), classes: 10)
      }
    OpenBLAS.useOneThread()
    let count = 32 * 6
    var random = RandomStream(seed: 1, name: "allocations")
    let inputs = (0..<count * 784).map { _ in Float(random.normal()) }
    let samples = try Samples(
      shape: name == "lenet-300-100" ? [784, 1, 1] : [1, 28, 28], inputs: inputs,
      targets: .labels((0..<count).map { Int32($0 % 10) }, classes: 10))
    var network = Network(graph: graph).initialized(seed: 1).thinned(to: density, &random)
    var state = OptimizerState(parameters: network.layout.count)
    let recipe = TrainingRecipe(
      optimizer: .sgd(momentum: 0.9, nesterov: false), learningRate: 0.01, schedule: .constant,
      batchSize: 32, epochs: 1, decay: 0, longestGradient: 0.5)
    for threads in [1, 2] {
      let counter = Counter(steps: 6, parameters: network.layout.count)
      try Trainer(loss: .crossEntropy, team: Team(threads: threads)).train(
        &network, state: &state, on: samples, recipe: recipe, random: &random, hooks: counter)
      #expect(counter.spoilt == 0)
      let counts = try #require(counter.counts.count == 6 ? counter.counts : nil)
      // The first step makes the buffers of gradients.
      let steps = zip(counts.dropFirst(2), counts.dropFirst()).map { $0 - $1 }
      if threads == 1 {
        #expect(steps == [0, 0, 0, 0])
      } else {
        // A closure's context for each piece of work that is handed out, and nothing else.
        #expect(steps.allSatisfy { $0 == steps[0] && $0 <= 64 })
      }
    }
  }
}
