import Networks
import Numerics
import PluginHost
import Testing

/// Groups of weights that training draws to zero, through the interface and real training.
struct GroupSparsityTests {
  private func instance(_ id: String, _ parameters: [String: String] = [:]) throws
    -> StrategyInstance
  {
    try StrategyInstance(
      StrategyCatalogue().entry(named: id), parameters: parameters,
      random: RandomStream(seed: 3, name: "strategy"))
  }

  /// Units that are empty go, in order of nothing else, until the last update, where the smallest do.
  @Test(arguments: ["l2", "linf"])
  func emptyUnitsGoAndThenTheSmallest(norm: String) throws {
    let start = try Fixtures.perceptron(inputs: 10, widths: [30, 20])
    let goal = start.counts.weights / 3
    let period = try ActingPeriod(
      instance("auto-sizing", ["norm": norm, "updates": "10"]), on: start, goal: goal,
      samples: Fixtures.samples(for: start, count: 64))
    #expect(period.updates.count == 11 && period.updates[0].step == nil)
    #expect(period.updates[0].plan.edits.isEmpty)
    var early = 0
    for (index, update) in period.updates.enumerated().dropFirst() {
      let sizes = sizes(of: update.before, norm: norm)
      let kept = Set(update.plan.surgery.origin)
      for layer in sizes {
        let gone = layer.filter { !kept.contains($0.key) }
        let largest = gone.values.max() ?? 0
        if index < 10 {
          early += gone.count
          #expect(largest == 0)
        }
      }
      guard index == 10 else { continue }
      let all = sizes.flatMap { $0 }
      let gone = all.filter { !kept.contains($0.key) }.map(\.value)
      let left = all.filter { kept.contains($0.key) }.map(\.value)
      #expect((gone.max() ?? 0) <= (left.min() ?? 0))
    }
    #expect(early > 0)
    let weights = period.network.counts.weights
    // A unit more would not fit; the dearest has 30 + 20 weights.
    #expect(weights <= goal && goal - weights < 50)
    #expect(!period.network.mask.contains(0))
  }

  /// Of the two hidden layers: for each unit the size of its row with its bias, by where it begins.
  private func sizes(of network: Network, norm: String) -> [[Int32: Double]] {
    network.layout.slots.dropLast().map { slot in
      let units = slot.biases.count
      let width = slot.weights.count / units
      return Dictionary(
        uniqueKeysWithValues: (0..<units).map { unit in
          let start = slot.weights.lowerBound + unit * width
          let values =
            network.values[start..<start + width].map { Double($0) }
            + [Double(network.values[slot.biases.lowerBound + unit])]
          let size =
            norm == "l2"
            ? values.reduce(0) { $0 + $1 * $1 }.squareRoot() : values.reduce(0) { $0 + abs($1) }
          return (Int32(start), size)
        })
    }
  }

  /// In a residual network the units that a sum ties go together.
  @Test func tiedUnitsGoTogether() throws {
    let start = try Fixtures.residual()
    let goal = start.counts.weights / 2
    let period = try ActingPeriod(
      instance("auto-sizing", ["updates": "4"]), on: start, goal: goal,
      samples: Fixtures.samples(for: start, count: 32), epochs: 4)
    #expect(period.network.counts.weights <= goal)
    #expect(period.network.graph.residualSums.count == start.graph.residualSums.count)
  }

  @Test func nothingHappensWhereNothingHasToGo() throws {
    let start = try Fixtures.perceptron()
    let samples = try Fixtures.samples(for: start)
    let plain = try ActingPeriod(
      instance("none"), on: start, goal: start.counts.weights, samples: samples)
    for id in ["auto-sizing", "group-brain-damage"] {
      let period = try ActingPeriod(
        instance(id), on: start, goal: start.counts.weights, samples: samples)
      #expect(period.network == plain.network)
    }
  }

  @Test(arguments: ["auto-sizing", "group-brain-damage"])
  func aGoalOutOfReachIsSkippedInWords(id: String) throws {
    let start = try Fixtures.perceptron()
    let text = message {
      _ = try ActingPeriod(
        instance(id), on: start, goal: 1, samples: Fixtures.samples(for: start))
    }
    #expect(text.contains("and the goal is 1"), "\(text)")
  }

  // MARK: - Columns

  /// A position of an input channel's kernels lives in all filters of a layer or in none, and the goal is
  /// met to within a column.
  @Test func wholeColumnsVanish() throws {
    var builder = GraphBuilder(input: Shape(1, 12, 12), layout: .spatial)
    builder.add(.convolution(.init(channels: 6, kernel: Extent(5))), name: "conv1")
    builder.add(.relu)
    builder.add(.convolution(.init(channels: 8, kernel: Extent(3))), name: "conv2")
    builder.add(.relu)
    builder.add(.flatten)
    builder.add(.dense(units: 3, bias: true), name: "fc")
    let start = Network(graph: try builder.graph()).initialized(seed: 2)
    let goal = start.counts.weights / 4
    let period = try ActingPeriod(
      instance("group-brain-damage", ["updates": "8"]), on: start, goal: goal,
      samples: Fixtures.samples(for: start, count: 48), epochs: 20)
    let network = period.network
    #expect(network.counts.weights <= goal && goal - network.counts.weights < 8)
    for slot in network.layout.slots {
      let filters = try #require(network.graph.nodes[slot.place].operation.units)
      let width = slot.weights.count / filters
      for column in 0..<width {
        let live = (0..<filters).count {
          network.mask[slot.weights.lowerBound + $0 * width + column] != 0
        }
        #expect(live == 0 || live == filters)
      }
    }
    // Operations are those of the weights that are left.
    #expect(network.counts.operations < start.counts.operations * 2 / 3)
    // Before the last update only what was zero went.
    for update in period.updates.dropLast() {
      for index in update.before.mask.indices
      where update.before.mask[index] != 0 && update.after.mask[index] == 0 {
        #expect(update.before.values[index] == 0)
      }
    }
  }

  /// A step on the gradient's result is the closed form of the penalty, column by column.
  @Test func aStepTakesTheSameFromTheSizeOfEveryColumn() throws {
    let start = try Fixtures.perceptron(inputs: 6, widths: [8])
    let instance = try instance("group-brain-damage", ["updates": "1", "until": "0.5"])
    var behind: [Network] = []
    // Without a rate the proximal step is all that moves.
    _ = try ActingPeriod(
      instance, on: start, goal: start.counts.weights / 2,
      samples: Fixtures.samples(for: start, count: 16), epochs: 10,
      recipe: { $0.learningRate = 0 },
      watch: { step, network in if step < 9 { behind.append(network) } })
    let slot = start.layout.slots[0]
    func sizes(_ network: Network) -> [Double] {
      (0..<6).map { column in
        (0..<8).reduce(0.0) {
          let value = Double(network.values[slot.weights.lowerBound + $1 * 6 + column])
          return $0 + value * value / 8
        }.squareRoot()
      }
    }
    let steps = zip([start] + behind, behind).map { before, after in
      zip(sizes(before), sizes(after)).map { $0 - $1 }
    }
    let amount = try #require(steps.first?.max())
    #expect(amount > 0)
    for step in steps {
      for taken in step where taken > 1e-4 { #expect(abs(taken - amount) < 1e-5) }
    }
    // Biases are none of it.
    for network in behind { #expect(network.values[slot.biases] == start.values[slot.biases]) }
  }
}
