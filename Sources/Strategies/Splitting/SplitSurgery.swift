import StrategyKit

/// Puts splits into a plan, layer by layer from the output on to the input, so that what leads into a
/// split unit of a reader is halved with the rest.
struct SplitSurgery {
  private let network: NetworkView
  /// Weights of layers as the plan so far leaves them, a row a unit.
  private var rows: [UInt64: [[Float]]] = [:]

  init(_ network: NetworkView) { self.network = network }

  /// Splits units of a layer of which neither a unit nor an input was split yet.
  ///
  /// - Parameter length: ε.
  mutating func split(
    _ splits: [Split], of target: SplittableLayer, length: Double, plan: Plan
  ) throws {
    let sources = splits.flatMap { split in
      [Int](repeating: split.direction.unit, count: split.parts - 1)
    }
    let units = try move(splits, of: target.layer, length: length, plan: plan)
    var readers = try weights(of: target.reader)
    try divide(splits, in: &readers, of: target, plan: plan)
    let columns = readers.map { row in sources.map { row[target.first + $0] } }
    try plan.widen(
      target.layer,
      by: NewUnits(
        fanIn: units.fanIn, biases: units.biases, fanOut: [columns.flatMap { $0 }],
        sources: sources))
    rows[target.layer.id] = try weights(of: target.layer) + units.fanIn
    let end = target.first + target.layer.unitCount
    rows[target.reader.id] = zip(readers, columns).map { $0[..<end] + $1 + $0[end...] }
  }

  /// Moves old units to where their first parts belong.
  ///
  /// - Returns: the other parts, in the order of the splits.
  private mutating func move(
    _ splits: [Split], of layer: Layer, length: Double, plan: Plan
  ) throws -> (fanIn: [[Float]], biases: [Float]) {
    var own = try weights(of: layer)
    let parameters = try network.values(of: .parameters, for: layer)
    let hasBias = layer.biasCount > 0
    var (fanIn, biases): ([[Float]], [Float]) = ([], [])
    var (positions, values): ([Int], [Float]) = ([], [])
    for split in splits {
      let (unit, vector) = (split.direction.unit, split.direction.vector)
      let old = own[unit]
      for (part, offset) in split.offsets.enumerated() {
        let step = length * offset
        let row = old.indices.map { Float(Double(old[$0]) + step * vector[$0]) }
        let bias = hasBias ? Double(parameters[layer.weightCount + unit]) : 0
        let moved = hasBias ? [Float(bias + step * vector[old.count])] : []
        if part == 0 {
          own[unit] = row
          positions += unit * layer.fanIn..<(unit + 1) * layer.fanIn
          positions += hasBias ? [layer.weightCount + unit] : []
          values += row + moved
        } else {
          fanIn.append(row)
          biases += moved
        }
      }
    }
    try plan.setWeights(positions, of: layer, to: values)
    rows[layer.id] = own
    return (fanIn, biases)
  }

  /// Divides what leads out of each split unit by its parts.
  private func divide(
    _ splits: [Split], in readers: inout [[Float]], of target: SplittableLayer, plan: Plan
  ) throws {
    var (positions, values): ([Int], [Float]) = ([], [])
    for row in readers.indices {
      let start = row * readers[row].count
      for split in splits {
        let column = target.first + split.direction.unit
        readers[row][column] /= Float(split.parts)
        positions.append(start + column)
        values.append(readers[row][column])
      }
    }
    try plan.setWeights(positions, of: target.reader, to: values)
  }

  private func weights(of layer: Layer) throws -> [[Float]] {
    if let known = rows[layer.id] { return known }
    let values = try network.values(of: .parameters, for: layer)
    return (0..<layer.outputs).map { Array(values[$0 * layer.fanIn..<($0 + 1) * layer.fanIn]) }
  }
}
