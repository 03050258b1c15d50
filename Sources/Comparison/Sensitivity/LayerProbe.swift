package import Datasets
package import Networks
import Numerics
package import PluginHost

/// Lets a strategy change the layers of one trained network one by one.
package struct LayerProbe {
  let network: Network
  let course: StrategyEntry.Course
  let benchmark: Benchmark
  let measured: Samples
  let test: Samples
  /// A fresh instance of the strategy, with the random numbers of the cell.
  let strategy: () throws -> StrategyInstance
  /// Called with rising fractions of the work.
  package var progress: (Double) -> Void = { _ in }

  /// - Parameter key: Of a cell of the strategy on the benchmark: its seeds and parameters.
  package init(
    _ entry: StrategyEntry, _ key: CellKey, network: Network, benchmark: Benchmark,
    splits: Splits
  ) {
    self.network = network
    self.benchmark = benchmark
    course = entry.course
    measured = CellRunner(key: key, benchmark: benchmark, splits: splits).measurementSamples
    test = splits.test
    strategy = {
      try StrategyInstance(
        entry, parameters: key.parameters,
        random: RandomStream(seed: key.strategySeed, name: "strategy"))
    }
  }

  /// What was found on one network.
  package struct Findings: Sendable {
    var dense: (loss: Double, test: Double)
    var layers: [LayerFindings]
    /// One for each density.
    var together: [Attempt]
  }

  struct LayerFindings {
    var name: String
    var weights: Int
    var attempts: [Attempt]

    /// Whether it can be changed at all: where not, it stays as it is when all others are changed at once.
    var reachesAny: Bool {
      attempts.contains { if case .reached = $0 { true } else { false } }
    }
  }

  /// What came of a layer at a density, or of all.
  enum Attempt {
    case reached(Reached)
    /// In words.
    case failed(String)
  }

  struct Reached {
    /// Live prunable weights left.
    var weights: Int
    var loss: Double
    var rise: Double
    var predicted: Double?
    var test: Double
    /// What leads there from the trained network.
    var edits: [Edit]
  }

  /// - Parameter densities: Of pruners each in 0 … 1, of growers above 1.
  /// - Throws: `CancellationError`, `ReferenceError` for a parameter that the strategy does not have.
  package func run(densities: [Double]) throws -> Findings {
    let measurements = Measurements(network: network, samples: measured, loss: benchmark.loss)
    let dense = (measurements.loss(), score(network).error)
    let places = network.graph.weightedLayers.filter { !network.prunable(at: $0).isEmpty }
    var layers: [LayerFindings] = []
    for (index, place) in places.enumerated() {
      var attempts: [Attempt] = []
      for (step, density) in densities.enumerated() {
        try Task.checkCancellation()
        attempts.append(try attempt(place, density, measurements))
        progress(
          (Double(index) + Double(step + 1) / Double(densities.count)) / Double(places.count + 1))
      }
      layers.append(
        LayerFindings(
          name: network.graph.nodes[place].name,
          weights: network.live(in: network.prunable(at: place)),
          attempts: attempts))
    }
    expectNothingWhereNothingWent(&layers)
    let together = try densities.indices.map { index in
      try Task.checkCancellation()
      return allAtOnce(layers.filter(\.reachesAny).map(\.attempts[index]), over: dense.0)
    }
    progress(1)
    return Findings(dense: dense, layers: layers, together: together)
  }

  /// Lets the strategy change one layer and leave all others as they are.
  private func attempt(
    _ place: Int, _ density: Double, _ measurements: Measurements
  ) throws -> Attempt {
    let nodes = network.graph.nodes
    let closed = Set(network.graph.weightedLayers.filter { $0 != place }.map { nodes[$0].id })
    let live = network.live(in: network.prunable(at: place))
    let goal = network.counts.weights - live + Int((density * Double(live)).rounded())
    do {
      let plan =
        course == .grow
        ? try grown(to: goal, closed) : try pruned(to: goal, closed, measurements)
      // In the place of a layer that is gone lie others.
      let left =
        plan.network.graph.place(of: nodes[place].id).map {
          plan.network.live(in: plan.network.prunable(at: $0))
        } ?? plan.network.counts.weights - (network.counts.weights - live)
      return .reached(
        reached(
          plan.network, left, plan.edits, predicted: plan.prediction, over: measurements.loss()))
    } catch let failure as StrategyFailure {
      return .failed(failure.description)
    }
  }

  /// What a strategy left, and how it came to it.
  typealias Changed = (network: Network, edits: [Edit], prediction: Double?)

  private func pruned(
    to goal: Int, _ closed: Set<UInt64>, _ measurements: Measurements
  ) throws -> Changed {
    let plan = try strategy().plan(
      Round(index: 0, total: 1, weightsGoal: goal), network: network, measurements: measurements,
      closed: closed)
    guard !plan.edits.isEmpty || network.counts.weights <= goal else {
      throw StrategyFailure(
        .skipped, "it takes nothing from this layer before any further training")
    }
    return (plan.surgery.network, plan.edits, plan.prediction)
  }

  /// A strategy that predicts says nothing of a layer that stays as it is: that costs nothing.
  private func expectNothingWhereNothingWent(_ layers: inout [LayerFindings]) {
    func reached(_ attempt: Attempt) -> Reached? {
      if case .reached(let reached) = attempt { reached } else { nil }
    }
    guard layers.contains(where: { $0.attempts.contains { reached($0)?.predicted != nil } }) else {
      return
    }
    for layer in layers.indices {
      for index in layers[layer].attempts.indices {
        guard var attempt = reached(layers[layer].attempts[index]), attempt.edits.isEmpty else {
          continue
        }
        attempt.predicted = 0
        layers[layer].attempts[index] = .reached(attempt)
      }
    }
  }

  /// Changes all layers at once, each as it was alone.
  private func allAtOnce(_ attempts: [Attempt], over loss: Double) -> Attempt {
    var edits: [Edit] = []
    var predicted: Double? = 0
    for attempt in attempts {
      guard case .reached(let reached) = attempt else {
        return .failed("not every layer reached this density")
      }
      edits += reached.edits
      predicted = reached.predicted.flatMap { next in predicted.map { $0 + next } }
    }
    do throws(SurgeryError) {
      let pruned = try network.applying(edits).network
      return .reached(
        reached(pruned, pruned.counts.weights, edits, predicted: predicted, over: loss))
    } catch {
      return .failed("what was done to single layers cannot be done to all at once: \(error)")
    }
  }

  private func reached(
    _ pruned: Network, _ weights: Int, _ edits: [Edit], predicted: Double?, over loss: Double
  ) -> Reached {
    // In the precision of the loss before, so that a small difference is one of the networks.
    let after = Measurements(network: pruned, samples: measured, loss: benchmark.loss).loss()
    return Reached(
      weights: weights, loss: after, rise: after - loss, predicted: predicted,
      test: score(pruned).error, edits: edits)
  }

  private func score(_ network: Network) -> Score {
    network.evaluate(on: test, loss: benchmark.loss, metric: benchmark.metric).score
  }
}
