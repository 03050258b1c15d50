import StrategyKit

/// A layer that is not factorized yet.
struct WholeLayer: Site {
  let choices: WidthChoices
  private let index: Int
  private let layer: Layer
  private let parameters: [Float]
  private let isSmall: Bool

  /// - Returns: nil when the layer may not be replaced.
  init?(
    _ index: Int, form: FilterFactorization.Form, in network: NetworkView, algebra: LinearAlgebra
  ) throws {
    layer = network.layers[index]
    guard layer.isReplaceable, layer.weightCount > 0,
      layer.kind == .dense || layer.kind == .convolution
    else {
      return nil
    }
    self.index = index
    parameters = try network.values(of: .parameters, for: layer)
    isSmall = form == .small && layer.kernel == Size(height: 5, width: 5)
    let mask = try network.values(of: .mask, for: layer)
    let matrix =
      isSmall
      ? SmallFilters.windows(of: parameters, layer)
      : SeparableFilters.matrix(of: parameters, layer)
    let countsBiases = layer.prunableCount > layer.weightCount
    let unitWeights =
      isSmall
      ? 9 * (layer.inputs + layer.outputs) + (countsBiases ? 1 : 0)
      : layer.kernel.height * layer.inputs + layer.kernel.width * layer.outputs
    choices = WidthChoices(
      width: nil, wholeWeights: mask.prefix(layer.weightCount).count { $0 != 0 },
      unitWeights: unitWeights,
      energies: try algebra.singularValues(of: matrix).values.map { $0 * $0 })
  }

  func keep(in next: inout [[ExpectedLayer]]) {}

  func narrow(
    to width: Int, in network: NetworkView, algebra: LinearAlgebra, plan: Plan,
    expecting next: inout [[ExpectedLayer]]
  ) throws {
    let layers =
      if isSmall {
        try SmallFilters(layer, parameters, width: width, in: network, algebra: algebra).layers
      } else {
        try SeparableFilters(
          of: SeparableFilters.matrix(of: parameters, layer), columns: layer.kernel.width,
          width: width, algebra: algebra
        ).layers(for: layer, biases: Array(parameters.suffix(layer.biasCount)))
      }
    try plan.replace(layer, with: layers)
    network.log("filter-factorization: '\(layer.name)' in two, \(width) wide")
    next[index] = [
      ExpectedLayer(
        outputs: width, inputs: layer.inputs, role: .first(isRectified: isSmall)),
      ExpectedLayer(outputs: layer.outputs, inputs: width, role: .second),
    ]
  }
}
