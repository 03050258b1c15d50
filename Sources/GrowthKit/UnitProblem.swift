package import StrategyKit

/// Which units would follow the fall of the loss best: one problem with three switches, of which
/// published methods are cases (Verbockhaven et al. 2024, "TINY"; Evci et al. 2022, "GradMax"; Mitchell
/// et al. 2023, "SENN").
///
/// With h what goes into the layer, G = −∂L/∂z the fall in the reader's pre-activations, and T = G or what
/// the present units leave of it:
///
///     N = E[h Tᵀ]   (fan-in × fan-out),   S = E[h hᵀ] or I
///     S^(−1/2) N = U diag(s) Rᵀ,   ψ_i = S^(−1/2) u_i,   ω_i = r_i
///
/// so that a unit of √s ψ and √s ω lowers the loss by s² to first order where its activation is linear.
/// S is damped by a share of its mean diagonal, as some inputs never change.
package struct UnitProblem {
  package let metric: UnitMetric
  package let target: UnitTarget
  /// Of the second moment, relative to the mean of its diagonal.
  package let damping: Double
  /// Beyond so many weights out of a unit no problem is solved: its matrices would be larger than the
  /// network.
  private static let mostFanOut = 2048

  package init(metric: UnitMetric, target: UnitTarget, damping: Double) {
    self.metric = metric
    self.target = target
    self.damping = damping
  }

  /// What `StrategyInfo.reads` has to name.
  package var signals: Set<Signal> { Self.signals }
  package static let signals: Set<Signal> = [
    .parameters, .gradient, .bypassGradient, .inputMoment, .inputs,
  ]

  /// The moments of a group's units.
  package struct Moments {
    /// E[h Tᵀ]: a row a weight into a unit and one for its bias where it has one, a column a weight out of
    /// it; nil where no linear layer leads past the units, as behind pools.
    package var cross: Matrix?
    /// The damped S, and its inverse; nil in the identity metric.
    package var second: Matrix?
    package var inverse: Matrix?
  }

  /// Measures what the problem of a group is made of.
  ///
  /// - Throws: ``HostError`` when the host refuses a signal.
  package func moments(of group: GrowingGroup, in network: NetworkView) throws -> Moments {
    var moments = Moments()
    if metric == .covariance {
      var second = try dampedMoment(of: group.layer, in: network)
      moments.second = second
      try network.linearAlgebra().invert(&second)
      moments.inverse = second
    }
    moments.cross = try crossMoment(of: group, in: network)
    return moments
  }

  /// The solutions, the best first.
  ///
  /// - Returns: as many as the matrix has rank, with both sides; none where there is no matrix.
  package func solutions(_ moments: Moments, of group: GrowingGroup, in network: NetworkView) throws
    -> [CandidateUnit]
  {
    guard let cross = moments.cross else { return [] }
    let algebra = try network.linearAlgebra()
    guard let inverse = moments.inverse else {
      let factors = try algebra.singularValues(of: cross)
      return rank(factors.values) { index in
        candidate(
          fanIn: (0..<cross.rows).map { factors.left[$0, index] },
          fanOut: (0..<cross.columns).map { factors.right[index, $0] },
          fall: factors.values[index], of: group)
      }
    }
    // S^(−1/2) u = S⁻¹ N r / s: no root is needed. The Gram matrix is of the smaller side.
    let weighted = try algebra.product(inverse, cross)
    let gram = try algebra.product(cross, transposingA: true, weighted)
    let factors = try algebra.singularValues(of: gram)
    let fanIns = try algebra.product(weighted, factors.left)
    return rank(factors.values.map { max(0, $0).squareRoot() }) { index in
      let fall = max(0, factors.values[index]).squareRoot()
      return candidate(
        fanIn: (0..<cross.rows).map { fanIns[$0, index] / fall },
        fanOut: (0..<cross.columns).map { factors.left[$0, index] }, fall: fall, of: group)
    }
  }

  private func rank(_ values: [Double], _ make: (Int) -> CandidateUnit) -> [CandidateUnit] {
    let least = max(1e-12, 1e-6 * (values.first ?? 0))
    return values.indices.filter { values[$0] > least }.map(make)
  }

  /// - Parameter fanIn: with a last value for the bias where the cross moment has a row for it.
  private func candidate(
    fanIn: [Double], fanOut: [Double], fall: Double, of group: GrowingGroup
  ) -> CandidateUnit {
    let weights = group.layer.fanIn
    return CandidateUnit(
      fanIn: Array(fanIn.prefix(weights)), bias: fanIn.count > weights ? fanIn[weights] : 0,
      fanOut: [fanOut], fall: fall)
  }

  /// Units scaled to the norm 1 in the metric.
  package func normalised(
    _ units: [CandidateUnit], _ moments: Moments, in network: NetworkView
  ) throws -> [CandidateUnit] {
    guard let first = units.first else { return [] }
    var squares = units.map { $0.fanIn.reduce(0.0) { $0 + $1 * $1 } }
    if let second = moments.second {
      let hasBias = second.rows > first.fanIn.count
      let vectors = try Matrix(
        rows: units.count, columns: second.rows,
        values: units.flatMap { $0.fanIn + (hasBias ? [$0.bias] : []) })
      let products = try network.linearAlgebra().product(vectors, second)
      squares = units.indices.map { row in
        (0..<second.rows).reduce(0.0) { $0 + vectors[row, $1] * products[row, $1] }
      }
    }
    return zip(units, squares).map { unit, square in
      guard square > 0 else { return unit }
      let factor = 1 / square.squareRoot()
      var unit = unit
      unit.fanIn = unit.fanIn.map { $0 * factor }
      unit.bias *= factor
      return unit
    }
  }

  // MARK: - Moments

  /// Σ over positions of E[h hᵀ], with a last row for the bias where the layer has some, damped.
  private func dampedMoment(of layer: Layer, in network: NetworkView) throws -> Matrix {
    let size = layer.fanIn + (layer.biasCount > 0 ? 1 : 0)
    let positions = Double(layer.outputSize.height * layer.outputSize.width)
    let values = try network.values(of: .inputMoment, for: layer)
    var moment = try Matrix(
      rows: size, columns: size, values: values.map { positions * Double($0) })
    damp(&moment)
    return moment
  }

  private func damp(_ moment: inout Matrix) {
    let trace = (0..<moment.rows).reduce(0.0) { $0 + moment[$1, $1] }
    let ridge = trace > 0 ? damping * trace / Double(moment.rows) : 1
    for index in 0..<moment.rows { moment[index, index] += ridge }
  }

  private func crossMoment(of group: GrowingGroup, in network: NetworkView) throws -> Matrix? {
    let (layer, readers) = (group.layer, group.readers)
    guard group.group.layers.count == 1, readers.count == 1, let reader = readers.first,
      reader.layer.outputs * reader.width <= Self.mostFanOut,
      let bypass = try bypassGradient(of: layer, in: network)
    else { return nil }
    // A dense reader of a flattened map has the map for a kernel.
    let kernel = reader.edge.area > 1 ? layer.outputSize : reader.layer.kernel
    let (outputs, area) = (reader.layer.outputs, kernel.height * kernel.width)
    let height = layer.stride.height * (kernel.height - 1) + layer.kernel.height
    let width = layer.stride.width * (kernel.width - 1) + layer.kernel.width
    guard bypass.count == outputs * layer.inputs * height * width else { return nil }
    let hasBias = metric == .covariance && layer.biasCount > 0
    var cross = Matrix(rows: layer.fanIn + (hasBias ? 1 : 0), columns: outputs * area)
    for output in 0..<outputs {
      for place in 0..<area {
        let column = output * area + place
        let top = layer.stride.height * (place / kernel.width)
        let left = layer.stride.width * (place % kernel.width)
        for row in 0..<layer.fanIn {
          let (input, inside) = row.quotientAndRemainder(
            dividingBy: layer.kernel.height * layer.kernel.width)
          let y = top + inside / layer.kernel.width
          let x = left + inside % layer.kernel.width
          cross[row, column] =
            -Double(bypass[((output * layer.inputs + input) * height + y) * width + x])
        }
      }
    }
    if hasBias, reader.layer.biasCount > 0 {
      // What a bias would pass on is 1 in every place.
      let gradient = try network.values(of: .gradient, for: reader.layer)
      for column in 0..<cross.columns {
        cross[layer.fanIn, column] = -Double(gradient[reader.layer.weightCount + column / area])
      }
    }
    if target == .residual { try project(&cross, group, reader, in: network) }
    return cross
  }

  /// Nil where no linear layer leads past the units.
  private func bypassGradient(of layer: Layer, in network: NetworkView) throws -> [Float]? {
    do {
      return try network.values(of: .bypassGradient, for: layer)
    } catch is HostError {
      return nil
    }
  }

  /// Takes out of the target what the present units can follow, V h₁ with the natural step
  /// δVᵀ = C⁻¹ E[h₁ Gᵀ] of what leads out of them: N −= E[h h₁ᵀ] δVᵀ.
  ///
  /// Where inputs cannot be read sample by sample, as those of convolutions, the target stays raw.
  private func project(
    _ cross: inout Matrix, _ group: GrowingGroup, _ reader: GrowingGroup.Reader,
    in network: NetworkView
  ) throws {
    guard group.layer.kind == .dense, reader.layer.kind == .dense else { return }
    let algebra = try network.linearAlgebra()
    var inverse = try dampedMoment(of: reader.layer, in: network)
    try algebra.invert(&inverse)
    let gradient = try network.values(of: .gradient, for: reader.layer)
    let (outputs, fanIn) = (reader.layer.outputs, reader.layer.fanIn)
    var slopes = Matrix(rows: inverse.rows, columns: outputs)
    for output in 0..<outputs {
      for input in 0..<fanIn { slopes[input, output] = -Double(gradient[output * fanIn + input]) }
      if inverse.rows > fanIn {
        slopes[fanIn, output] = -Double(gradient[reader.layer.weightCount + output])
      }
    }
    let before = try network.inputRows(
      of: group.layer, withBias: cross.rows > group.layer.fanIn)
    let behind = try network.inputRows(of: reader.layer, withBias: inverse.rows > fanIn)
    let step = try algebra.product(inverse, slopes)
    // (hᵀ (h₁ δVᵀ)): the narrow product first.
    let followed = try algebra.product(behind, step)
    try algebra.addProduct(
      before, transposingA: true, followed, times: -1 / Double(max(1, before.rows)), to: &cross)
  }
}
