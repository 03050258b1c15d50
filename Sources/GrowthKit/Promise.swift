package import StrategyKit

/// What training the weights that are there still promises: the fall of the loss by a natural-gradient
/// step, block by block of a unit's weights (Mitchell et al. 2023, "SENN", section 3.1).
///
///     ½ mᵀ (c S)⁻¹ m   for each unit, with the gradient m of its weights, the curvature c of the loss in
///                      its pre-activation, and the second moment S of its inputs
package struct Promise {
  /// Of the second moment, relative to the mean of its diagonal.
  package let damping: Double

  package init(damping: Double) { self.damping = damping }

  /// What `StrategyInfo.reads` has to name.
  package static let signals: Set<Signal> = [.gradient, .inputMoment, .outputCurvature, .mask]

  /// The fall that all layers promise together; masked weights promise nothing.
  package func ofPresentWeights(in network: NetworkView) throws -> Double {
    try network.layers.reduce(0) { try $0 + ofWeights(of: $1, in: network) }
  }

  /// Candidates with the curvature that the readers' pre-activations have along them.
  package func withCurvature(
    _ candidates: [Candidates.OfGroup], in network: NetworkView
  ) throws -> [Candidates.OfGroup] {
    try candidates.map { group, units in
      let curvatures = try group.readers.map {
        try network.values(of: .outputCurvature, for: $0.layer)
      }
      return (
        group,
        units.map { unit in
          var unit = unit
          unit.curvature = zip(zip(group.readers, unit.fanOut), curvatures).reduce(0.0) {
            $0 + curvature(of: $1.0.1, $1.0.0, $1.1)
          }
          return unit
        }
      )
    }
  }

  /// Σ over outputs of c ω², the curvature of a position of a map being the mean of all.
  private func curvature(
    of fanOut: [Double], _ reader: GrowingGroup.Reader, _ curvatures: [Float]
  ) -> Double {
    let positions = Double(
      max(1, reader.layer.outputSize.height * reader.layer.outputSize.width))
    return fanOut.indices.reduce(0.0) { sum, index in
      let output = index / max(1, reader.width)
      return sum + fanOut[index] * fanOut[index] * Double(curvatures[output]) / positions
    }
  }

  private func ofWeights(of layer: Layer, in network: NetworkView) throws -> Double {
    let size = layer.fanIn + (layer.biasCount > 0 ? 1 : 0)
    let values = try network.values(of: .inputMoment, for: layer)
    var moment = try Matrix(rows: size, columns: size, values: values.map(Double.init))
    let trace = (0..<size).reduce(0.0) { $0 + moment[$1, $1] }
    for index in 0..<size { moment[index, index] += trace > 0 ? damping * trace / Double(size) : 1 }
    let gradient = try network.values(of: .gradient, for: layer)
    let mask = try network.values(of: .mask, for: layer)
    let curvature = try network.values(of: .outputCurvature, for: layer)
    let least = 1e-6 * Double(curvature.max() ?? 0)
    let units = sample(of: layer.outputs)
    var sum = 0.0
    var whole: Matrix?
    for unit in units where Double(curvature[unit]) > least {
      var live = (0..<layer.fanIn).filter { mask[unit * layer.fanIn + $0] != 0 }
      var slopes = live.map { Double(gradient[unit * layer.fanIn + $0]) }
      if size > layer.fanIn {
        live.append(layer.fanIn)
        slopes.append(Double(gradient[layer.weightCount + unit]))
      }
      let inverse =
        if live.count == size, let whole { whole } else {
          try inverse(of: moment, at: live, in: network)
        }
      if live.count == size { whole = inverse }
      let square = slopes.indices.reduce(0.0) { sum, row in
        sum + slopes[row] * slopes.indices.reduce(0.0) { $0 + inverse[row, $1] * slopes[$1] }
      }
      sum += square / (2 * Double(curvature[unit]))
    }
    return sum * Double(layer.outputs) / Double(max(1, units.count))
  }

  /// Units that stand for all where each has live inputs of its own, and so a matrix of its own.
  private func sample(of units: Int) -> [Int] {
    let count = min(units, Self.mostUnits)
    return (0..<count).map { $0 * units / count }
  }

  private static let mostUnits = 16

  /// The inverse of the rows and columns of a matrix that are named.
  private func inverse(
    of matrix: Matrix, at places: [Int], in network: NetworkView
  ) throws -> Matrix {
    var part = Matrix(rows: places.count, columns: places.count)
    for (row, from) in places.enumerated() {
      for (column, place) in places.enumerated() { part[row, column] = matrix[from, place] }
    }
    try network.linearAlgebra().invert(&part)
    return part
  }
}
