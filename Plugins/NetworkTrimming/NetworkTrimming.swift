import StrategyKit

/// Removes the units that are most often silent.
///
///     score = 1 − APoZ,  APoZ = share of zeros among a unit's activations after ReLU
///
/// H. Hu, R. Peng, Y.-W. Tai, C.-K. Tang: Network Trimming: A Data-Driven Neuron Pruning Approach
/// towards Efficient Deep Architectures. 2016, arXiv:1607.03250, section 3.
///
/// Departs from the paper: it trims the units above the mean plus a standard deviation of their
/// layer, in layers chosen by hand. Here the most silent units of all trimmed layers go until the
/// round's budget is met, which may leave a part of one unit less than the budget. The paper trims
/// conv2 and fc1 of LeNet, so the first layer is left alone unless `protect=0`; the last one has
/// no removable units. Layers whose units meet others in a residual sum are left alone too: their
/// units go together or not at all, and the paper has no score for that. `widths` gives exact
/// widths instead, as the paper's table 6 does (`20-24-252`), whatever the budget is. Every layer
/// keeps a unit. A network in which no unit is ever silent, as one without ReLU, is skipped.
struct NetworkTrimming: ScoringStrategy, ProposingStrategy {
  static let info = StrategyInfo(
    id: "network-trimming", name: "Network Trimming",
    summary: "Removes the units with the highest share of zero activations.",
    citation: "Hu et al. 2016, arXiv:1607.03250",
    reads: [.activationZeroRate, .mask], emits: [.removeUnits], granularity: .units,
    options: [
      .number("protect", "how many leading layers are left alone", initial: 1, in: 0...1000),
      .text("widths", "units to leave in each hidden layer, as in 20-24-252; empty: by budget"),
    ])

  private let protected: Int
  private let widths: [Int]

  init(options: Options) throws {
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
    try network.values(of: .activationZeroRate, for: layer).map { 1 - $0 }
  }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    let layers = network.layers
    let places = trimmable(layers)
    guard !places.isEmpty else { throw SkipStrategy("no layer has units of its own to remove") }
    if round.index == 0 { try requireSilence(in: places.map { layers[$0] }, of: network) }
    guard widths.isEmpty else {
      return try trim(places.map { layers[$0] }, to: widths, in: network, plan: plan)
    }
    guard round.weightsToRemove > 0 else { return }

    var order: [(layer: Int, unit: Int, score: Float)] = []
    for place in places where place >= protected {
      let scores = try scores(of: layers[place], in: network)
      order += scores.indices.map { (place, $0, scores[$0]) }
    }
    order.sort { ($0.score, $0.layer, $0.unit) < ($1.score, $1.layer, $1.unit) }

    var tally = try UnitTally(network)
    for (layer, unit, _) in order where tally.removedWeights < round.weightsToRemove {
      tally.remove(unit, from: layer)
    }
    for (layer, units) in zip(layers, tally.removedUnits) {
      try plan.removeUnits(units.sorted(), of: layer)
    }
    let left = try network.measure().weights
    if left > round.weightsGoal {
      network.log(
        "network-trimming: \(left) weights are left, the goal is \(round.weightsGoal): no more "
          + "units may go", isWarning: true)
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
    for layer in layers where try scores(of: layer, in: network).contains(where: { $0 < 1 }) {
      return
    }
    throw SkipStrategy("no unit is ever silent, so zero activations rank none: it needs ReLU")
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
