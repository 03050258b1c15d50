package import StrategyKit

/// A new unit as a plan takes it.
package struct UnitSides {
  package let fanIn: [Float]
  /// Left out where the layer has none.
  package let bias: Float
  /// For each reader of its group the reader's weights for the unit; empty for nothing but zeros.
  package let fanOut: [[Float]]

  var withOppositeFanOut: UnitSides {
    UnitSides(fanIn: fanIn, bias: bias, fanOut: fanOut.map { $0.map { -$0 } })
  }

  /// Emits new units of several groups, one edit a group, from the output on to the input, so that a
  /// reader's new units are there when units come before it; they get nothing from those.
  ///
  /// - Returns: How many edits.
  package static func emit(
    _ chosen: [(group: GrowingGroup, units: [UnitSides])], in network: NetworkView, plan: Plan
  ) throws -> Int {
    var added: [UInt64: Int] = [:]
    var edits = 0
    for (group, units) in chosen.sorted(by: { $0.group.index > $1.group.index })
    where !units.isEmpty {
      try plan.widen(
        group.layer,
        by: NewUnits(
          fanIn: units.map(\.fanIn), biases: group.layer.biasCount > 0 ? units.map(\.bias) : [],
          fanOut: columns(units, of: group, added, in: network)))
      edits += 1
      for layer in group.group.layers { added[layer.id] = units.count }
    }
    return edits
  }

  /// The new columns of each reader, with rows of 0 for units that it got itself.
  private static func columns(
    _ units: [UnitSides], of group: GrowingGroup, _ added: [UInt64: Int], in network: NetworkView
  ) -> [[Float]] {
    var place = 0
    return network.edges.filter { $0.from == group.layer.id }.map { edge in
      guard edge.to != nil else { return [] }
      let reader = group.readers[place]
      let outputs = reader.layer.outputs + (added[reader.layer.id] ?? 0)
      var columns = [Float](repeating: 0, count: outputs * units.count * reader.width)
      for (number, unit) in units.enumerated() where !unit.fanOut.isEmpty {
        for output in 0..<reader.layer.outputs {
          let to = (output * units.count + number) * reader.width
          for index in 0..<reader.width {
            columns[to + index] = unit.fanOut[place][output * reader.width + index]
          }
        }
      }
      place += 1
      return columns
    }
  }
}
