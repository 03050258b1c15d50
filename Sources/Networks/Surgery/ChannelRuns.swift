/// Which channels of a group have to stay side by side when the group is repeated.
///
/// Flatten makes a channel as many as its map has positions, and a copy of the channel comes behind
/// all of them. What a residual sum adds to those, even if it is a layer of that many units, has its
/// new channels in the same order.
struct ChannelRuns {
  /// For each node and channel whether the next channel is in the same run.
  private var joined: [[Bool]]
  private var hasChanged = false

  /// - Parameter group: only its channels are in runs.
  init(_ graph: Graph, trace: ChannelTrace, of group: Int) {
    joined = graph.shapes.map { [Bool](repeating: false, count: $0.channels) }
    for (place, node) in graph.nodes.enumerated() {
      guard node.operation.kind.flow == .flatten else { continue }
      let plane = graph.shapes[node.inputs[0]].plane
      for (channel, own) in trace.groups[place].enumerated() where own == group {
        joined[place][channel] = channel % plane != plane - 1
      }
    }
    repeat {
      hasChanged = false
      for place in graph.nodes.indices { spread(over: place, of: graph) }
    } while hasChanged
  }

  /// The run of a node's channels that begins with this one.
  func run(at place: Int, from channel: Int) -> ClosedRange<Int> {
    var last = channel
    while joined[place][last] { last += 1 }
    return channel...last
  }

  /// Makes a node agree with its inputs, where channels pass it.
  private mutating func spread(over place: Int, of graph: Graph) {
    let node = graph.nodes[place]
    switch node.operation.kind.flow {
    case .begin: break
    case .pass:
      for input in node.inputs {
        for channel in joined[place].indices { unite(place, channel, input, channel) }
      }
    case .flatten:
      let plane = graph.shapes[node.inputs[0]].plane
      for channel in joined[node.inputs[0]].indices {
        unite(place, channel * plane + plane - 1, node.inputs[0], channel)
      }
    case .concatenate:
      var start = 0
      for input in node.inputs {
        // The last one's neighbour is another input's: no order of that input's could join them.
        for channel in joined[input].indices.dropLast() {
          unite(place, start + channel, input, channel)
        }
        start += joined[input].count
      }
    }
  }

  private mutating func unite(_ place: Int, _ channel: Int, _ other: Int, _ second: Int) {
    guard joined[place][channel] != joined[other][second] else { return }
    joined[place][channel] = true
    joined[other][second] = true
    hasChanged = true
  }
}
