import StrategyKit

/// Adds units that are copies of present ones, and divides what comes out of them among the copies;
/// on request also layers that are identities.
///
///     ψ_j = w_g(j),  ω_j = v_g(j) / (copies of g(j)),  g drawn at random
///     new layer: W = I, b = 0, behind a ReLU, as max(0, max(0, x)) = max(0, x)
///
/// The function stays as it is, so that this is the control for every cleverer new unit. Noise on the
/// copies' fan-out keeps them from staying equal for ever; an identity is no copy and gets none.
///
/// T. Chen, I. Goodfellow, J. Shlens: Net2Net: Accelerating Learning via Knowledge Transfer. ICLR 2016,
/// arXiv:1511.05641, sections 2.2 and 2.3.
///
/// Departs from the paper: it widens in stages while one network trains, in place of once between two,
/// and deepens on the way, where the paper's networks are either wider or deeper; the learning rate
/// goes on by the benchmark's schedule.
final class Net2Net: UpdatingStrategy {
  static let info = StrategyInfo(
    id: "net2net", name: "Net2Net",
    summary: "Adds copies of units, with their outputs divided, and identity layers.",
    citation: "Chen et al. 2016, arXiv:1511.05641", version: "1.1", reads: [.parameters],
    emits: [.widen, .setWeights, .insertAfter], course: .grow,
    options: [
      .number("stages", "how often each layer grows", initial: 8, in: 1...1000),
      .number("until", "the share of training with growth", initial: 0.5, in: 0.01...1),
      .number(
        "noise", "on the copies' fan-out, as a share of its standard deviation", initial: 0.05,
        in: 0...1),
      .number("deeper", "identity layers that come on the way", initial: 0, in: 0...8),
    ])

  private var growth: GrowthSchedule
  private let noise: Float
  private var deepening: Deepening

  init(options: Options) throws {
    growth = GrowthSchedule(
      stages: try options.integer("stages"), until: try options.number("until"))
    noise = Float(try options.number("noise"))
    deepening = Deepening(layers: try options.integer("deeper"))
  }

  func updatePoints(of period: Period, in network: NetworkView) throws -> UpdatePoints? {
    let layers = deepening.begin(on: network)
    return try growth.points(of: period, in: network, newLayers: layers)
  }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    switch try growth.next(round, in: network) {
    case .widen(let layer, units: let count)?:
      try widen(layer, by: count, in: network, plan: plan)
    case .deepen?:
      guard try deepening.insert(round, in: network, plan: plan) else { return }
    case nil: return
    }
    try plan.predict(lossChange: 0)
  }

  private func widen(
    _ layer: Layer, by count: Int, in network: NetworkView, plan: Plan
  ) throws {
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
