import StrategyKit

/// Identity layers, behind the hidden layers of the seed network in turn.
struct Deepening {
  /// How many come.
  private let layers: Int
  /// Ids of the layers behind which one may come.
  private var places: [UInt64] = []
  private var done = 0

  init(layers: Int) { self.layers = layers }

  /// Begins with a seed network.
  ///
  /// - Returns: how many layers come; where no layer can take one, none, and the log says so.
  mutating func begin(on network: NetworkView) -> Int {
    places = network.layers.filter { $0.takesIdentity && network.isHidden($0) }.map(\.id)
    done = 0
    guard layers > 0, places.isEmpty else { return layers }
    network.log(
      "no identity layer keeps the function here, as no hidden layer has a ReLU; it grows wider "
        + "only", isWarning: true)
    return 0
  }

  /// Adds the next identity to the plan, behind the layer whose turn it is or the next one behind
  /// which it is within the goal.
  ///
  /// - Returns: whether there is one.
  mutating func insert(_ round: Round, in network: NetworkView, plan: Plan) throws -> Bool {
    let turn = done
    done += 1
    let prunesBiases = network.layers.contains { $0.prunableCount > $0.weightCount }
    for index in places.indices {
      let id = places[(turn + index) % places.count]
      guard let layer = network.layers.first(where: { $0.id == id }), layer.takesIdentity else {
        continue
      }
      let identity = NewLayer.identity(behind: layer)
      let cost = identity.weights.count + (prunesBiases ? identity.biases.count : 0)
      guard round.now.weights + cost <= round.weightsGoal else { continue }
      // Behind max pools lies another ReLU, and before the identity must be one, too: without it, two
      // linear layers would follow each other.
      try plan.insert(layer.isRectified ? [identity, .relu] : [.relu, identity], after: layer)
      return true
    }
    network.log(
      "the \(round.now.weights) weights and those of an identity layer are more than the goal of "
        + "\(round.weightsGoal); it grows wider only")
    return false
  }
}

extension Layer {
  /// Whether an identity behind it keeps the function and is followed by a ReLU.
  fileprivate var takesIdentity: Bool { isRectified || isRectifiable }
}

extension NetworkView {
  /// Whether only other layers read its units.
  fileprivate func isHidden(_ layer: Layer) -> Bool {
    let readers = edges.filter { $0.from == layer.id }
    return !readers.isEmpty && readers.allSatisfy { $0.to != nil }
  }
}

extension NewLayer {
  /// A layer that passes on what another makes: 1 from each unit to its own, in the middle of a 3×3
  /// kernel for maps.
  fileprivate static func identity(behind layer: Layer) -> NewLayer {
    let units = layer.unitCount
    let side = layer.kind == .convolution ? 3 : 1
    var weights = [Float](repeating: 0, count: units * units * side * side)
    for unit in 0..<units { weights[(unit * units + unit) * side * side + side * side / 2] = 1 }
    let biases = [Float](repeating: 0, count: units)
    guard layer.kind == .convolution else {
      return .dense(outputs: units, inputs: units, weights: weights, biases: biases)
    }
    return .convolution(
      outputs: units, inputs: units, kernel: Size(height: side, width: side),
      stride: Size(height: 1, width: 1), padding: Size(height: side / 2, width: side / 2),
      weights: weights, biases: biases)
  }
}
