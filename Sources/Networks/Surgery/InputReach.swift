/// The channels of a network that its input reaches along live weights: no other can differ from sample
/// to sample.
///
/// Masks alone decide, and the scales of residual blocks: a live weight of 0 is a way, as training may
/// change it.
struct InputReach {
  /// For each node and channel.
  private var isReached: [[Bool]]
  private let network: Network

  init(_ network: Network) {
    self.network = network
    isReached = network.graph.shapes.map { [Bool](repeating: false, count: $0.channels) }
    for place in network.graph.nodes.indices { isReached[place] = channels(of: place) }
  }

  /// Whether anything that the node makes depends on the input.
  func reaches(_ place: Int) -> Bool { isReached[place].contains(true) }

  private func channels(of place: Int) -> [Bool] {
    let graph = network.graph
    let node = graph.nodes[place]
    switch node.operation.kind.flow {
    case .begin:
      guard let slot = network.layout[place] else { return isReached[place].map { _ in true } }
      return units(of: slot)
    case .pass where node.operation.kind.mixesChannels:
      let isAny = node.inputs.contains(where: reaches)
      return isReached[place].map { _ in isAny }
    case .pass:
      let inputs = node.inputs.prefix(node.operation.kind.blockScale == 0 ? 1 : node.inputs.count)
      return isReached[place].indices.map { channel in
        inputs.contains { isReached[$0][channel] }
      }
    case .concatenate:
      return node.inputs.flatMap { isReached[$0] }
    case .flatten:
      let plane = graph.shapes[node.inputs[0]].plane
      return isReached[node.inputs[0]].flatMap { [Bool](repeating: $0, count: plane) }
    }
  }

  /// The units of a layer that read a reached channel by a live weight.
  private func units(of slot: ParameterLayout.Slot) -> [Bool] {
    let graph = network.graph
    let input = isReached[graph.nodes[slot.place].inputs[0]]
    let reached = input.indices.filter { input[$0] }
    let geometry = graph.weightGeometry(of: slot)
    return (0..<graph.shapes[slot.place].channels).map { unit in
      reached.contains { channel in
        geometry.weights(of: channel, to: unit, in: slot).contains { network.mask[$0] != 0 }
      }
    }
  }
}

extension Network {
  /// The first layer at which every way from the input to the output ends; nil while live weights lead
  /// from the one to the other.
  ///
  /// A layer without live weights is no collapse where the input goes another way: beside it in a
  /// concatenation, or past it through the skip or the branch of a residual block. Where several cut
  /// ways that lie beside each other, it is the first of them.
  package var collapsedLayer: ParameterLayout.Slot? {
    let reach = InputReach(self)
    var isCut = [Bool](repeating: false, count: graph.nodes.count)
    isCut[isCut.count - 1] = !reach.reaches(isCut.count - 1)
    var first: ParameterLayout.Slot?
    for place in graph.nodes.indices.reversed() where isCut[place] {
      let inputs = graph.nodes[place].inputs
      if let slot = layout[place], graph.nodes[place].operation.isWeighted,
        reach.reaches(inputs[0])
      {
        first = slot
      }
      for input in inputs where !reach.reaches(input) { isCut[input] = true }
    }
    return first
  }
}
