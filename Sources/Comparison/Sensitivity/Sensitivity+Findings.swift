import Networks
package import PluginHost

extension Sensitivity {
  /// Puts together what was found on the networks of several seeds.
  ///
  /// - Parameters:
  ///   - findings: By seed, at least one; all of the same benchmark and densities.
  ///   - tolerance: By which factor a predicted rise may differ, at least 1.
  /// - Throws: ``PlanError`` with the reason, where no layer reached any density in any seed.
  package init(
    _ findings: [(seed: Int, findings: LayerProbe.Findings)], of strategy: String,
    course: StrategyEntry.Course, on benchmark: Benchmark, weights: Int, densities: [Double],
    tolerance: Double, quick: Bool,
    kernels: String
  ) throws(PlanError) {
    let all = findings.map(\.findings)
    guard let first = all.first, let loss = Board.Estimate(all.map(\.dense.loss)),
      let test = Board.Estimate(all.map(\.dense.test))
    else { throw PlanError("there is no trained network whose layers could be pruned") }
    let layers = first.layers.indices.map { layer in
      Layer(
        all.map { $0.layers[layer] }, densities: densities, tolerance: tolerance, loss: loss.mean)
    }
    let points = layers.flatMap(\.points)
    guard points.contains(where: { $0.result != nil }) else {
      throw PlanError(
        "'\(strategy)' changes no layer of '\(benchmark.name)' alone: "
          + (points.lazy.compactMap(\.reason).first ?? "the network has no layer with weights"))
    }
    self.init(
      benchmark: benchmark.name, benchmarkSummary: benchmark.summary, metric: benchmark.metric,
      strategy: strategy, course: course, quick: quick, kernels: kernels,
      seeds: findings.map(\.seed),
      densities: densities, tolerance: tolerance,
      dense: Dense(weights: weights, loss: loss, test: test), layers: layers,
      together: densities.indices.map { index in
        let (result, reason) = Self.result(of: all.map { $0.together[index] })
        return Together(
          density: densities[index], result: result, reason: reason,
          sumOfLayers: Self.sum(
            of: all.map { $0.layers.filter(\.reachesAny).map { $0.attempts[index] } }))
      })
  }

  /// Why a strategy has no layers to be looked at alone; nil where it has.
  package static func unsuitability(of entry: StrategyEntry) -> String? {
    let start = "'\(entry.id)' "
    switch entry.course {
    case .prune, .grow:
      guard entry.granularity == .blocks else { return nil }
      return start + "scores residual blocks whole, and sensitivity changes layers one by one"
    case .sparse:
      return start
        + "begins with an untrained network, and takes no weights from one that is trained; sensitivity "
        + "asks what prunes or grows trained networks, as magnitude, obd, obs and gradmax do"
    case .free:
      return start
        + "chooses the size of a network itself, by pruning and growing all of it; sensitivity asks what "
        + "prunes or grows single layers, as magnitude, obd, obs and gradmax do"
    }
  }

  /// Why these densities are none that a strategy can be asked for; nil where they are.
  package static func unsuitability(of densities: [Double], for entry: StrategyEntry) -> String? {
    if entry.course == .grow {
      return densities.first { $0 <= 1 }.map {
        "'\(entry.id)' grows layers, and density \($0) is not above 1; 1.25 asks for a quarter more "
          + "weights"
      }
    }
    return densities.first { $0 > 1 }.map {
      "'\(entry.id)' prunes layers, and density \($0) is above 1; 0.5 asks for half of the weights"
    }
  }

  /// The means over seeds, or the first reason why there are none.
  fileprivate static func result(
    of attempts: [LayerProbe.Attempt]
  ) -> (result: Result?, reason: String?) {
    var reached: [LayerProbe.Reached] = []
    for attempt in attempts {
      switch attempt {
      case .reached(let one): reached.append(one)
      case .failed(let reason): return (nil, reason)
      }
    }
    guard let loss = Board.Estimate(reached.map(\.loss)),
      let rise = Rise(reached.map(\.rise), predicted: reached.map(\.predicted)),
      let test = Board.Estimate(reached.map(\.test))
    else { return (nil, nil) }
    let weights = reached.reduce(0) { $0 + Double($1.weights) } / Double(reached.count)
    return (Result(weights: weights, loss: loss, rise: rise, test: test), nil)
  }

  /// - Parameter seeds: Of each seed what came of each layer at a density.
  private static func sum(of seeds: [[LayerProbe.Attempt]]) -> Rise? {
    var measured: [Double] = []
    var predicted: [Double?] = []
    for layers in seeds {
      let reached = layers.compactMap { attempt in
        if case .reached(let one) = attempt { one } else { nil }
      }
      guard reached.count == layers.count else { return nil }
      measured.append(reached.reduce(0) { $0 + $1.rise })
      let known = reached.compactMap(\.predicted)
      predicted.append(known.count == layers.count ? known.reduce(0, +) : nil)
    }
    return Rise(measured, predicted: predicted)
  }
}

extension Sensitivity.Rise {
  fileprivate init?(_ measured: [Double], predicted: [Double?]) {
    guard let estimate = Board.Estimate(measured) else { return nil }
    let known = predicted.compactMap { $0 }
    self.init(
      measured: estimate,
      predicted: known.count == measured.count ? Board.Estimate(known) : nil)
  }
}

extension Sensitivity.Layer {
  /// - Parameter seeds: What was found of the layer, one a seed.
  fileprivate init(
    _ seeds: [LayerProbe.LayerFindings], densities: [Double], tolerance: Double, loss: Double
  ) {
    let points = densities.indices.map { index in
      let (result, reason) = Sensitivity.result(of: seeds.map { $0.attempts[index] })
      return Sensitivity.Point(density: densities[index], result: result, reason: reason)
    }
    self.init(
      name: seeds.first?.name ?? "", weights: seeds.first?.weights ?? 0, points: points,
      predictionHoldsTo: points.prefix {
        $0.result?.rise.holds(within: tolerance, of: loss) ?? false
      }
      .last?.density)
  }
}
