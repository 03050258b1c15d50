import StrategyKit

/// Units of which each reads the inputs and all that came before it, and the layer that reads them all.
struct Cascade {
  let reader: Layer
  /// What its units are like.
  let kind: UnitKind
  /// The reader's inputs that no unit makes.
  let direct: Int

  /// What all units have in common.
  struct UnitKind {
    let activation: Squashing
    let isBiased: Bool
    /// Whether budgets count biases.
    let countsBiases: Bool
  }

  /// A graph has 1024 nodes, and a layer of a cascade is three.
  static let mostLayers = 300

  /// - Throws: ``SkipStrategy`` where the network has no layer.
  init(of network: NetworkView, _ kind: UnitKind) throws {
    guard let reader = network.layers.last else {
      throw SkipStrategy("there is no layer that could read units")
    }
    var units = 0
    for edge in network.edges where edge.to == reader.id {
      units += try network.layer(edge.from).unitCount * edge.area
    }
    self.reader = reader
    self.kind = kind
    direct = reader.inputs - units
  }

  /// Weights of the network with so many units.
  ///
  /// - Parameter stride: units that come at a time, and do not read each other.
  func weights(_ units: Int, at stride: Int) -> Int {
    let bias = kind.isBiased && kind.countsBiases ? 1 : 0
    let biases = reader.prunableCount - min(reader.prunableCount, reader.weightCount)
    return (0..<units).reduce(reader.outputs * (direct + units) + biases) { sum, unit in
      sum + direct + unit / stride * stride + bias
    }
  }

  /// What candidates are trained on.
  func problem(in network: NetworkView) throws -> CandidateProblem {
    CandidateProblem(
      inputs: try network.values(of: .inputs, for: reader),
      errors: try network.values(of: .outputGradients, for: reader), outputs: reader.outputs,
      isBiased: kind.isBiased, activation: kind.activation)
  }

  /// Puts candidates beside what the reader reads.
  ///
  /// - Parameters:
  ///   - scale: on their fan-out.
  ///   - freezes: whether training leaves what leads into them as it is.
  /// - Returns: how many edits were added.
  func emit(
    _ units: [InstalledUnit], into plan: Plan, fanOutTimes scale: Float, freezes: Bool
  ) throws -> Int {
    let layer = NewLayer.dense(
      outputs: units.count, inputs: reader.inputs,
      weights: units.flatMap { $0.fanIn.prefix(reader.inputs) },
      biases: kind.isBiased ? units.map { $0.fanIn[reader.inputs] } : [])
    let activation: NewLayer = kind.activation == .tanh ? .tanh : .sigmoid
    let columns = (0..<reader.outputs).flatMap { output in
      units.map { $0.fanOut[output] * scale }
    }
    try plan.insert(
      [layer, activation], besideInputsOf: reader, fanOut: columns, areFrozen: freezes)
    return 1
  }
}
