import StrategyKit

/// Two layers that an earlier round put in the place of one.
struct FactorPair: Site {
  let choices: WidthChoices
  private let index: Int
  private let isRectified: Bool
  private let firstParameters: [Float]
  private let secondParameters: [Float]
  /// The units between the layers, the strongest first.
  private let strongest: [Int]

  init(
    _ index: Int, isRectified: Bool, in network: NetworkView, algebra: LinearAlgebra
  ) throws {
    let (first, second) = (network.layers[index], network.layers[index + 1])
    self.index = index
    self.isRectified = isRectified
    firstParameters = try network.values(of: .parameters, for: first)
    secondParameters = try network.values(of: .parameters, for: second)
    let energies: [Double]
    if isRectified {
      let units = FactorPair.energies(first, firstParameters, second, secondParameters)
      strongest = units.indices.sorted { (-units[$0], $0) < (-units[$1], $1) }
      energies = strongest.map { units[$0] }
    } else {
      strongest = Array(0..<first.outputs)
      let product = try SeparableFilters.product(
        firstParameters, first, secondParameters, second, algebra: algebra)
      energies = try algebra.singularValues(of: product).values.prefix(first.outputs)
        .map { $0 * $0 }
    }
    let countsBiases = first.biasCount > 0 && first.prunableCount > first.weightCount
    let unitWeights =
      first.fanIn + second.outputs * second.fanIn / first.outputs + (countsBiases ? 1 : 0)
    // A pair wider than the rank of its product has further parts without energy.
    let silent = [Double](repeating: 0, count: max(0, first.outputs - energies.count))
    choices = WidthChoices(
      width: first.outputs, wholeWeights: 0, unitWeights: unitWeights, energies: energies + silent)
  }

  /// The squared weights into each middle unit times those out of it.
  private static func energies(
    _ first: Layer, _ into: [Float], _ second: Layer, _ out: [Float]
  ) -> [Double] {
    let window = second.fanIn / first.outputs
    return (0..<first.outputs).map { unit in
      let incoming = (unit * first.fanIn..<(unit + 1) * first.fanIn)
        .reduce(0.0) { $0 + Double(into[$1] * into[$1]) }
      let outgoing = (0..<second.outputs).reduce(0.0) { sum, output in
        let start = output * second.fanIn + unit * window
        return (start..<start + window).reduce(sum) { $0 + Double(out[$1] * out[$1]) }
      }
      return incoming * outgoing
    }
  }

  func keep(in next: inout [[ExpectedLayer]]) {
    next[index][0].role = .first(isRectified: isRectified)
    next[index + 1][0].role = .second
  }

  func narrow(
    to width: Int, in network: NetworkView, algebra: LinearAlgebra, plan: Plan,
    expecting next: inout [[ExpectedLayer]]
  ) throws {
    let (first, second) = (network.layers[index], network.layers[index + 1])
    if !isRectified {
      try setBestFactors(first, second, width: width, algebra: algebra, plan: plan)
    }
    try plan.removeUnits(strongest.dropFirst(width).sorted(), of: first)
    network.log("filter-factorization: '\(first.name)' to \(width) units")
    next[index] = [
      ExpectedLayer(outputs: width, inputs: first.inputs, role: .first(isRectified: isRectified))
    ]
    next[index + 1] = [ExpectedLayer(outputs: second.outputs, inputs: width, role: .second)]
  }

  /// Moves the product of the pair, at the new width, into the leading units; the rest, which are
  /// removed by the same plan, become zero.
  private func setBestFactors(
    _ first: Layer, _ second: Layer, width: Int, algebra: LinearAlgebra, plan: Plan
  ) throws {
    let columns = second.kernel.width
    let product = try SeparableFilters.product(
      firstParameters, first, secondParameters, second, algebra: algebra)
    let rank = min(width, min(product.rows, product.columns))
    let best = try SeparableFilters(of: product, columns: columns, width: rank, algebra: algebra)
    var into = [Float](repeating: 0, count: firstParameters.count)
    into.replaceSubrange(0..<best.first.count, with: best.first)
    var out = secondParameters
    for position in 0..<second.weightCount {
      let (output, rest) = position.quotientAndRemainder(dividingBy: second.fanIn)
      let (middle, x) = rest.quotientAndRemainder(dividingBy: columns)
      out[position] = middle < rank ? best.second[(output * rank + middle) * columns + x] : 0
    }
    try plan.setWeights(of: first, to: into)
    try plan.setWeights(of: second, to: out)
  }
}
