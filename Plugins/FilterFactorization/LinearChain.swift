import StrategyKit

/// The network as linear maps and the units between them, and the edits that narrow it.
struct LinearChain {
  /// Units that one map has and the next one reads, with nothing but an activation between.
  private struct Joint {
    /// The place of the map that has them; the next one reads them.
    let map: Int
    let elimination: UnitElimination
    let units: Int
    let lost: [Double]
  }

  private let maps: [LinearMap]
  private let joints: [Joint]
  private let network: NetworkView
  private let algebra: LinearAlgebra
  private let liveShares: [Double]

  /// - Parameter roles: one a layer; nil for the second factor of a pair.
  init(
    _ roles: [LinearMap.Role?], form: FilterFactorization.Form, in network: NetworkView
  ) throws {
    self.network = network
    let algebra = try network.linearAlgebra()
    self.algebra = algebra
    let maps = try roles.enumerated().compactMap { index, role in
      try role.map {
        try LinearMap(index, $0, form: form, in: network, algebra: algebra)
      }
    }
    self.maps = maps
    liveShares = try maps.map { map in
      guard map.second == nil else { return 1 }
      let mask = try network.values(of: .mask, for: map.first.layer)
        .prefix(map.first.layer.weightCount)
      return Double(mask.count { $0 != 0 }) / Double(max(1, mask.count))
    }
    joints = try maps.indices.dropLast().compactMap { map in
      let (layer, next) = (maps[map].last.layer, maps[map + 1].first)
      guard layer.hasRemovableUnits, layer.block == next.layer.block,
        network.isOnlyLink(from: layer, to: next.layer),
        next.weights.columns.isMultiple(of: layer.outputs)
      else { return nil }
      let weights = try maps[map + 1].product(algebra: algebra)
      let elimination = try UnitElimination(
        of: weights, moment: next.moment, units: layer.outputs, algebra: algebra)
      let total = try next.moment.power(of: weights, algebra: algebra)
      // For m units kept, all steps but the last m − 1 have been taken.
      var lost = [0.0]
      for cost in elimination.costs { lost.append((lost.last ?? 0) + cost / max(total, 1e-300)) }
      return Joint(
        map: map, elimination: elimination, units: layer.outputs,
        lost: [1] + lost.reversed())
    }
  }

  /// Whether there is anything to narrow.
  var canChange: Bool {
    !joints.isEmpty || maps.contains { !$0.energies.isEmpty }
  }

  /// The widths as they are.
  var budget: WidthBudget {
    var costs = maps.indices.map { map in
      let before = joints.firstIndex { $0.map == map - 1 }
      return MapCosts(
        maps[map], live: liveShares[map],
        inputUnits: before.map { joints[$0].units } ?? maps[map].first.layer.inputs)
    }
    for map in maps.indices {
      costs[map].inputSite = joints.firstIndex { $0.map == map - 1 }
      costs[map].outputSite = joints.firstIndex { $0.map == map }
    }
    return WidthBudget(
      costs, sites: joints.map { UnitSite(width: $0.units, lost: $0.lost) },
      essential: network.layers.last?.outputs ?? 1)
  }

  // MARK: - Narrowing

  /// Adds the edits that give the network the widths of a budget.
  ///
  /// Units go first, then come the values of what is left, and pairs in the place of layers last, so
  /// that every edit meets the layer in the shape that it was made for.
  ///
  /// - Returns: the layers as the next round finds them.
  func narrow(to budget: WidthBudget, plan: Plan) throws -> [ExpectedLayer] {
    var maps = maps
    var changed = Set<Int>()
    for (joint, width) in zip(joints, budget.units) where width < joint.units {
      let gone = joint.elimination.order.prefix(joint.units - width).sorted()
      let kept = (0..<joint.units).filter { !gone.contains($0) }
      try plan.removeUnits(gone, of: maps[joint.map].last.layer)
      maps[joint.map].keepOutputs(kept)
      try maps[joint.map + 1].keepInputs(from: kept, of: joint.units, algebra: algebra)
      changed.formUnion([joint.map, joint.map + 1])
      network.log(
        "filter-factorization: '\(maps[joint.map].last.layer.name)' to \(width) units")
    }
    var expected: [ExpectedLayer] = []
    for (index, rank) in budget.ranks.enumerated() {
      expected += try narrow(
        maps[index], to: rank, isChanged: changed.contains(index), plan: plan)
    }
    return expected
  }

  private func narrow(
    _ map: LinearMap, to rank: Int?, isChanged: Bool, plan: Plan
  ) throws -> [ExpectedLayer] {
    var map = map
    let layer = map.first.layer
    guard let rank else {
      if isChanged { try plan.setWeights(of: layer, to: map.first.parameters) }
      return [
        ExpectedLayer(outputs: map.first.outputs, inputs: map.first.inputs, role: map.role)
      ]
    }
    var (pair, width) = (LinearMap.Role.factor, rank)
    if let second = map.second {
      if rank < map.first.outputs {
        try plan.removeUnits(Array(rank..<map.first.outputs), of: layer)
        try map.narrow(to: rank, algebra: algebra)
        network.log("filter-factorization: '\(layer.name)' to \(rank) units")
      }
      if isChanged || rank < layer.outputs, let changed = map.second {
        try plan.setWeights(of: layer, to: map.first.parameters)
        try plan.setWeights(of: second.layer, to: changed.parameters)
      }
    } else {
      let layers: [NewLayer]
      if map.isSmall {
        (layers, pair, width) = try small(map.first, width: rank)
      } else {
        layers = try SeparableFilters(of: map.first, width: rank, algebra: algebra)
          .layers(for: map.first)
      }
      try plan.replace(layer, with: layers)
      network.log("filter-factorization: '\(layer.name)' in two, \(width) wide")
    }
    return [
      ExpectedLayer(outputs: width, inputs: map.first.inputs, role: pair),
      ExpectedLayer(
        outputs: map.last.outputs, inputs: width, role: pair == .small ? .small : nil),
    ]
  }

  /// Two 3×3 filters of a width, or separable ones of no more weights where those are closer to the layer.
  private func small(
    _ layer: LinearLayer, width: Int
  ) throws -> (layers: [NewLayer], role: LinearMap.Role, width: Int) {
    let small = try SmallFilters(
      of: layer, width: width, algebra: algebra, draw: network.random)
    // Five weights for each input and output, where the others have nine.
    let rank = min(width * 9 / 5, layer.weights.columns / 5, layer.outputs * 5)
    let separable = try SeparableFilters(of: layer, width: rank, algebra: algebra)
    guard separable.error < small.error else { return (small.layers, .small, width) }
    network.log("filter-factorization: '\(layer.layer.name)' is nearer to separable filters")
    return (separable.layers(for: layer), .factor, rank)
  }
}

extension NetworkView {
  /// Whether a layer's units are all that another one reads, and are read by that one alone.
  fileprivate func isOnlyLink(from layer: Layer, to next: Layer) -> Bool {
    edges.filter { $0.from == layer.id || $0.to == next.id }.map { ($0.from, $0.to) }
      .elementsEqual([(layer.id, next.id)]) { $0 == $1 }
  }
}
