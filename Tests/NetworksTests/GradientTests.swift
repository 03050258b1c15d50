import Networks
import Numerics
import TestSupport
import Testing

@Suite("The executor against the precise engine and against differences")
struct GradientTests {
  @Test func theTableHasEveryKindOfOperation() throws {
    let words = try SmallCase.everyOperation().flatMap { example in
      example.network.graph.nodes.map(\.operation.word)
    }
    #expect(Set(words) == Set(Operation.words))
  }

  @Test(arguments: try SmallCase.everyOperation())
  func outputsAndGradientsInInferenceMode(example: SmallCase) {
    let (network, samples) = (example.network, example.samples)
    let executor = Executor(graph: network.graph, capacity: samples.count)
    executor.load(samples, rows: rows(0..<samples.count))
    executor.forward(network, mode: .inference)
    let loss = executor.loss(example.loss, gradient: true)
    var gradient = [Float](repeating: 0, count: network.layout.count)
    executor.backward(network, into: &gradient)

    let precise = PreciseEngine<Double>(network)
    var expected = [Double](repeating: 0, count: network.layout.count)
    var expectedLoss = 0.0
    for sample in 0..<samples.count {
      let outputs = precise.forward(samples.input(sample))
      for (output, value) in zip(executor.output(sample: sample), outputs) {
        #expect(abs(Double(output) - value) < 1e-5 * (1 + abs(value)))
      }
      let slope = example.loss.slope(of: outputs, samples, sample: sample)
      expectedLoss += slope.loss / Double(samples.count)
      precise.backward(
        from: slope.gradient.map { $0 / Double(samples.count) }, into: &expected)
    }
    #expect(abs(loss - expectedLoss) < 1e-6 * (1 + expectedLoss))
    expectClose(gradient, expected, tolerance: 2e-6)
  }

  @Test(arguments: try SmallCase.everyOperation())
  func trainingModeAgainstCentralDifferences(example: SmallCase) {
    guard example.isDifferentiable else { return }
    let (network, samples) = (example.network, example.samples)
    let executor = Executor(graph: network.graph, capacity: samples.count)
    executor.load(samples, rows: rows(0..<samples.count))
    func loss(of network: Network, gradient: Bool = false) -> Double {
      executor.forward(network, mode: .training(gates: []))
      return executor.loss(example.loss, gradient: gradient)
    }
    _ = loss(of: network, gradient: true)
    var gradient = [Float](repeating: 0, count: network.layout.count)
    executor.backward(network, into: &gradient)

    var random = RandomStream(seed: 5, name: example.name)
    for _ in 0..<4 {
      let direction = network.values.map { _ in Float(random.normal()) }
      let step: Float = 2e-3
      var (ahead, behind) = (network, network)
      for index in direction.indices {
        ahead.values[index] += step * direction[index]
        behind.values[index] -= step * direction[index]
      }
      let slope = zip(gradient, direction).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      let difference = (loss(of: ahead) - loss(of: behind)) / Double(2 * step)
      let scale = zip(gradient, direction).reduce(0) { $0 + abs(Double($1.0) * Double($1.1)) }
      #expect(abs(slope - difference) < 0.01 * scale, "\(slope) against \(difference)")
    }
  }

  @Test(arguments: try SmallCase.everyOperation())
  func paddedLanesChangeNothing(example: SmallCase) {
    let (network, samples) = (example.network, example.samples)
    // 21 samples as 16 + 5 and one by one: sums of gradients agree, whatever fills the lanes.
    func summed(_ batches: [Range<Int>]) -> [Double] {
      let executor = Executor(graph: network.graph, capacity: 32)
      var sum = [Double](repeating: 0, count: network.layout.count)
      for batch in batches {
        executor.load(samples, rows: rows(batch))
        executor.forward(network, mode: .inference)
        _ = executor.loss(example.loss, gradient: true)
        var gradient = [Float](repeating: 0, count: network.layout.count)
        executor.backward(network, into: &gradient)
        for index in sum.indices { sum[index] += Double(gradient[index]) * Double(batch.count) }
      }
      return sum
    }
    let whole = summed([0..<16, 16..<21])
    let single = summed((0..<21).map { $0..<$0 + 1 })
    expectClose(single.map(Float.init), whole, tolerance: 3e-6)
  }

  @Test func aDroppedBlockIsTheIdentityForwardAndBackward() throws {
    let example = try #require(
      SmallCase.everyOperation().first { $0.name == "residual block with identity skip" })
    let (network, samples) = (example.network, example.samples)
    let executor = Executor(graph: network.graph, capacity: samples.count)
    executor.load(samples, rows: rows(0..<samples.count))

    var silenced = network
    let sum = network.graph.residualSums[0]
    let branch = network.graph.nodes.indices.filter {
      network.graph.nodes[$0].block == network.graph.nodes[sum].id
    }
    for place in branch {
      guard let slot = network.layout[place] else { continue }
      for index in slot.all { silenced.values[index] = 0 }
    }
    executor.forward(silenced, mode: .training(gates: [1]))
    let expected = (0..<samples.count).map(executor.output)
    executor.forward(network, mode: .training(gates: [0]))
    for sample in 0..<samples.count {
      for (output, value) in zip(executor.output(sample: sample), expected[sample]) {
        #expect(abs(output - value) < 1e-6)
      }
    }
    _ = executor.loss(example.loss, gradient: true)
    var gradient = [Float](repeating: 0, count: network.layout.count)
    executor.backward(network, into: &gradient)
    for place in branch {
      guard let slot = network.layout[place] else { continue }
      #expect(slot.all.allSatisfy { gradient[$0] == 0 })
    }
    #expect(gradient.contains { $0 != 0 })
  }

  @Test func runningStatisticsFollowTheBatches() throws {
    let example = try #require(SmallCase.everyOperation().first { $0.name == "batch-norm" })
    let executor = Executor(
      network: example.network, capacity: example.samples.count, for: .training)
    executor.load(example.samples, rows: rows(0..<example.samples.count))
    for _ in 0..<200 {
      executor.forward(mode: .training(gates: []))
      executor.updateStatistics()
    }
    let training = executor.output(sample: 3)
    executor.forward(mode: .inference)
    // The running variance is the unbiased one, of 21 samples on 12 positions.
    for (one, other) in zip(executor.output(sample: 3), training) {
      #expect(abs(one - other) < 0.01)
    }
  }
}
