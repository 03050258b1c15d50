/// What a board's rows are as curves over their size or their cost.
extension Board {
  /// What errors are held against.
  package enum Abscissa: Sendable {
    /// Weights left.
    case weights
    /// Operations of all training over those of training the dense network.
    case trainingCost

    fileprivate func value(of result: Result) -> Double? {
      switch self {
      case .weights: result.weights
      case .trainingCost: result.trainingCost
      }
    }
  }

  /// The rows of one strategy, or of a control of it, by rising abscissa.
  package struct Curve: Sendable, Hashable {
    package var strategy: String
    package var isControl: Bool
    package var points: [CurvePoint]
  }

  package struct CurvePoint: Sendable, Hashable {
    package var value: Double
    package var test: Estimate
    /// That was asked for; nil for what is not pruned.
    package var ratio: Double?
  }

  /// Those that have a point, in the order of the first table that has them.
  package func curves(over abscissa: Abscissa) -> [Curve] {
    var curves: [Curve] = []
    for table in tables {
      for row in table.rows {
        guard let result = row.result, let value = abscissa.value(of: result),
          result.test.mean.isFinite
        else { continue }
        let point = CurvePoint(value: value, test: result.test, ratio: table.ratio)
        if let place = curves.firstIndex(where: { $0.strategy == row.strategy }) {
          curves[place].points.append(point)
        } else {
          curves.append(
            Curve(strategy: row.strategy, isControl: row.control != nil, points: [point]))
        }
      }
    }
    for place in curves.indices { curves[place].points.sort { $0.value < $1.value } }
    return curves
  }

  /// The Pareto front: the points of strategies that no other point is better than in both ways, by rising
  /// abscissa. By mean errors: a small difference is none.
  package func front(over abscissa: Abscissa) -> [(strategy: String, point: CurvePoint)] {
    let points = curves(over: abscissa).filter { !$0.isControl }
      .flatMap { curve in curve.points.map { (strategy: curve.strategy, point: $0) } }
      .sorted { ($0.point.value, $0.point.test.mean) < ($1.point.value, $1.point.test.mean) }
    var front: [(strategy: String, point: CurvePoint)] = []
    for candidate in points
    where candidate.point.test.mean < front.last?.point.test.mean ?? .infinity {
      front.append(candidate)
    }
    return front
  }
}
