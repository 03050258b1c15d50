import Networks
import Numerics
import Testing

/// A period that stops computes what one that does not stop computes, bit for bit.
@Suite("A training period under way")
struct TrainingPeriodTests {
  @Test(arguments: Subject.allCases, Subject.optimizers)
  func stoppingAnywhereChangesNothing(subject: Subject, optimizer: OptimizerKind) throws {
    let problem = try Problem(subject, optimizer)
    let whole = try problem.uninterrupted()
    let total = try problem.begin().total
    #expect(total == 8)
    for first in 0...total {
      for second in first...total {
        let period = try problem.begin()
        try period.advance(to: first)
        let (between, memory) = (period.network, period.state)
        #expect(between.values.allSatisfy(\.isFinite) && Int(memory.step) == first + 3)
        try period.advance(to: second)
        _ = period.state
        try period.advance(to: total)
        #expect(Outcome(period) == whole, "stopped at \(first) and \(second)")
      }
    }
  }

  @Test(arguments: Subject.allCases, Subject.optimizers)
  func whatIsGivenBackUnchangedGoesOnUnchanged(subject: Subject, optimizer: OptimizerKind) throws {
    let problem = try Problem(subject, optimizer)
    let whole = try problem.uninterrupted()
    for stop in 0...8 {
      for renamed in [false, true] {
        let period = try problem.begin()
        try period.advance(to: stop)
        var network = period.network
        // Another graph of the same layout: all memory is made anew.
        if renamed { network = try network.renamed() }
        try period.update(Surgery(network: network, origin: network.inPlace))
        try period.advance(to: 8)
        #expect(Outcome(period) == whole, "given back at \(stop), renamed: \(renamed)")
      }
    }
  }

  /// Whether the packed engine is planned anew in its place or everything is made anew.
  @Test(arguments: Subject.allCases, Subject.optimizers)
  func otherMasksInPlaceAreAsInANewExecutor(subject: Subject, optimizer: OptimizerKind) throws {
    let problem = try Problem(subject, optimizer)
    func outcome(renamed: Bool) throws -> Outcome {
      let period = try problem.begin()
      // To sparse, to dense, to other masks.
      for (stop, density) in [(2, 0.1), (4, 1.0), (5, 0.5), (7, 0.15)] {
        try period.advance(to: stop)
        var random = RandomStream(seed: UInt64(stop), name: "masks")
        var network = period.network
        for index in network.mask.indices { network.mask[index] = 1 }
        network = network.thinned(to: density, &random)
        if renamed { network = try network.renamed(stop) }
        try period.update(Surgery(network: network, origin: network.inPlace))
      }
      try period.advance(to: period.total)
      return Outcome(period)
    }
    let inPlace = try outcome(renamed: false)
    #expect(try inPlace == outcome(renamed: true))
    #expect(try inPlace.values != problem.uninterrupted().values)
  }

  @Test func scheduleAndBatchesGoOnOverAnUpdate() throws {
    final class Recorder: TrainingHooks {
      var steps: [TrainingStep] = []
      let actsAfterSteps = false
      func beginStep(_ step: TrainingStep, gates: inout [Float]) { steps.append(step) }
      func endStep(_ step: TrainingStep, parameters: TrainedParameters) {}
    }
    let problem = try Problem(.perceptron, .adam)
    let (whole, parts) = (Recorder(), Recorder())
    try problem.begin().advance(to: 8, hooks: whole)
    let period = try problem.begin()
    var shares: [Double] = []
    try period.advance(to: 3, hooks: parts) { shares.append($0) }
    let layer = period.network.graph.nodes[period.network.graph.weightedLayers[0]].id
    try period.update(period.network.applying([.removeUnits(layer: layer, units: [1, 4])]))
    try period.advance(to: 8, hooks: parts) { shares.append($0) }
    #expect(parts.steps.map(\.index) == Array(0..<8))
    #expect(parts.steps.map(\.learningRate) == whole.steps.map(\.learningRate))
    #expect(parts.steps.prefix(4).map(\.loss) == whole.steps.prefix(4).map(\.loss))
    #expect(parts.steps[5].loss != whole.steps[5].loss)
    #expect(shares == (0..<8).map { Double($0) / 8 })
    #expect(period.report.samples == 100)
  }

  @Test func theMemoryFollowsSurgeryAndWhatIsFreshBeginsAnew() throws {
    let problem = try Problem(.perceptron, .adam)
    let period = try problem.begin()
    try period.advance(to: 4)
    let before = period.state
    var surgery = Surgery(network: period.network, origin: period.network.inPlace)
    let layer = surgery.network.graph.nodes[surgery.network.graph.weightedLayers[1]].id
    surgery = try surgery.network.applying([.removeUnits(layer: layer, units: [0])])
    surgery.origin[3] = -1
    try period.update(surgery)
    let after = period.state
    for (index, old) in surgery.origin.enumerated() {
      #expect(after.first[index] == (old < 0 ? 0 : before.first[Int(old)]))
      #expect(after.second[index] == (old < 0 ? 0 : before.second[Int(old)]))
      #expect(after.births[index] == (index == 3 ? Int32(before.step) : 0))
    }
    #expect(after.step == before.step)
  }

  /// Adam's first step is as long as the rate, whatever the gradient (Kingma & Ba 2015, section
  /// 2.1), and so is that of a parameter that begins later.
  @Test func aParameterThatBeginsLateTakesAFirstStep() throws {
    var problem = try Problem(.perceptron, .adam)
    problem.recipe.schedule = .constant
    problem.network.mask[5] = 0
    problem.network.mask[40] = 0
    problem.network.zeroMasked()
    let period = try problem.begin()
    try period.advance(to: 5)
    var network = period.network
    #expect(network.values[5] == 0 && period.state.births.isEmpty)
    network.mask[5] = 1
    network.values[5] = 0.125
    try period.update(Surgery(network: network, origin: network.inPlace))
    try period.advance(to: 6)
    let rate = Float(problem.recipe.learningRate)
    let moved = abs(period.network.values[5] - 0.125)
    #expect(abs(moved - rate) < 1e-3 * rate, "it moved by \(moved)")
    #expect(period.network.values[40] == 0)
    #expect(period.state.births[5] == 8 && period.state.births[6] == 0)
  }

  @Test func aParameterThatIsNotFiniteEndsThePeriodWhereItStops() throws {
    var problem = try Problem(.perceptron, .sgd(momentum: 0, nesterov: false))
    problem.recipe.learningRate = 1e38
    let period = try problem.begin()
    #expect(throws: TrainingError.self) {
      for step in 1...3 { try period.advance(to: step) }
    }
  }

  @Test func aNetworkThatDoesNotFitIsRefused() throws {
    let period = try Problem(.perceptron, .adam).begin()
    let other = Network(
      graph: try Models.multilayerPerceptron(
        inputs: 7, widths: [4], outputs: 3, activation: .relu))
    let before = period.network
    #expect(throws: TrainingError.self) {
      try period.update(Surgery(network: other, origin: other.inPlace))
    }
    #expect(period.network == before)
  }
}
