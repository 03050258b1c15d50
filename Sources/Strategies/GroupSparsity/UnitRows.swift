import StrategyKit

/// The units that may go, each as the group of what leads into it: its weights and its bias. Units that a
/// residual sum ties are one group, as they go together.
struct UnitRows {
  /// A unit, or several that are tied.
  struct Unit {
    /// Its group in the model of widths, and its place in it.
    let group: Int
    let place: Int
    /// Where its parameters lie in the network's flat vector.
    fileprivate let parts: [Range<Int>]
  }

  let layers: [Layer]
  let model: WidthModel
  let units: [Unit]

  init(_ network: NetworkView) {
    layers = network.layers
    model = WidthModel(network)
    units = model.groups.enumerated().filter(\.element.isShrinkable).flatMap { index, group in
      (0..<group.units).map { place in
        Unit(group: index, place: place, parts: group.layers.flatMap { $0.parameters(of: place) })
      }
    }
  }

  /// The sizes of all units at these parameters.
  func sizes(in network: NetworkView, by norm: GroupNorm) throws -> [Double] {
    var flat: [Float] = []
    for layer in network.layers {
      let values = try network.values(of: .parameters, for: layer)
      let end = layer.parameterOffset + values.count
      if flat.count < end { flat += [Float](repeating: 0, count: end - flat.count) }
      flat.replaceSubrange(layer.parameterOffset..<end, with: values)
    }
    var row: [Float] = []
    return units.map { unit in
      row.removeAll(keepingCapacity: true)
      for part in unit.parts { row += flat[part] }
      return norm.size(of: row)
    }
  }

  /// The units that go, the smallest first, so that no more than `goal` weights are left: all that are
  /// zero, and the others only with `isLast`. Every layer keeps one.
  ///
  /// - Returns: for each group of the model its units, rising.
  func going(_ sizes: [Double], goal: Int, isLast: Bool) -> [[Int]] {
    var going = model.groups.map { _ in [Int]() }
    var widths = model.groups.map(\.units)
    for index in sizes.indices.sorted(by: { (sizes[$0], $0) < (sizes[$1], $1) })
    where sizes[index] == 0 || isLast {
      let unit = units[index]
      guard widths[unit.group] > 1, model.weights(at: widths) > goal else { continue }
      widths[unit.group] -= 1
      going[unit.group].append(unit.place)
    }
    return going.map { $0.sorted() }
  }

  /// The size of the largest unit that has to go, when the smallest do.
  func lastToGo(_ sizes: [Double], goal: Int) -> Double {
    let going = going(sizes, goal: goal, isLast: true).map(Set.init)
    return zip(units, sizes).filter { going[$0.0.group].contains($0.0.place) }.map(\.1).max() ?? 0
  }

  /// Takes a proximal step. Units that it would empty beyond the goal, or the last ones of a layer, stay
  /// as they are.
  func shrink(
    _ parameters: inout MutableSpan<Float>, by amount: Double, _ norm: GroupNorm, goal: Int
  ) {
    var row: [Float] = []
    var vanishing: [(index: Int, size: Double)] = []
    for (index, unit) in units.enumerated() {
      row.removeAll(keepingCapacity: true)
      for part in unit.parts { for position in part { row.append(parameters[position]) } }
      let size = norm.size(of: row)
      guard size > amount else {
        vanishing.append((index, size))
        continue
      }
      norm.shrink(&row, by: amount)
      var next = 0
      for part in unit.parts {
        for position in part {
          parameters[position] = row[next]
          next += 1
        }
      }
    }
    var widths = model.groups.map(\.units)
    for (index, _) in vanishing.sorted(by: { ($0.size, $0.index) < ($1.size, $1.index) }) {
      let unit = units[index]
      guard widths[unit.group] > 1, model.weights(at: widths) > goal else { continue }
      widths[unit.group] -= 1
      for part in unit.parts { for position in part { parameters[position] = 0 } }
    }
  }
}

extension Layer {
  /// Where the weights into a unit and its bias lie in the network's flat vector.
  fileprivate func parameters(of unit: Int) -> [Range<Int>] {
    let row = parameterOffset + unit * fanIn
    let bias = parameterOffset + weightCount + unit
    return [row..<row + fanIn] + (biasCount > 0 ? [bias..<bias + 1] : [])
  }
}
