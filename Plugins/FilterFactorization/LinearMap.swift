import StrategyKit

/// What one layer was to begin with: the layer, or the two linear factors that take its place.
struct LinearMap {
  /// What an earlier plan made of a layer.
  enum Role {
    /// It may be factorized.
    case whole
    /// The first of two linear factors; the second is the layer after it.
    case factor
    /// One of two 3×3 convolutions with a ReLU between them, which stay.
    case small
  }

  let index: Int
  let role: Role
  /// Whether its factors would be two 3×3 convolutions.
  let isSmall: Bool
  private(set) var first: LinearLayer
  private(set) var second: LinearLayer?
  /// What the parts of its output carry, the largest first; empty where there is no choice of them.
  let energies: [Double]

  /// How many layers of the network it is.
  var layerCount: Int { second == nil ? 1 : 2 }
  /// The layer whose units are its outputs.
  var last: LinearLayer { second ?? first }

  init(
    _ index: Int, _ role: Role, form: FilterFactorization.Form, in network: NetworkView,
    algebra: LinearAlgebra
  ) throws {
    self.index = index
    self.role = role
    let layer = network.layers[index]
    first = try LinearLayer(layer, in: network)
    second = role == .factor ? try LinearLayer(network.layers[index + 1], in: network) : nil
    isSmall = role == .whole && form == .small && layer.kernel == Size(height: 5, width: 5)
    let mayChange =
      role == .factor ? layer.hasRemovableUnits : role == .whole && layer.isReplaceable
    if !mayChange {
      energies = []
    } else if isSmall {
      energies = try SmallFilters.energies(of: first, algebra: algebra)
    } else {
      energies = try SeparableFilters.energies(of: second ?? first, algebra: algebra)
    }
  }

  /// The weights by which the output follows from what the first layer sees.
  func product(algebra: LinearAlgebra) throws -> Matrix {
    guard let second else { return first.weights }
    let columns = second.layer.kernel.width
    var out = Matrix(rows: second.outputs * columns, columns: first.outputs)
    for row in 0..<out.rows {
      for unit in 0..<out.columns {
        out[row, unit] = second.weights[row / columns, unit * columns + row % columns]
      }
    }
    return try algebra.product(out, first.weights)
  }

  mutating func keepInputs(from units: [Int], of count: Int, algebra: LinearAlgebra) throws {
    try first.keepInputs(from: units, of: count, algebra: algebra)
  }

  mutating func keepOutputs(_ units: [Int]) {
    if second == nil { first.keepOutputs(units) } else { second?.keepOutputs(units) }
  }

  /// The pair with another width between the factors.
  mutating func narrow(to width: Int, algebra: LinearAlgebra) throws {
    guard var second else { return }
    var factors = try SeparableFilters(of: second, width: width, algebra: algebra)
    try factors.absorb(first, algebra: algebra)
    first.weights = factors.first
    second.weights = factors.second
    second.biases = factors.biases
    self.second = second
  }
}

extension MapCosts {
  init(_ map: LinearMap, live: Double, inputUnits: Int) {
    let first = map.first.layer
    let last = map.last.layer
    let pixels = max(1, first.inputs / max(1, inputUnits))
    inputs = inputUnits
    outputs = last.outputs
    wholeArea = pixels * first.kernel.height * first.kernel.width
    let isSmall = map.isSmall
    firstArea = pixels * (isSmall ? 9 : first.kernel.height)
    secondArea = isSmall ? 9 : last.kernel.width
    liveShare = live
    countsBiases = last.prunableCount > last.weightCount
    rank = map.second == nil ? nil : first.outputs
    let total = map.energies.reduce(0, +)
    var lost: [Double] = map.energies.isEmpty ? [] : [0]
    for energy in map.energies.reversed() {
      lost.append((lost.last ?? 0) + (total > 0 ? energy / total : 0))
    }
    // A pair wider than its rank has further parts that carry nothing.
    let silent = max(0, (rank ?? 0) - map.energies.count)
    self.lost = lost.reversed() + (lost.isEmpty ? [] : [Double](repeating: 0, count: silent))
  }
}
