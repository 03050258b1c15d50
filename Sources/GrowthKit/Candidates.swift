package import StrategyKit

/// The units that a group could get, measured behind their activation.
///
/// A singular vector's sign is chance, and max(0, ψᵀh) and max(0, −ψᵀh) are different units. So both are
/// put into a plan with nothing leading out of them, the gradient there is read, and the plan is taken
/// back: the fall is what the loss would do, whatever lies between unit and reader.
package struct Candidates {
  private let problem: UnitProblem
  private let source: UnitSource
  /// Of NeST the share of the entries that a unit is made of.
  private static let entryShare = 0.1
  /// The scale at which units are tried: small, so that smooth activations are nearly linear.
  private static let trial = 0.03

  package init(_ problem: UnitProblem, source: UnitSource) {
    self.problem = problem
    self.source = source
  }

  /// A group and units for it.
  package typealias OfGroup = (group: GrowingGroup, units: [CandidateUnit])

  /// A wish for units.
  package struct Request {
    package let group: GrowingGroup
    package let count: Int
    /// Whether random units follow where the problem has fewer solutions. Solutions do not overlap, so
    /// that what they are worth adds up; random units do.
    package let fills: Bool

    package init(_ group: GrowingGroup, count: Int, fills: Bool) {
      self.group = group
      self.count = max(0, count)
      self.fills = fills
    }
  }

  /// Candidates for groups, the best first; as many as are wanted, or fewer.
  ///
  /// - Parameter plan: Holds no edit; it is left so.
  package func make(
    _ requests: [Request], in network: NetworkView, trying plan: Plan
  ) throws -> [OfGroup] {
    let units = try requests.map { ($0.group, try self.units(for: $0, in: network)) }
    return try measured(units, in: network, trying: plan).map { group, units in
      (group, Self.distinct(units).sorted { $0.worth > $1.worth })
    }
  }

  private func units(
    for request: Request, in network: NetworkView
  ) throws -> [CandidateUnit] {
    let (group, count) = (request.group, request.count)
    guard count > 0 else { return [] }
    let moments = try problem.moments(of: group, in: network)
    var units: [CandidateUnit] = []
    switch source {
    case .singular:
      units = try problem.solutions(moments, of: group, in: network).prefix(count)
        .flatMap { [$0, $0.negated] }
    case .entries:
      if let cross = moments.cross {
        let made = (0..<count).map { _ in entryUnit(of: cross, group, in: network) }
        units = try problem.normalised(made, moments, in: network)
      }
    case .random: break
    }
    // What hears the bias alone, or nothing, is no unit: the host refuses it.
    units.removeAll { unit in unit.fanIn.allSatisfy { Float(Self.trial * $0) == 0 } }
    let others = request.fills || units.isEmpty ? max(0, count - units.count) : 0
    let random = (0..<others).map { _ in
      randomUnit(of: group, in: network, onBothSides: source == .random)
    }
    return try units + problem.normalised(random, moments, in: network)
  }

  /// Without the second sign of a direction behind an odd activation: −ω σ(−u) = ω σ(u) is the same
  /// unit, and the two would stay equal for ever.
  private static func distinct(_ units: [CandidateUnit]) -> [CandidateUnit] {
    units.indices.filter { index in
      guard index > 0, units[index].isNegated else { return true }
      let (first, second) = (units[index - 1].fall, units[index].fall)
      return abs(first - second) > oddness * max(abs(first), abs(second))
    }.map { units[$0] }
  }

  /// How far apart the slopes of both signs lie at most where units are nearly linear.
  private static let oddness = 0.01

  // MARK: - Units

  private func randomUnit(
    of group: GrowingGroup, in network: NetworkView, onBothSides: Bool
  ) -> CandidateUnit {
    func values(_ count: Int) -> [Double] { network.random(count).map { Double(2 * $0 - 1) } }
    let fanIn = values(group.layer.fanIn)
    guard onBothSides else { return CandidateUnit(fanIn: fanIn) }
    let fanOut = values(group.readers.reduce(0) { $0 + $1.layer.outputs * $1.width })
    let norm = fanOut.reduce(0) { $0 + $1 * $1 }.squareRoot()
    var rest = fanOut[...]
    return CandidateUnit(
      fanIn: fanIn,
      fanOut: group.readers.map { reader in
        let count = reader.layer.outputs * reader.width
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count).map { norm > 0 ? $0 / norm : 0 }
      })
  }

  /// ψ_i += ε sgn(N_ij) √|N_ij| and ω_j += ε √|N_ij| over the largest entries, ε = ±1 at random.
  private func entryUnit(
    of cross: Matrix, _ group: GrowingGroup, in network: NetworkView
  ) -> CandidateUnit {
    let count = max(1, Int(Self.entryShare * Double(cross.values.count)))
    let largest = cross.values.indices.sorted {
      abs(cross.values[$0]) > abs(cross.values[$1])
    }.prefix(count)
    var fanIn = [Double](repeating: 0, count: cross.rows)
    var fanOut = [Double](repeating: 0, count: cross.columns)
    for (place, draw) in zip(largest, network.random(count)) {
      let root = (draw < 0.5 ? -1 : 1) * abs(cross.values[place]).squareRoot()
      fanIn[place / cross.columns] += cross.values[place] < 0 ? -root : root
      fanOut[place % cross.columns] += root
    }
    let weights = group.layer.fanIn
    return CandidateUnit(
      fanIn: Array(fanIn.prefix(weights)), bias: fanIn.count > weights ? fanIn[weights] : 0,
      fanOut: [fanOut].map(unit))
  }

  private func unit(_ vector: [Double]) -> [Double] {
    let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return norm > 0 ? vector.map { $0 / norm } : vector
  }

  // MARK: - Measuring

  /// The units with what they promise; those without a fan-out get the one in which the loss falls
  /// fastest.
  private func measured(
    _ units: [OfGroup], in network: NetworkView,
    trying plan: Plan
  ) throws -> [OfGroup] {
    let silent = units.map { group, units in
      (
        group,
        units.map { unit in
          UnitSides(
            fanIn: unit.fanIn.map { Float(Self.trial * $0) }, bias: Float(Self.trial * unit.bias),
            fanOut: [])
        }
      )
    }
    let edits = try UnitSides.emit(silent, in: network, plan: plan)
    guard edits > 0 else { return units }
    var gradients: [UInt64: [Float]] = [:]
    for group in units where !group.units.isEmpty {
      for reader in group.group.readers where gradients[reader.layer.id] == nil {
        gradients[reader.layer.id] = try plan.values(of: .gradient, for: reader.layer)
      }
    }
    try plan.retract(edits)
    let added = Dictionary(
      units.flatMap { group, units in group.group.layers.map { ($0.id, units.count) } },
      uniquingKeysWith: { first, _ in first })
    return units.map { group, units in
      (
        group,
        units.enumerated().map { number, unit in
          let slopes = group.readers.map { reader in
            column(
              group.layer.unitCount + number, of: reader, in: gradients[reader.layer.id] ?? [],
              outputs: reader.layer.outputs + (added[reader.layer.id] ?? 0))
          }
          return unit.measured(slopes)
        }
      )
    }
  }

  /// The gradient in what a reader of so many outputs has for a unit, of its old outputs.
  private func column(
    _ unit: Int, of reader: GrowingGroup.Reader, in gradient: [Float], outputs: Int
  ) -> [Double] {
    let biases = reader.layer.biasCount > 0 ? outputs : 0
    let fanIn = (gradient.count - biases) / max(1, outputs)
    return (0..<reader.layer.outputs).flatMap { output in
      let start = reader.start(output: output, unit: unit, fanIn: fanIn)
      return gradient[start..<start + reader.width].map { Double($0) / Self.trial }
    }
  }
}

extension CandidateUnit {
  fileprivate var negated: CandidateUnit {
    var unit = self
    unit.isNegated = true
    unit.fanIn = fanIn.map { -$0 }
    unit.bias = -bias
    unit.fanOut = fanOut.map { $0.map { -$0 } }
    return unit
  }

  /// - Parameter slopes: The gradient of the loss in what leads out of the unit, for each reader.
  fileprivate func measured(_ slopes: [[Double]]) -> CandidateUnit {
    var unit = self
    if unit.fanOut.isEmpty {
      let norm = slopes.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
      unit.fanOut = slopes.map { $0.map { norm > 0 ? -$0 / norm : 0 } }
    }
    unit.fall = -zip(unit.fanOut.joined(), slopes.joined()).reduce(0) { $0 + $1.0 * $1.1 }
    return unit
  }
}
