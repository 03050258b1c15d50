import StrategyKit

/// Removes the units that are most often silent.
///
///     score = 1 − APoZ,  APoZ = share of zeros among a unit's activations after ReLU
///
/// H. Hu, R. Peng, Y.-W. Tai, C.-K. Tang: Network Trimming: A Data-Driven Neuron Pruning Approach
/// towards Efficient Deep Architectures. 2016, arXiv:1607.03250, section 3.
///
/// With `rule=paper` each round takes the units whose APoZ lies above the mean of their layer plus one
/// standard deviation, as the paper does, and the training behind it is the paper's fine-tuning: trim,
/// tune, trim. These are less than half of a layer (Cantelli's inequality), so none is emptied. The
/// budget says when to stop and nothing else: a round whose goal is met already takes none, and one may
/// leave more than its goal or less.
///
/// Departs from the paper: with `rule=budget`, the default, the cut lies as many standard deviations
/// above the mean of each layer, the same number for all of them, as meets the round's budget;
/// `Trimming` says how far down a layer may go. A part of one unit less than the budget may be left.
/// The layers are not chosen by hand. The paper trims conv2 and fc1 of LeNet, so a leading convolution
/// is left alone unless `protect=0`: it has few weights, and a channel of it serves every position. Layers whose units meet others in a residual sum are
/// left alone too: their units go together or not at all, and the paper has no score for that.
/// `widths` gives exact widths instead, as the paper's table 6 does (`20-24-252`), all in the first
/// round. A network in which no unit is ever silent, as one without ReLU, is skipped, and so is a
/// goal that is out of reach.
final class NetworkTrimming: ScoringStrategy, ProposingStrategy {
  /// Where the cut through a layer's units lies.
  enum Rule: String, CaseIterable {
    /// As high as meets the goal.
    case budget
    /// A standard deviation above the layer's mean, whatever that leaves.
    case paper
  }

  static let info = StrategyInfo(
    id: "network-trimming", name: "Network Trimming",
    summary: "Removes the units with the highest share of zero activations.",
    citation: "Hu et al. 2016, arXiv:1607.03250", version: "1.2",
    reads: [.activationZeroRate, .mask], emits: [.removeUnits], granularity: .units,
    options: [
      .choice(
        "rule", "cut where the budget is met, or a standard deviation above each layer's mean",
        initial: Rule.budget),
      .number(
        "protect", "how many leading convolutions are left alone", initial: 1, in: 0...1000),
      .text("widths", "units to leave in each hidden layer, as in 20-24-252; empty: by budget"),
    ])

  /// In standard deviations above a layer's mean.
  private static let cutOfPaper = 1.0

  private let rule: Rule
  private let protected: Int
  private let widths: [Int]
  private var hasWidths = false

  init(options: Options) throws {
    rule = try options.choice("rule")
    protected = try options.integer("protect")
    let text = try options.text("widths")
    widths =
      try text.isEmpty
      ? []
      : text.split(separator: "-", omittingEmptySubsequences: false).map { word in
        guard let width = Int(word), width > 0 else {
          throw StrategyError(
            "option 'widths' is numbers of units above 0 joined by '-', as in 20-24-252; "
              + "'\(word)' in '\(text)' is not one")
        }
        return width
      }
  }

  func scores(of layer: Layer, in network: NetworkView) throws -> [Float] {
    try zeroRates(of: layer, in: network).map { 1 - $0 }
  }

  private func zeroRates(of layer: Layer, in network: NetworkView) throws -> [Float] {
    try network.values(of: .activationZeroRate, for: layer)
  }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    if hasWidths { return try stay(round, in: network) }
    let layers = network.layers
    let places = trimmable(layers)
    guard !places.isEmpty else { throw SkipStrategy("no layer has units of its own to remove") }
    if round.index == 0 { try requireSilence(in: places.map { layers[$0] }, of: network) }
    guard widths.isEmpty else {
      try trim(places.map { layers[$0] }, to: widths, in: network, plan: plan)
      hasWidths = true
      return
    }
    guard round.weightsToRemove > 0 else { return }

    let protected = layers.prefix(protected).prefix { $0.kind == .convolution }.count
    let trimmed = places.filter { $0 >= protected }
    let rates = try trimmed.map { try zeroRates(of: layers[$0], in: network) }
    switch rule {
    case .budget: try trim(trimmed, rates, to: round, in: network, plan: plan)
    case .paper:
      for (place, rates) in zip(trimmed, rates) {
        let scores = standardScores(rates)
        try plan.removeUnits(
          scores.indices.filter { scores[$0] > Self.cutOfPaper }, of: layers[place])
      }
    }
  }

  private func trim(
    _ places: [Int], _ rates: [[Float]], to round: Round, in network: NetworkView, plan: Plan
  ) throws {
    var trimming = try Trimming(places, zeroRates: rates, in: network)
    guard
      trimming.remove(
        round.weightsToRemove,
        leavingShare: Double(round.weightsGoal) / Double(max(1, round.now.weights)))
    else {
      throw SkipStrategy(
        "\(round.now.weights - trimming.tally.removedWeights) weights are left when every layer "
          + "that is trimmed has one unit, and the goal is \(round.weightsGoal)")
    }
    for (index, layer) in network.layers.enumerated() {
      try plan.removeUnits(trimming.tally.removedUnits(of: index), of: layer)
    }
  }

  /// The layers whose units feed the layer after them and nothing else: both lie in the same
  /// residual branch, or in none.
  private func trimmable(_ layers: [Layer]) -> [Int] {
    layers.indices.dropLast().filter {
      layers[$0].hasRemovableUnits && layers[$0].block == layers[$0 + 1].block
    }
  }

  /// Where no activation is ever zero, all units score alike and an order of them means nothing.
  private func requireSilence(in layers: [Layer], of network: NetworkView) throws {
    for layer in layers where try zeroRates(of: layer, in: network).contains(where: { $0 > 0 }) {
      return
    }
    throw SkipStrategy("no unit is ever silent, so zero activations rank none: it needs ReLU")
  }

  /// The rounds after the one that gave the layers the widths that were asked for.
  private func stay(_ round: Round, in network: NetworkView) throws {
    guard round.weightsToRemove == 0 else {
      throw SkipStrategy(
        "the layers have the widths of 'widths': nothing is left to remove, and "
          + "\(round.now.weights) weights are more than the goal of \(round.weightsGoal)")
    }
    network.log("network-trimming: the layers have the widths of 'widths'; nothing is removed")
  }

  private func trim(
    _ hidden: [Layer], to widths: [Int], in network: NetworkView, plan: Plan
  ) throws {
    guard widths.count == hidden.count else {
      let names = hidden.map(\.name).joined(separator: ", ")
      throw StrategyError(
        "option 'widths' has \(widths.count) numbers, the network \(hidden.count) hidden layers: "
          + names)
    }
    for (layer, width) in zip(hidden, widths) {
      guard width <= layer.unitCount else {
        throw StrategyError(
          "option 'widths' asks for \(width) units in '\(layer.name)', which has \(layer.unitCount)"
        )
      }
      let scores = try scores(of: layer, in: network)
      let order = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
      try plan.removeUnits(order.prefix(layer.unitCount - width).sorted(), of: layer)
    }
  }
}
