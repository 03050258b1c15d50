package import StrategyKit

/// A group of layers of one width that may get units, and who reads them.
package struct GrowingGroup {
  /// Its place among the groups of a `WidthModel`.
  package let index: Int
  package let group: WidthModel.Group
  /// The layer that is told of new units; others of the group follow it.
  package let layer: Layer
  /// Who reads the units, in the order of the network's edges, the network's output left out.
  package let readers: [Reader]

  /// A layer that reads units of another.
  package struct Reader {
    package let layer: Layer
    package let edge: Edge

    package init(layer: Layer, edge: Edge) {
      self.layer = layer
      self.edge = edge
    }

    /// Weights of one output for one unit.
    package var width: Int { edge.area * layer.kernel.height * layer.kernel.width }

    /// Where an output's weights for a unit begin in the layer's vector, of an input that has so many
    /// weights.
    package func start(output: Int, unit: Int, fanIn: Int) -> Int {
      output * fanIn + edge.first * layer.kernel.height * layer.kernel.width + unit * width
    }
  }

  /// All groups of a network that may get units and that somebody reads.
  package static func all(in network: NetworkView, _ model: WidthModel) throws -> [GrowingGroup] {
    try model.groups.indices.compactMap { index in
      let group = model.groups[index]
      guard group.isGrowable, let layer = group.layers.first else { return nil }
      let readers = try network.edges.filter { $0.from == layer.id }.compactMap { edge in
        try edge.to.map { Reader(layer: try network.layer($0), edge: edge) }
      }
      guard !readers.isEmpty else { return nil }
      return GrowingGroup(index: index, group: group, layer: layer, readers: readers)
    }
  }

  /// The mean Euclidean norm of what leads into a unit, and of what leads out of one.
  ///
  /// Reads the parameters. Where all of one side are 0, its norm is that of one fresh weight.
  package func meanNorms(in network: NetworkView) throws -> (fanIn: Double, fanOut: Double) {
    let parameters = try network.values(of: .parameters, for: layer)
    let rows = (0..<layer.unitCount).map { unit in
      parameters[unit * layer.fanIn..<(unit + 1) * layer.fanIn].reduce(0.0) {
        $0 + Double($1) * Double($1)
      }
    }
    var columns = [Double](repeating: 0, count: layer.unitCount)
    for reader in readers {
      let parameters = try network.values(of: .parameters, for: reader.layer)
      for output in 0..<reader.layer.outputs {
        for unit in columns.indices {
          let start = reader.start(output: output, unit: unit, fanIn: reader.layer.fanIn)
          for index in start..<start + reader.width {
            columns[unit] += Double(parameters[index]) * Double(parameters[index])
          }
        }
      }
    }
    func mean(_ squares: [Double]) -> Double {
      let sum = squares.reduce(0) { $0 + $1.squareRoot() }
      return sum > 0 ? sum / Double(squares.count) : 1 / Double(max(1, layer.fanIn)).squareRoot()
    }
    return (mean(rows), mean(columns))
  }
}
