import GrowthKit
import StrategyKit

/// What of a network is worth less than its weights cost.
///
///     a weight:  rise = w² h / 2                  (LeCun, Denker & Solla 1989)
///     a unit:    rise = Σ_k c_k v_k² Var(a) / 2   with its mean a moved into the readers' biases
///
/// where h is the Gauss–Newton diagonal, v what leads out of the unit and c the curvature of
/// the loss in its readers' pre-activations.
struct Pruning {
  /// Something that can go.
  struct Part {
    enum What {
      case weight(position: Int)
      case unit(Int)
    }
    let layer: Layer
    let what: What
    /// Live weights that go with it.
    let weights: Int
    /// Of the loss, to second order.
    let rise: Double

    var riseAWeight: Double { rise / Double(max(1, weights)) }
  }

  let network: NetworkView
  private var parameters: [UInt64: [Float]] = [:]
  private(set) var masks: [UInt64: [Float]] = [:]

  init(_ network: NetworkView) throws {
    self.network = network
    for layer in network.layers {
      parameters[layer.id] = try network.values(of: .parameters, for: layer)
      masks[layer.id] = try network.values(of: .mask, for: layer)
    }
  }

  /// All parts whose rise for each weight is below a price, the cheapest first. A weight of a unit that
  /// is a part itself is none.
  func parts(below price: Double) throws -> [Part] {
    var parts = try units().filter { $0.riseAWeight < price }
    let units = Set(
      parts.compactMap { part -> Key? in
        guard case .unit(let unit) = part.what else { return nil }
        return Key(layer: part.layer.id, unit: unit)
      })
    parts += try weights().filter { part in
      guard case .weight(let position) = part.what, part.rise < price else { return false }
      return !units.contains(
        Key(layer: part.layer.id, unit: part.layer.unit(of: position)))
    }
    return parts.sorted { $0.riseAWeight < $1.riseAWeight }
  }

  private struct Key: Hashable {
    let layer: UInt64
    let unit: Int
  }

  /// Each unit keeps the dearest of its weights: without it the unit would be a constant, and should go as
  /// a unit. No layer is emptied weight by weight.
  private func weights() throws -> [Part] {
    try network.layers.flatMap { layer -> [Part] in
      let curvature = try network.values(of: .gaussNewtonDiagonal, for: layer)
      guard let weights = parameters[layer.id], let mask = masks[layer.id] else { return [] }
      func rise(_ position: Int) -> Double {
        let weight = Double(weights[position])
        return weight * weight * Double(curvature[position]) / 2
      }
      let live = (0..<layer.prunableCount).filter { mask[$0] != 0 }
      let inputs = Dictionary(grouping: live.filter { $0 < layer.weightCount }, by: layer.unit(of:))
      let kept = Set(inputs.values.compactMap { $0.max { rise($0) < rise($1) } })
      return live.filter { !kept.contains($0) }.map { position in
        Part(layer: layer, what: .weight(position: position), weights: 1, rise: rise(position))
      }
    }
  }

  private func units() throws -> [Part] {
    let model = WidthModel(network)
    return try model.groups.flatMap { group -> [Part] in
      guard group.isShrinkable, group.layers.count == 1, let layer = group.layers.first,
        layer.unitCount > 1
      else { return [] }
      let readers = try readers(of: layer)
      let variance = try network.values(of: .activationVariance, for: layer)
      let curvatures = try readers.map {
        try network.values(of: .outputCurvature, for: $0.layer)
      }
      return (0..<layer.unitCount).map { unit in
        var (rise, weights) = (0.0, liveFanIn(unit, of: layer))
        for (reader, curvature) in zip(readers, curvatures) {
          for (output, position) in positions(of: unit, in: reader) {
            let weight = Double(parameters[reader.layer.id]?[position] ?? 0)
            rise += weight * weight * Double(curvature[output]) * Double(variance[unit]) / 2
            if masks[reader.layer.id]?[position] ?? 0 != 0 { weights += 1 }
          }
        }
        return Part(layer: layer, what: .unit(unit), weights: weights, rise: rise)
      }
    }
  }

  // MARK: - Into a plan

  /// Emits parts; what a unit passed on in the mean goes into the biases of its readers.
  ///
  /// - Returns: How many edits. Of each layer one unit at least stays, and what feeds the units that stay.
  func emit(_ parts: [Part], into plan: Plan) throws -> Int {
    var edits = 0
    var weights: [UInt64: [Int]] = [:]
    var units: [UInt64: [Int]] = [:]
    for part in parts {
      switch part.what {
      case .weight(let position): weights[part.layer.id, default: []].append(position)
      case .unit(let unit):
        guard (units[part.layer.id]?.count ?? 0) + 1 < part.layer.unitCount else { continue }
        units[part.layer.id, default: []].append(unit)
      }
    }
    try keepSources(of: &units, without: weights)
    for layer in network.layers {
      if let positions = weights[layer.id] {
        try plan.maskOff(positions.sorted(), of: layer)
        edits += 1
      }
    }
    // From the output on to the input: positions count in a layer as the edits before left it.
    for layer in network.layers.reversed() {
      guard let gone = units[layer.id]?.sorted(), !gone.isEmpty else { continue }
      edits += try moveMeans(of: gone, layer, removed: units.mapValues(\.count), into: plan)
      try plan.removeUnits(gone, of: layer)
      edits += 1
    }
    return edits
  }

  private func moveMeans(
    of units: [Int], _ layer: Layer, removed: [UInt64: Int], into plan: Plan
  ) throws -> Int {
    let means = try network.values(of: .activationMean, for: layer)
    var edits = 0
    for reader in try readers(of: layer) where reader.layer.biasCount > 0 {
      guard reader.edge.area == 1, reader.layer.kind == .dense else { continue }
      // As the plan so far has it: the reader may have lost units itself.
      let now = try plan.values(of: .parameters, for: reader.layer)
      let outputs = reader.layer.outputs - (removed[reader.layer.id] ?? 0)
      guard now.count == outputs * (reader.layer.fanIn + 1) else { continue }
      var biases = Array(now.suffix(outputs))
      for output in 0..<outputs {
        for unit in units {
          biases[output] +=
            now[output * reader.layer.fanIn + reader.edge.first + unit] * means[unit]
        }
      }
      let first = outputs * reader.layer.fanIn
      try plan.setWeights(Array(first..<first + outputs), of: reader.layer, to: biases)
      edits += 1
    }
    return edits
  }

  // MARK: - Places

  func readers(of layer: Layer) throws -> [GrowingGroup.Reader] {
    try network.edges.filter { $0.from == layer.id }.compactMap { edge in
      try edge.to.map { GrowingGroup.Reader(layer: try network.layer($0), edge: edge) }
    }
  }

  private func positions(
    of unit: Int, in reader: GrowingGroup.Reader
  ) -> [(output: Int, position: Int)] {
    (0..<reader.layer.outputs).flatMap { output in
      let start = reader.start(output: output, unit: unit, fanIn: reader.layer.fanIn)
      return (start..<start + reader.width).map { (output, $0) }
    }
  }

  private func liveFanIn(_ unit: Int, of layer: Layer) -> Int {
    guard let mask = masks[layer.id] else { return 0 }
    var live = (unit * layer.fanIn..<(unit + 1) * layer.fanIn).count { mask[$0] != 0 }
    if layer.prunableCount > layer.weightCount, mask[layer.weightCount + unit] != 0 { live += 1 }
    return live
  }
}

extension Layer {
  /// The unit that a position of the layer's vector leads into.
  fileprivate func unit(of position: Int) -> Int {
    position < weightCount ? position / fanIn : position - weightCount
  }
}
