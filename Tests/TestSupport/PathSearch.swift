package import Networks

/// Live paths of a network by brute force: every path is walked, nothing is remembered. For tiny
/// networks whose convolutions do not pad.
package struct PathSearch {
  private let network: Network

  package init(_ network: Network) { self.network = network }

  /// The flat positions of the live weights on a path of live weights from an input to an output.
  package var weightsOnPaths: [Int] {
    network.graph.weightedLayers.flatMap { place in
      let input = network.graph.nodes[place].inputs[0]
      return weights(of: place).filter { weight in
        comesFromInput(input, weight.channel) && reachesOutput(place, weight.unit)
      }.map(\.index)
    }
  }

  private struct Weight {
    let index: Int
    let unit: Int
    let channel: Int
  }

  private func weights(of place: Int) -> [Weight] {
    guard let slot = network.layout[place] else { return [] }
    let units = network.graph.shapes[place].channels
    let channels = network.graph.shapes[network.graph.nodes[place].inputs[0]].channels
    let row = slot.weights.count / units
    return slot.weights.enumerated().filter { network.mask[$1] != 0 }.map { offset, index in
      Weight(index: index, unit: offset / row, channel: offset % row / (row / channels))
    }
  }

  private func comesFromInput(_ place: Int, _ channel: Int) -> Bool {
    let node = network.graph.nodes[place]
    if place == 0 { return true }
    if node.operation.isWeighted {
      return weights(of: place).contains {
        $0.unit == channel && comesFromInput(node.inputs[0], $0.channel)
      }
    }
    return node.inputs.indices.contains { input in
      sources(of: place, input, channel).contains { comesFromInput(node.inputs[input], $0) }
    }
  }

  private func reachesOutput(_ place: Int, _ channel: Int) -> Bool {
    if place == network.graph.nodes.count - 1 { return true }
    return network.graph.consumers[place].contains { consumer in
      let node = network.graph.nodes[consumer]
      if node.operation.isWeighted {
        return weights(of: consumer).contains {
          $0.channel == channel && reachesOutput(consumer, $0.unit)
        }
      }
      return (0..<network.graph.shapes[consumer].channels).contains { output in
        node.inputs.indices.contains { input in
          node.inputs[input] == place && sources(of: consumer, input, output).contains(channel)
        } && reachesOutput(consumer, output)
      }
    }
  }

  /// The channels of one input that a channel of a node without weights is made of.
  private func sources(of place: Int, _ input: Int, _ channel: Int) -> [Int] {
    let graph = network.graph
    let node = graph.nodes[place]
    switch node.operation {
    case .concatenate:
      let start = node.inputs[..<input].reduce(0) { $0 + graph.shapes[$1].channels }
      let own = channel - start
      return 0..<graph.shapes[node.inputs[input]].channels ~= own ? [own] : []
    case .flatten: return [channel / graph.shapes[node.inputs[0]].plane]
    default: return [channel]
    }
  }
}
