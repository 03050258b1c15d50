/// The channels of a network that are the same at every position of every sample, and their values.
///
/// Masks alone decide: a unit whose live weights all read constant channels is constant, and what
/// follows it is while each step keeps it so exactly. Inference only, as batch normalisation by a
/// batch's own statistics is another function.
struct ConstantChannels {
  /// For each node and channel its value, or nil where it varies.
  private(set) var values: [[Double?]] = []
  private let network: Network

  init(_ network: Network) {
    self.network = network
    for place in network.graph.nodes.indices {
      let channels = channels(of: place).map { value in
        value.flatMap { $0.isFinite ? $0 : nil }
      }
      values.append(channels)
    }
  }

  private func channels(of place: Int) -> [Double?] {
    let node = network.graph.nodes[place]
    return node.operation.kind.constants(
      node.inputs.map { values[$0] }, at: place, of: network)
  }
}

extension Network {
  /// The units of a weighted layer that are constant, as those channels of its input are.
  func constantUnits(at place: Int, reading input: [Double?]) -> [Double?] {
    guard let slot = layout[place] else { return [] }
    let geometry = graph.weightGeometry(of: slot)
    let kind = graph.nodes[place].operation.kind
    return (0..<slot.weights.count / geometry.row).map { unit in
      var sum = slot.biases.isEmpty ? 0 : Double(values[slot.biases.lowerBound + unit])
      var position = slot.weights.lowerBound + unit * geometry.row
      for channel in 0..<geometry.channels {
        for _ in 0..<geometry.area {
          if mask[position] != 0 {
            guard let value = input[channel] else { return nil }
            sum += value * kind.working(Double(values[position]))
          }
          position += 1
        }
      }
      return sum
    }
  }
}

extension Extent {
  var isZero: Bool { height == 0 && width == 0 }
}
