import StrategyKit

/// Trains a dense network of the budget's size: what every sparse network of that size has to beat.
///
/// The widths are in proportion to the network's own, at least one unit a layer, and layers that a
/// residual sum ties keep one width. The units beyond them go before training, and what is left is
/// brought to the scale that a fresh network of these widths has. All units are alike there, so it
/// does not matter which ones go.
///
/// U. Evci, T. Gale, J. Menick, P. S. Castro, E. Elsen: Rigging the Lottery. ICML 2020,
/// arXiv:1911.11134, section 4, where the control is called Small-Dense.
///
/// Departs from the paper: what proportions leave of the budget is filled with single units, of any
/// layer. A goal below one unit a layer is skipped.
struct SmallDense: ProposingStrategy {
  static let info = StrategyInfo(
    id: "small-dense", name: "Small-Dense",
    summary: "Trains a dense network of the budget's size.",
    citation: "control of Evci et al. 2020, arXiv:1911.11134", reads: [.parameters],
    emits: [.setWeights, .removeUnits], course: .sparse)

  init(options: Options) {}

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    guard round.weightsToRemove > 0 else { return }
    let model = WidthModel(network)
    let present = model.groups.map(\.units)
    let limits = model.groups.map { ($0.isShrinkable ? 1 : $0.units)...$0.units }
    let least = model.weights(at: limits.map(\.lowerBound))
    guard least <= round.weightsGoal else {
      throw SkipStrategy(
        "with one unit a layer the network has \(least) weights, and the goal is "
          + "\(round.weightsGoal)")
    }
    let widths = model.widths(
      inProportionTo: present, budget: round.weightsGoal, within: limits)
    for (layer, (old, new)) in zip(
      network.layers, zip(model.fans(at: present), model.fans(at: widths))) where old != new
    {
      var parameters = try network.values(of: .parameters, for: layer)
      let factor = rescaling(parameters.prefix(layer.weightCount), from: old, to: new)
      for position in 0..<layer.weightCount { parameters[position] *= factor }
      try plan.setWeights(of: layer, to: parameters)
    }
    for (group, width) in zip(model.groups, widths) {
      guard let layer = group.layers.first else { continue }
      try plan.removeUnits(Array(width..<group.units), of: layer)
    }
  }
}

/// The factor that takes a layer's initial weights to the scale of one with other fans.
///
///     by fan-in: variance 2 / in (He et al. 2015), or 1 / (3 · in)
///     by both:   variance 2 / (in + out) (Glorot & Bengio 2010)
///
/// A strategy is not told the rule. It is the one whose variance is nearest to the mean square of the
/// weights. He's and Glorot's are near each other where `out` is small, and so are then their factors.
func rescaling(
  _ weights: ArraySlice<Float>, from old: (in: Int, out: Int), to new: (in: Int, out: Int)
) -> Float {
  let rules: [((in: Int, out: Int)) -> Double] = [
    { 2 / Double($0.in) }, { 1 / (3 * Double($0.in)) }, { 2 / Double($0.in + $0.out) },
  ]
  let square =
    weights.reduce(0) { $0 + Double($1) * Double($1) } / Double(max(1, weights.count))
  func distance(_ rule: ((in: Int, out: Int)) -> Double) -> Double {
    max(square / rule(old), rule(old) / square)
  }
  guard let rule = rules.min(by: { distance($0) < distance($1) }) else { return 1 }
  return Float((rule(new) / rule(old)).squareRoot())
}
