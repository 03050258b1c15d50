import Foundation
import Networks
import Numerics
import PluginHost
import Testing

/// Variational dropout through the interface and real training.
struct SparseVariationalDropoutTests {
  private func instance(_ parameters: [String: String] = [:]) throws -> StrategyInstance {
    try StrategyInstance(
      StrategyCatalogue().entry(named: "sparse-vd"), parameters: parameters,
      random: RandomStream(seed: 3, name: "strategy"))
  }

  /// Ten inputs, of which the largest of the first three is the class.
  private func samples(_ count: Int) throws -> Samples {
    var random = RandomStream(seed: 8, name: "samples")
    let inputs = (0..<count * 10).map { _ in Float(random.normal()) }
    let labels = (0..<count).map { sample in
      Int32((0..<3).max { inputs[sample * 10 + $0] < inputs[sample * 10 + $1] } ?? 0)
    }
    return try Samples(
      shape: [10, 1, 1], inputs: inputs, targets: .labels(labels, classes: 3))
  }

  @Test func theBudgetIsMetAndInputsWithoutEffectGo() throws {
    let start = try Fixtures.perceptron(inputs: 10, widths: [20])
    let goal = start.counts.weights / 4
    let period = try ActingPeriod(
      instance(), on: start, goal: goal, samples: samples(400), epochs: 60)
    #expect(period.network.counts.weights == goal)
    // One cut, which leaves the values of what stays.
    let cuts = period.updates.filter { !$0.plan.edits.isEmpty }
    #expect(cuts.count == 1 && cuts.first?.step == period.updates.last?.step)
    let cut = try #require(cuts.first)
    for index in cut.before.values.indices where cut.after.mask[index] != 0 {
      #expect(cut.after.values[index] == cut.before.values[index])
    }
    let slot = start.layout.slots[0].weights
    let live = (0..<10).map { input in
      (0..<20).count { period.network.mask[slot.lowerBound + $0 * 10 + input] != 0 }
    }
    let dense = live[..<3].reduce(0, +)
    let others = live[3...].reduce(0, +)
    // Three inputs against seven: twice as dense.
    #expect(7 * dense > 2 * 3 * others, "\(live)")
  }

  /// Without a rate worth the name what moves the weights is the noise, and it is off for the cut.
  @Test func weightsAreNoisyUntilTheCut() throws {
    let start = try Fixtures.perceptron(inputs: 30, widths: [40])
    let slot = start.layout.slots[0].weights
    var deviations: [Double] = []
    let period = try ActingPeriod(
      instance(["until": "0.5", "noise": "-6"]), on: start, goal: start.counts.weights / 2,
      samples: Fixtures.samples(for: start, count: 32), epochs: 20,
      recipe: { $0.learningRate = 1e-14 },
      watch: { _, network in
        let squares = slot.reduce(0.0) {
          let added = network.mask[$1] == 0 ? 0 : Double(network.values[$1] - start.values[$1])
          return $0 + added * added
        }
        deviations.append((squares / Double(slot.count)).squareRoot())
        for slot in start.layout.slots {
          #expect(
            zip(network.values[slot.biases], start.values[slot.biases])
              .allSatisfy { abs($0 - $1) < 1e-9 })
        }
      })
    #expect(deviations.count == 80)
    #expect(abs(deviations[0] / exp(-3) - 1) < 0.06)
    #expect(deviations[..<39].allSatisfy { $0 > 0.9 * exp(-3) })
    #expect(deviations[39...].allSatisfy { $0 == 0 })
    #expect(period.network.counts.weights == start.counts.weights / 2)
  }

  /// A convolution with a kernel of 1 on maps of one position is a dense layer, and has as many samples.
  @Test func networksWithoutDenseLayersLearnTheSame() throws {
    let dense = try Fixtures.perceptron(inputs: 10, widths: [20])
    var builder = GraphBuilder(input: Shape(10, 1, 1), layout: .spatial)
    builder.add(.convolution(.init(channels: 20, kernel: Extent(1))))
    builder.add(.relu)
    builder.add(.convolution(.init(channels: 3, kernel: Extent(1))))
    builder.add(.flatten)
    var convolutional = Network(graph: try builder.graph())
    convolutional.values = dense.values
    let networks = try [dense, convolutional].map { start in
      try ActingPeriod(
        instance(), on: start, goal: 115, samples: samples(200), epochs: 20
      ).network
    }
    #expect(networks[1].counts.weights == 115)
    #expect(networks[0].mask == networks[1].mask)
    for (one, other) in zip(networks[0].values, networks[1].values) {
      #expect(abs(one - other) < 1e-4)
    }
  }

  @Test func theSameStreamHasTheSameBits() throws {
    let start = try Fixtures.perceptron()
    let networks = try (0..<2).map { _ in
      try ActingPeriod(
        instance(), on: start, goal: 40, samples: Fixtures.samples(for: start, count: 40)
      ).network
    }
    #expect(networks[0] == networks[1])
  }

  @Test func aGoalBelowWhatHasNoNoiseIsSkipped() throws {
    let start = try Fixtures.perceptron(prunesBiases: true)
    let text = message {
      _ = try ActingPeriod(
        instance(), on: start, goal: 2, samples: Fixtures.samples(for: start, count: 40))
    }
    #expect(text.contains("and the goal is 2"), "\(text)")
  }
}
