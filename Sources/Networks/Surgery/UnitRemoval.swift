/// Removal of units with all that they are tied to.
extension OperatingTable {
  mutating func removeUnits(at place: Int, _ units: [Int]) throws(SurgeryError) {
    let graph = network.graph
    guard let count = graph.nodes[place].operation.units else {
      throw invalid(
        place, "a layer of kind \(graph.nodes[place].operation.word) has no units to remove")
    }
    if let repeated = try units.firstRepeated(
      below: count, outside: { invalid(place, "unit \($0) is not in 0..<\(count)") })
    {
      throw invalid(place, "unit \(repeated) is named twice")
    }
    let trace = ChannelTrace(graph)
    var removed = [Bool](repeating: false, count: trace.count)
    for unit in units {
      let group = trace.groups[place][unit]
      guard !trace.reachesOutput[group] else {
        throw invalid(place, "unit \(unit) cannot go: its channel reaches the network's output")
      }
      if let mixer = trace.mixer[group] {
        throw invalid(
          place,
          "unit \(unit) cannot go: '\(graph.nodes[mixer].name)' makes each of its channels of all "
            + "of them")
      }
      guard !trace.reachesInput[group] else {
        throw invalid(place, "unit \(unit) cannot go: it is added to a channel of the input")
      }
      removed[group] = true
    }
    if let layer = trace.firstNeeded(emptiedBy: removed, in: graph) {
      let name = graph.nodes[layer].name
      throw SurgeryError(
        .collapsed, layer: name,
        "none of its \(trace.groups[layer].count) units would remain; at least one must")
    }
    try remove(removed, of: trace)
  }

  /// Removes whole groups, and the nodes that keep no channel. A concatenation of which one input is
  /// left is that input.
  ///
  /// - Precondition: no group is tied to input or output, and every layer keeps a unit that is needed in
  ///   the sense of ``ChannelTrace/firstNeeded(emptiedBy:in:)``.
  mutating func remove(_ removed: [Bool], of trace: ChannelTrace) throws(SurgeryError) {
    guard removed.contains(true) else { return }
    let graph = network.graph
    let nodes = try nodes(without: removed, of: trace)
    var source: [Int32] = []
    source.reserveCapacity(network.layout.count)
    var statistics: [Int32] = []
    for slot in network.layout.slots where !trace.isEmptied(slot.place, by: removed) {
      let kept = trace.keptParameters(of: slot, graph: graph, removed: removed)
      source += kept.weights
      source += kept.biases
      if let range = network.layout.statistics[slot.place] {
        statistics += kept.biases.map { $0 - Int32(slot.biases.lowerBound - range.lowerBound) }
      }
    }
    try rebuild(nodes: nodes, nextID: graph.nextID, source: source, statistics: statistics)
  }
}

extension ChannelTrace {
  /// The flat positions of the parameters that a node keeps, in order.
  func keptParameters(
    of slot: ParameterLayout.Slot, graph: Graph, removed: [Bool]
  ) -> (weights: [Int32], biases: [Int32]) {
    let units = kept(at: slot.place, removed: removed)
    var biases: [Int32] = []
    let width = groups[slot.place].count
    for start in stride(from: slot.biases.lowerBound, to: slot.biases.upperBound, by: width) {
      biases += units.map { Int32(start + $0) }
    }
    let weights = graph.weightGeometry(of: slot)
    guard weights.channels > 0 else { return ([], biases) }
    let channels = kept(at: graph.nodes[slot.place].inputs[0], removed: removed)
    var positions: [Int32] = []
    positions.reserveCapacity(units.count * channels.count * weights.area)
    for unit in units {
      let row = slot.weights.lowerBound + unit * weights.row
      guard channels.count < weights.channels else {
        for position in row..<row + weights.row { positions.append(Int32(position)) }
        continue
      }
      for channel in channels {
        let start = row + channel * weights.area
        for position in start..<start + weights.area { positions.append(Int32(position)) }
      }
    }
    return (positions, biases)
  }
}

/// How the weights of a layer lie: a row for each unit, in it `area` weights for each channel read.
struct WeightGeometry {
  let channels: Int
  let area: Int

  var row: Int { channels * area }

  /// The flat positions of what a unit reads a channel by.
  func weights(of channel: Int, to unit: Int, in slot: ParameterLayout.Slot) -> Range<Int> {
    let start = slot.weights.lowerBound + unit * row + channel * area
    return start..<start + area
  }
}

extension Graph {
  /// The geometry of a slot's weights; no channels where the node has no weights.
  func weightGeometry(of slot: ParameterLayout.Slot) -> WeightGeometry {
    let area = nodes[slot.place].operation.kind.weightsPerChannel
    let channels = area > 0 ? shapes[nodes[slot.place].inputs[0]].channels : 0
    return WeightGeometry(channels: channels, area: area)
  }
}
