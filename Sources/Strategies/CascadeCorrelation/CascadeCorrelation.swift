import StrategyKit

/// Adds units one by one, each trained beforehand to follow what error the network has left, and
/// freezes what leads into them: from then on the output weights alone are trained.
///
///     S = Σ_o |Σ_p v_p (e_po − ē)| / Σ e²        v_p a candidate's value, e the error
///     new unit: fan-in of the candidate with the largest S, fan-out −c_o · multiplier
///
/// S. E. Fahlman, C. Lebiere: The Cascade-Correlation Learning Architecture. NIPS 1989; rules and
/// constants are those of Fahlman's program, which is in the public domain.
///
/// As in the paper the network begins without a hidden unit: the seed's hidden layer goes, and the direct
/// weights from inputs to outputs are trained alone. Each unit is a layer beside the inputs of the output
/// layer: it reads inputs and all units before it. `Documentation/decisions.md` has figures beside the
/// paper's, which are from memory and unverified.
///
/// In the flat form (`form=flat`, and wherever there are no direct weights) all units lie in the one hidden
/// layer and read the inputs alone. A layer has at least one unit: of the seed's one stays, silent, its
/// fan-out 0 and frozen like its fan-in, until the first candidate takes its place.
///
/// Departs from the paper:
/// - The host trains the output weights, by the benchmark's recipe and for a fixed time between units,
///   where the paper has quickprop and trains to stagnation.
/// - e is the gradient in the outputs' pre-activations, which for a squared error is proportional to the
///   paper's error times the slope of the output. The paper adds 0.1 to that slope.
/// - Candidates are trained for up to 400 epochs, and 30 without a change end that, where the program has
///   100 and 8: with those a run in five is not done with the spirals at 25 units.
/// - ε is the 100 of the paper's two spirals; the program begins with 1, at which the candidates of eight
///   bits' parity hardly moved before their patience ended.
/// - A new fan-out is halved while that makes the loss smaller (`outgoing=halved`): the paper's own length
///   is for quickprop, which comes back from anywhere.
/// - It goes on to the budget when all samples are right.
final class CascadeCorrelation: UpdatingStrategy {
  /// What a unit reads.
  enum Form: String, CaseIterable {
    /// Inputs and the units before it.
    case cascade
    /// Inputs.
    case flat
  }

  /// How long a new fan-out is.
  enum Outgoing: String, CaseIterable {
    /// −c · multiplier.
    case published
    /// That, halved while the loss falls.
    case halved
  }

  /// Whether what leads into a unit is trained on.
  enum Installed: String, CaseIterable { case frozen, trained }

  static let info = StrategyInfo(
    id: "cascade-correlation", name: "Cascade Correlation",
    summary: "Adds units that were trained to follow the error, and freezes what leads into them.",
    citation: "Fahlman & Lebiere 1990, NIPS 2", reads: [.parameters, .inputs, .outputGradients],
    emits: [.insertBeside, .widen, .setWeights, .removeUnits, .freeze, .thaw], course: .grow,
    options: [
      .choice("form", "whether units read those before them", initial: Form.cascade),
      .number("candidates", "of which the best is added", initial: 8, in: 1...1000),
      .number("units", "that are added at a time", initial: 1, in: 1...1000),
      .number("until", "the share of training with growth", initial: 0.5, in: 0.01...1),
      .number("epochs", "of training candidates at most", initial: 400, in: 0...100_000),
      .number("patience", "epochs without a change that end it", initial: 30, in: 1...100_000),
      .number("threshold", "the share of S that is a change", initial: 0.03, in: 0...1),
      .number("rate", "ε of quickprop, over samples and fan-in", initial: 100, in: 0...1e6),
      .number("growth", "μ of quickprop", initial: 2, in: 0...100),
      .number("decay", "of candidates' weights", initial: 0, in: 0...1),
      .number(
        "range", "how far from 0 candidates' first weights may lie", initial: 1, in: 0.001...100),
      .number("multiplier", "on a new unit's fan-out", initial: 1, in: 0...1000),
      .choice("outgoing", "how long a new fan-out is", initial: Outgoing.halved),
      .choice("installed", "what happens to a unit's fan-in", initial: Installed.frozen),
    ])

  private let training: CandidatePool.Training
  private let unitsAtATime: Int
  private let until: Double
  private let multiplier: Double
  private let outgoing: Outgoing
  private let installed: Installed
  private let form: Form
  private var activation = Squashing.tanh
  /// What the units of a cascade are like; nil in the flat form.
  private var cascaded: Cascade.UnitKind?
  /// Units that were candidates once; the silent one is none.
  private var done = 0

  init(options: Options) throws {
    var training = CandidatePool.Training()
    training.candidates = try options.integer("candidates")
    training.epochs = try options.integer("epochs")
    training.patience = try options.integer("patience")
    training.threshold = try options.number("threshold")
    training.rate = try options.number("rate")
    training.growth = try options.number("growth")
    training.decay = try options.number("decay")
    training.range = try options.number("range")
    self.training = training
    unitsAtATime = try options.integer("units")
    until = try options.number("until")
    multiplier = try options.number("multiplier")
    form = try options.choice("form")
    outgoing = try options.choice("outgoing")
    installed = try options.choice("installed")
    guard unitsAtATime <= training.candidates else {
      throw StrategyError(
        "\(unitsAtATime) units cannot be chosen from \(training.candidates) candidates")
    }
  }

  func updatePoints(of period: Period, in network: NetworkView) throws -> UpdatePoints? {
    let units = try units(within: period.weightsGoal, in: network)
    let turns = (units + unitsAtATime - 1) / unitsAtATime
    // Before the last step, so that the last unit's output is trained.
    let every = min(Int(until * Double(period.steps)), period.steps - 1) / turns
    guard every > 0 else {
      throw SkipStrategy(
        "\(period.steps) mini-batches are too few for \(turns) updates in a share of \(until)")
    }
    return UpdatePoints(every: every, until: every * turns)
  }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    guard round.step != nil else { return try begin(round, in: network, plan: plan) }
    let missing = try units(within: round.weightsGoal, in: network) - done
    guard missing > 0 else { return }
    let count = min(missing, unitsAtATime)
    if let cascaded {
      try addToCascade(count, cascaded, in: network, plan: plan)
    } else {
      try addToLayer(count, in: network, plan: plan)
    }
    done += count
  }

  private func addToCascade(
    _ count: Int, _ kind: Cascade.UnitKind, in network: NetworkView, plan: Plan
  ) throws {
    let cascade = try Cascade(of: network, kind)
    let units = best(count, on: try cascade.problem(in: network), in: network)
    try plan.install(units, halved: outgoing == .halved) {
      try cascade.emit(units, into: plan, fanOutTimes: $0, freezes: installed == .frozen)
    }
  }

  private func addToLayer(_ count: Int, in network: NetworkView, plan: Plan) throws {
    let hidden = try HiddenLayer(of: network)
    let units = best(count, on: try hidden.problem(in: network, activation), in: network)
    let installation = UnitInstallation(
      hidden: hidden, units: units, takesSilentPlace: done == 0, freezes: installed == .frozen)
    try plan.install(units, halved: outgoing == .halved) {
      try installation.emit(into: plan, fanOutTimes: $0)
    }
  }

  /// The best of a pool of trained candidates.
  private func best(
    _ count: Int, on problem: CandidateProblem, in network: NetworkView
  ) -> [InstalledUnit] {
    var pool = CandidatePool(
      problem, training, random: network.random(training.candidates * problem.width))
    pool.train()
    return pool.ranked.prefix(count).map { InstalledUnit($0, of: problem, multiplier: multiplier) }
  }

  // MARK: - Sizes

  /// How many units a budget has room for, at least one.
  ///
  /// - Throws: ``SkipStrategy`` where it has not.
  private func units(within goal: Int, in network: NetworkView) throws -> Int {
    let weights = try weightsOfUnits(in: network)
    guard weights(1) <= goal else {
      throw SkipStrategy(
        "with one unit the network has \(weights(1)) weights, and the goal is \(goal)")
    }
    var units = 1
    while weights(units + 1) <= goal {
      units += 1
      guard cascaded == nil || units <= Cascade.mostLayers * unitsAtATime else {
        throw SkipStrategy(
          "\(goal) weights are more than \(Cascade.mostLayers) layers of a cascade hold; form=flat "
            + "has room for them")
      }
    }
    return units
  }

  /// The weights of the network with so many units.
  private func weightsOfUnits(in network: NetworkView) throws -> (Int) -> Int {
    if let cascaded {
      let cascade = try Cascade(of: network, cascaded)
      let stride = unitsAtATime
      return { cascade.weights($0, at: stride) }
    }
    let hidden = try HiddenLayer(of: network)
    let model = WidthModel(network)
    func weights(_ units: Int) -> Int {
      model.weights(
        at: model.groups.map { group in
          group.layers.contains { $0.id == hidden.layer.id } ? units : group.units
        })
    }
    let (one, more) = (weights(1), max(1, weights(2) - weights(1)))
    return { one + ($0 - 1) * more }
  }

  // MARK: - The beginning

  /// Leaves no hidden unit, or in the flat form one that does nothing.
  private func begin(_ round: Round, in network: NetworkView, plan: Plan) throws {
    let hidden = try HiddenLayer(of: network)
    activation = try hidden.activation(in: network)
    done = 0
    cascaded = nil
    if form == .cascade, hidden.standsBesideInputs {
      let layer = hidden.layer
      cascaded = Cascade.UnitKind(
        activation: activation, isBiased: layer.biasCount > 0,
        countsBiases: layer.prunableCount > layer.weightCount)
    } else if form == .cascade {
      network.log(
        "'\(hidden.reader.name)' reads hidden units alone: no cascade, units lie in one layer")
    }
    _ = try units(within: round.weightsGoal, in: network)
    if cascaded != nil {
      try plan.removeUnits(Array(0..<hidden.layer.unitCount), of: hidden.layer)
    } else {
      try leaveSilentUnit(hidden, plan: plan)
    }
  }

  private func leaveSilentUnit(_ hidden: HiddenLayer, plan: Plan) throws {
    let width = hidden.layer.unitCount
    let fanOut = hidden.fanOut(of: 0, inputs: hidden.reader.inputs - (width - 1))
    try plan.removeUnits(Array(1..<width), of: hidden.layer)
    try plan.setWeights(fanOut, of: hidden.reader, to: fanOut.map { _ in 0 })
    try plan.freeze(fanOut, of: hidden.reader)
    try plan.freeze(hidden.fanIn(of: 0, width: 1), of: hidden.layer)
  }
}
