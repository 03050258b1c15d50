package import Networks

extension Network {
  /// The network with every weight masked that reads a channel of the given units, or of units that
  /// are added to them: what removing them must equal, whatever lies between.
  ///
  /// It follows the channels forward on its own, without the trace that surgery uses: a channel is
  /// marked when a mark reaches it, back and forth over residual sums until nothing changes.
  package func maskingConsumers(of units: [(place: Int, unit: Int)]) -> Network {
    var marked = graph.shapes.map { [Bool](repeating: false, count: $0.channels) }
    for (place, unit) in units { marked[place][unit] = true }
    var before: [[Bool]] = []
    while before != marked {
      before = marked
      for place in graph.nodes.indices { spread(&marked, over: place) }
    }
    var masked = self
    for place in graph.weightedLayers {
      guard let slot = layout[place], let units = graph.nodes[place].operation.units else {
        continue
      }
      let channels = marked[graph.nodes[place].inputs[0]]
      let area = slot.weights.count / units / channels.count
      for index in slot.weights
      where channels[(index - slot.weights.lowerBound) / area % channels.count] {
        masked.values[index] = 0
        masked.mask[index] = 0
      }
    }
    return masked
  }

  /// Makes a node's channels and those of its inputs agree, where the node passes channels on.
  private func spread(_ marked: inout [[Bool]], over place: Int) {
    let node = graph.nodes[place]
    guard !node.operation.isWeighted, let first = node.inputs.first else { return }
    var offset = 0
    for input in node.inputs {
      let repeats = node.operation == .flatten ? graph.shapes[first].plane : 1
      for channel in marked[input].indices {
        let outputs = offset..<offset + repeats
        if marked[input][channel] || marked[place][outputs].contains(true) {
          marked[input][channel] = true
          for output in outputs { marked[place][output] = true }
        }
        offset += repeats
      }
      // A sum lays its inputs over each other, a concatenation side by side.
      if node.operation.residualSum != nil { offset = 0 }
    }
  }
}
