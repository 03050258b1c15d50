import StrategyKit

/// Adds units that are copies of present ones, and divides what comes out of them among the copies.
///
///     ψ_j = w_g(j),  ω_j = v_g(j) / (copies of g(j)),  g drawn at random
///
/// The function stays as it is, so that this is the control for every cleverer new unit. Noise on the
/// copies' fan-out keeps them from staying equal for ever.
///
/// T. Chen, I. Goodfellow, J. Shlens: Net2Net: Accelerating Learning via Knowledge Transfer. ICLR 2016,
/// arXiv:1511.05641, section 2.2.
///
/// Departs from the paper: it widens in stages while one network trains, in place of once between two;
/// the learning rate goes on by the benchmark's schedule. It does not deepen.
final class Net2Net: UpdatingStrategy {
  static let info = StrategyInfo(
    id: "net2net", name: "Net2Net", summary: "Adds copies of units, with their outputs divided.",
    citation: "Chen et al. 2016, arXiv:1511.05641", reads: [.parameters],
    emits: [.widen, .setWeights], course: .grow,
    options: [
      .number("stages", "how often each layer grows", initial: 8, in: 1...1000),
      .number("until", "the share of training with growth", initial: 0.5, in: 0.01...1),
      .number(
        "noise", "on the copies' fan-out, as a share of its standard deviation", initial: 0.05,
        in: 0...1),
    ])

  private var growth: GrowthSchedule
  private let noise: Float

  init(options: Options) throws {
    growth = GrowthSchedule(
      stages: try options.integer("stages"), until: try options.number("until"))
    noise = Float(try options.number("noise"))
  }

  func updatePoints(of period: Period, in network: NetworkView) throws -> UpdatePoints? {
    try growth.points(of: period, in: network)
  }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    guard let (layer, count) = try growth.next(round, in: network), count > 0 else { return }
    let sources = network.random(count).map {
      min(Int($0 * Float(layer.unitCount)), layer.unitCount - 1)
    }
    var copies = [Int](repeating: 1, count: layer.unitCount)
    for source in sources { copies[source] += 1 }
    var fanOut: [[Float]] = []
    // What is copied is copied after it was divided.
    for edge in network.edges where edge.from == layer.id {
      guard let id = edge.to else { continue }
      let reader = Reader(
        try network.layer(id), edge,
        try network.values(
          of: .parameters, for: network.layer(id)))
      try reader.divide(by: copies, plan: plan)
      fanOut.append(reader.columns(of: sources, copies: copies, noise: noise, in: network))
    }
    let parameters = try network.values(of: .parameters, for: layer)
    let fanIn = sources.map { Array(parameters[$0 * layer.fanIn..<($0 + 1) * layer.fanIn]) }
    let biases = layer.biasCount > 0 ? sources.map { parameters[layer.weightCount + $0] } : []
    try plan.widen(
      layer, by: NewUnits(fanIn: fanIn, biases: biases, fanOut: fanOut, sources: sources))
    try plan.predict(lossChange: 0)
  }
}

/// A layer that reads the units that are copied.
private struct Reader {
  let layer: Layer
  let edge: Edge
  let parameters: [Float]
  /// Weights of one output for one unit.
  private let width: Int

  init(_ layer: Layer, _ edge: Edge, _ parameters: [Float]) {
    self.layer = layer
    self.edge = edge
    self.parameters = parameters
    width = edge.area * layer.kernel.height * layer.kernel.width
  }

  /// Where an output's weights for a unit begin.
  private func start(_ output: Int, _ unit: Int) -> Int {
    output * layer.fanIn + edge.first * layer.kernel.height * layer.kernel.width + unit * width
  }

  func divide(by copies: [Int], plan: Plan) throws {
    var positions: [Int] = []
    for output in 0..<layer.outputs {
      for unit in copies.indices where copies[unit] > 1 {
        positions += start(output, unit)..<start(output, unit) + width
      }
    }
    let values = positions.map { position -> Float in
      let column = position % layer.fanIn - start(0, 0)
      return parameters[position] / Float(copies[column / width])
    }
    try plan.setWeights(positions, of: layer, to: values)
  }

  func columns(
    of sources: [Int], copies: [Int], noise: Float, in network: NetworkView
  ) -> [Float] {
    var columns: [Float] = []
    for output in 0..<layer.outputs {
      for source in sources {
        let first = start(output, source)
        columns += parameters[first..<first + width].map { $0 / Float(copies[source]) }
      }
    }
    guard noise > 0 else { return columns }
    let square = columns.reduce(0) { $0 + $1 * $1 } / Float(max(1, columns.count))
    // Uniform values of a variance of 1 lie within √3.
    let amplitude = noise * square.squareRoot() * Float(3).squareRoot()
    return zip(columns, network.random(columns.count)).map { $0 + amplitude * (2 * $1 - 1) }
  }
}
