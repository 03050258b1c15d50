import StrategyKit

/// The one hidden layer of a network, and the layer that reads its units.
struct HiddenLayer {
  let layer: Layer
  let reader: Layer
  /// The reader's input that unit 0 is; what stands before it are the network's inputs, if anything.
  private let first: Int

  /// - Throws: ``SkipStrategy`` where there is no such layer, or it is not the only one.
  init(of network: NetworkView) throws {
    let layers = network.layers
    guard layers.allSatisfy({ $0.kind == .dense }) else {
      throw SkipStrategy("candidates are trained for dense layers, and there is another")
    }
    guard layers.count == 2 else {
      throw SkipStrategy(
        "one hidden layer and an output layer are needed, and there are \(layers.count) layers")
    }
    let edges = network.edges.filter { $0.from == layers[0].id }
    guard edges.count == 1, edges[0].to == layers[1].id, layers[0].hasGrowableUnits else {
      throw SkipStrategy("the output layer alone has to read the units of '\(layers[0].name)'")
    }
    (layer, reader, first) = (layers[0], layers[1], edges[0].first)
  }

  /// Whether the reader reads more than the units: the network's inputs.
  var standsBesideInputs: Bool { reader.inputs > layer.unitCount }

  /// The activation of the units.
  ///
  /// - Throws: ``SkipStrategy`` where candidates cannot have it.
  func activation(in network: NetworkView) throws -> Squashing {
    let inputs = try network.values(of: .inputs, for: layer)
    let read = try network.values(of: .inputs, for: reader)
    let parameters = try network.values(of: .parameters, for: layer).map(Double.init)
    var distances = Squashing.allCases.map { _ in 0.0 }
    for sample in 0..<inputs.count / layer.fanIn {
      for unit in 0..<layer.unitCount {
        var sum = layer.biasCount > 0 ? parameters[layer.weightCount + unit] : 0
        for input in 0..<layer.fanIn {
          sum +=
            parameters[unit * layer.fanIn + input] * Double(inputs[sample * layer.fanIn + input])
        }
        let value = Double(read[sample * reader.fanIn + first + unit])
        for (index, activation) in Squashing.allCases.enumerated() {
          distances[index] = max(distances[index], abs(activation.value(at: sum) - value))
        }
      }
    }
    guard let (activation, distance) = zip(Squashing.allCases, distances).min(by: { $0.1 < $1.1 }),
      distance < Self.rounding
    else {
      throw SkipStrategy(
        "the units of '\(layer.name)' are neither tanh nor sigmoid units, and candidates need a "
          + "slope everywhere")
    }
    return activation
  }

  /// More than single precision does to a value of at most 1, less than an activation to another.
  private static let rounding = 1e-4

  /// Where, along the layer's vector, what leads into a unit is.
  ///
  /// - Parameter width: units that the layer has by then.
  func fanIn(of unit: Int, width: Int) -> [Int] {
    let weights = unit * layer.fanIn..<(unit + 1) * layer.fanIn
    return Array(weights) + (layer.biasCount > 0 ? [width * layer.fanIn + unit] : [])
  }

  /// Where, along the reader's vector, what leads out of a unit is, one an output.
  ///
  /// - Parameter inputs: of the reader by then.
  func fanOut(of unit: Int, inputs: Int) -> [Int] {
    (0..<reader.outputs).map { $0 * inputs + first + unit }
  }

  /// What candidates are trained on.
  func problem(in network: NetworkView, _ activation: Squashing) throws -> CandidateProblem {
    CandidateProblem(
      inputs: try network.values(of: .inputs, for: layer),
      errors: try network.values(of: .outputGradients, for: reader), outputs: reader.outputs,
      isBiased: layer.biasCount > 0, activation: activation)
  }
}
