import StrategyKit

/// Draws whole positions of kernels to zero: those that all filters of a layer share.
///
///     loss + λ Σ √n |Γ|₂,  Γ the n weights of all filters at one position of one input channel
///     after each step at rate η:  Γ ← (1 − η λ √n / |Γ|₂)₊ Γ
///
/// V. Lebedev, V. Lempitsky: Fast ConvNets Using Group-wise Brain Damage. CVPR 2016, arXiv:1506.02515,
/// sections 3 and 4.
///
/// It starts from the trained network and sparsifies gradually while it trains on, as in the paper. What has
/// vanished is masked, so that the network's products leave it out: a column costs nothing any more, in no
/// filter and at no position of the map. A channel that is read nowhere any more goes with its filter when
/// the network is compacted.
///
/// Departs from the paper: λ is not chosen by hand and no threshold is; `ShrinkingPeriod` raises λ until the
/// round's budget is met, and at the last update the columns of least size go that are still too many. The
/// paper prunes convolutions one after the other. Here all layers are pruned at once, so the penalty of a
/// column grows with the root of its weights, as in Yuan & Lin 2006: without it the layers of few filters
/// would go first whatever they do. A dense layer counts as a convolution whose kernel is one position,
/// since budgets count its weights, too. The penalty acts by proximal steps and not by its gradient, so that
/// columns reach exactly zero.
final class GroupBrainDamage: UpdatingStrategy, StepEndingStrategy {
  static let info = StrategyInfo(
    id: "group-brain-damage", name: "Group-wise Brain Damage",
    summary: "Draws positions of kernels that all filters share to zero.",
    citation: "Lebedev & Lempitsky 2016, arXiv:1506.02515", reads: [.parameters, .mask],
    emits: [.maskOff], options: ShrinkingPeriod.options)

  private var period: ShrinkingPeriod
  /// Of the layers that may be masked, since the last update.
  private var layers: [KernelColumns] = []
  /// Live weights above the goal then.
  private var excess = 0

  init(options: Options) throws {
    period = try ShrinkingPeriod(options: options)
  }

  func updatePoints(of period: Period, in network: NetworkView) throws -> UpdatePoints? {
    try self.period.begin(period)
  }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    layers = try network.layers.filter { $0.prunableCount >= $0.weightCount }.map {
      try KernelColumns($0, in: network)
    }
    let sizes = try layers.map {
      $0.sizes(of: try network.values(of: .parameters, for: $0.layer))
    }
    let choice = ColumnChoice(live: layers.map(\.live), sizes: sizes)
    excess = round.weightsToRemove
    let isLast = round.step.map { period.update(at: $0) } ?? false
    if round.step == nil { try requireReach(of: choice, round) }
    var positions = layers.map { _ in [Int]() }
    period.aim(at: isLast ? 0 : choice.lastToGo(excess))
    for place in choice.going(excess, emptyOnly: !isLast) {
      excess -= layers[place.layer].live[place.column]
      positions[place.layer] += layers[place.layer].remove(place.column)
    }
    for (columns, positions) in zip(layers, positions) {
      try plan.maskOff(positions.sorted(), of: columns.layer)
    }
  }

  private func requireReach(of choice: ColumnChoice, _ round: Round) throws {
    let most = choice.going(.max, emptyOnly: false)
      .reduce(0) { $0 + layers[$1.layer].live[$1.column] }
    guard most >= round.weightsToRemove else {
      throw SkipStrategy(
        "\(round.now.weights - most) weights are left with one column a layer, and the goal is "
          + "\(round.weightsGoal)")
    }
  }

  func endStep(
    _ step: Step, in network: NetworkView, parameters: inout MutableSpan<Float>
  ) throws {
    let amount = period.amount(at: step)
    guard amount > 0 else { return }
    try parameters.check(against: layers.map(\.layer))
    var left = excess
    for layer in layers {
      var factors = layer.factors(parameters, by: amount)
      var columns = layer.live.count { $0 > 0 }
      // Columns that would vanish beyond the goal, or the last one of a layer, stay as they are.
      for column in factors.indices where factors[column] == 0 && layer.live[column] > 0 {
        if left > 0, columns > 1 {
          left -= layer.live[column]
          columns -= 1
        } else {
          factors[column] = 1
        }
      }
      layer.scale(&parameters, by: factors)
    }
  }
}
