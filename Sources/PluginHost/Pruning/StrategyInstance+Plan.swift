package import Networks

extension StrategyInstance {
  /// Asks the strategy for a plan and applies it. A strategy that scores and does not propose has
  /// the lowest scores pruned to the goal.
  ///
  /// - Parameter closed: ids of layers that are to stay as they are, see ``ClosedLayers``.
  /// - Returns: the plan, whole: a network that was changed in part is never seen.
  /// - Throws: ``StrategyFailure``; nothing was changed.
  package func plan(
    _ round: Round, network: Network, measurements: Measurements,
    momentum: (() -> [Float])? = nil, closed: Set<UInt64> = []
  ) throws(StrategyFailure) -> AppliedPlan {
    // Of the network that a cell starts from: what a strategy has used up since is no lack of it.
    if round.index == 0, round.step == nil, let reason = entry.unsuitability(for: network.graph) {
      throw StrategyFailure(.skipped, reason)
    }
    // Every strategy is told it: it is no part of what one takes to decide.
    let loss = measurements.loss()
    let clock = ContinuousClock()
    let start = clock.now
    let model = ModelView(
      network, measurements: measurements, momentum: momentum, closed: closed)
    var proposed = Proposed()
    var summary = ScoreSummary()
    if proposes {
      proposed = try propose(round, loss: loss, in: model, counts: network.counts)
      try ClosedLayers(ids: closed, network: network).check(proposed.edits)
    } else if scores {
      if let pattern, !closed.isEmpty {
        throw StrategyFailure(
          .skipped,
          "pattern=\(pattern) says how many weights all layers keep, and single layers are asked for"
        )
      }
      proposed = try prune(to: round.weightsGoal, network: network, model: model, &summary)
    }
    let seconds = start.duration(to: clock.now) / .seconds(1)
    let surgery = try apply(proposed.edits, to: network)
    try ClosedLayers(ids: closed, network: network).check(surgery, after: proposed.edits)
    return AppliedPlan(
      edits: proposed.edits, prediction: proposed.prediction, scores: summary.ifAny,
      surgery: surgery, loss: loss,
      operations: model.operations + proposed.operations, scoreSeconds: seconds)
  }

  private func apply(_ edits: [Edit], to network: Network) throws(StrategyFailure) -> Surgery {
    let surgery: Surgery
    do throws(SurgeryError) {
      surgery = try network.applying(edits)
    } catch {
      throw StrategyFailure(
        error.kind == .collapsed ? .collapsed : .invalid, "its plan cannot be applied: \(error)")
    }
    if let layer = surgery.network.collapsedLayer {
      let name = surgery.network.graph.nodes[layer.place].name
      let lack =
        surgery.network.live(in: layer.weights) == 0
        ? "none of its \(layer.weights.count) weights" : "no weight on what the input reaches"
      throw StrategyFailure(
        .collapsed,
        "its plan leaves layer '\(name)' with \(lack), and no other way from the input to the output"
      )
    }
    return surgery
  }

  // MARK: - Pruning by score

  private func prune(
    to goal: Int, network: Network, model: ModelView, _ summary: inout ScoreSummary
  ) throws(StrategyFailure) -> Proposed {
    // What has no effect may have gone to the budget by itself, and a pattern says more than a number.
    guard network.counts.weights > goal || pattern != nil else { return Proposed() }
    switch entry.granularity {
    case .weights:
      let goal = try reach(of: goal, in: network)
      var layers: [WeightPruning.Layer] = []
      for layer in model.layers where !layer.prunable.isEmpty {
        let scores = try scores(of: layer, count: layer.prunable.count, in: model)
        let isLive = { network.mask[layer.prunable.lowerBound + $0] != 0 }
        try checkFinite(scores, of: layer.name, where: isLive)
        summary.add(scores, where: isLive)
        let rows = network.rows(at: layer.place)
        let stays = rows.flatMap { pattern?.kept(scores, in: $0, isLive: isLive) } ?? []
        layers.append(
          .init(id: layer.id, positions: layer.prunable, scores: scores, stays: stays))
      }
      let open = layers.reduce(0) { $0 + network.live(in: $1.positions) }
      let edits = WeightPruning(layers: layers, mask: network.mask)
        .edits(
          to: goal - (network.counts.weights - open), sameShareOfEveryLayer: entry.scoresAreLocal)
      return Proposed(
        edits: edits,
        prediction: entry.scoresAreLosses ? layers.reduce(0) { $0 + $1.score(of: edits) } : nil)
    case .units:
      var scores: [Int: [Float]] = [:]
      for layer in model.layers where layer.unitsRemovable {
        let found = try self.scores(of: layer, count: layer.units, in: model)
        try checkFinite(found, of: layer.name) { _ in true }
        summary.add(found) { _ in true }
        scores[layer.place] = found
      }
      guard !scores.isEmpty else {
        throw StrategyFailure(.skipped, "the network has no layer whose units can be removed")
      }
      return Proposed(
        edits: UnitPruning(network: network, scores: scores, areLocal: entry.scoresAreLocal)
          .edits(to: goal))
    case .blocks:
      guard model.blockCount > 0 else {
        throw StrategyFailure(.skipped, "the network has no residual blocks")
      }
      let scores = try score(0, count: model.blockCount, of: "the blocks", in: model)
      try checkFinite(scores, of: "(blocks)") { _ in true }
      summary.add(scores) { _ in true }
      return Proposed(edits: blockDrops(scores: scores, in: network, to: goal))
    }
  }

  /// How far a round goes: to its goal, and with a pattern that leaves so many to the pattern itself,
  /// which is all that may go.
  private func reach(of goal: Int, in network: Network) throws(StrategyFailure) -> Int {
    guard let pattern, let obstacle = pattern.obstacle(to: goal, in: network) else {
      return pattern == nil ? goal : 0
    }
    // On the way there the rows keep more than the pattern.
    guard pattern.emptyRow(in: network) == nil, pattern.weights(in: network) <= goal else {
      throw StrategyFailure(.skipped, "\(obstacle), and the budget is \(goal)")
    }
    return goal
  }

  private func scores(
    of layer: ModelView.LayerPlace, count: Int, in model: ModelView
  ) throws(StrategyFailure) -> [Float] {
    try score(layer.id, count: count, of: "layer '\(layer.name)'", in: model)
  }

  /// A masked weight's score is never looked at, so it may be anything.
  private func checkFinite(
    _ scores: [Float], of layer: String, where matters: (Int) -> Bool
  ) throws(StrategyFailure) {
    for index in scores.indices where !scores[index].isFinite && matters(index) {
      throw StrategyFailure(
        .invalid,
        "its score \(index) of layer '\(layer)' is \(scores[index]) or was never "
          + "written; scores are finite numbers")
    }
  }
}

extension WeightPruning.Layer {
  /// The sum of the scores of what edits mask of it.
  fileprivate func score(of edits: [Edit]) -> Double {
    edits.reduce(0) { sum, edit in
      guard case .maskOff(id, let positions) = edit else { return sum }
      return sum + positions.reduce(0) { $0 + Double(scores[$1]) }
    }
  }
}

extension StrategyEntry {
  /// Why the strategy cannot be run on a network of this structure, or nil.
  package func unsuitability(for graph: Graph) -> String? {
    if needsConvolutions,
      !graph.nodes.contains(where: { $0.operation.convolution != nil })
    {
      return "the network has no convolutions, and '\(id)' needs some"
    }
    if needsBlocks, graph.residualSums.isEmpty {
      return "the network has no residual blocks, and '\(id)' needs some"
    }
    return nil
  }
}
