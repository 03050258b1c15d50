extension Network {
  /// The network with every prunable weight masked that has no effect in inference.
  ///
  /// A weight has an effect when it lies on a path of live weights from an input to an output. One
  /// whose unit nothing live reads has none. One that reads a channel which is the same for every
  /// sample only adds a constant: it goes where the bias of its unit can take the constant up
  /// exactly, which is where that bias is live and the layer does not pad, or where the constant is
  /// 0. Elsewhere it stays, and so does what makes the constant. Shapes and places of parameters
  /// stay as they are; for smaller shapes see ``compacted()``.
  ///
  /// - Parameter least: how many live prunable weights to leave. Where fewer have an effect, the
  ///   first of the others stay live, with the value 0.
  /// - Returns: a network that computes the same but for rounding.
  package func withoutIneffectiveWeights(leaving least: Int = 0) -> Network {
    guard mask.contains(0) else { return self }
    var network = self
    network.foldConstants()
    network.maskUnreadUnits()
    network.makeLive(least - network.counts.weights, ofThoseIn: self)
    return network
  }

  /// What the network counts without the weights that have no effect.
  package var effectiveCounts: Counts { withoutIneffectiveWeights().counts }

  /// Masks the weights on constant channels where biases can take up what they contribute. Every
  /// channel keeps its values, so one pass finds all.
  private mutating func foldConstants() {
    let constants = ConstantChannels(self)
    for slot in layout.slots {
      let node = graph.nodes[slot.place]
      guard node.operation.isWeighted else { continue }
      let geometry = graph.weightGeometry(of: slot)
      for (channel, constant) in constants.values[node.inputs[0]].enumerated() {
        guard let constant, constant == 0 || !node.operation.kind.pads else { continue }
        for unit in 0..<graph.shapes[slot.place].channels {
          fold(
            constant, node.operation.kind, of: geometry.weights(of: channel, to: unit, in: slot),
            into: slot.biases.isEmpty ? nil : slot.biases.lowerBound + unit)
        }
      }
    }
  }

  /// Masks the weights of one unit on one constant channel, unless its bias cannot stand for them.
  private mutating func fold(
    _ constant: Double, _ kind: any OperationKind, of weights: Range<Int>, into bias: Int?
  ) {
    guard live(in: weights) > 0 else { return }
    if constant != 0 {
      guard let bias, mask[bias] != 0 else { return }
      let sum = weights.reduce(0) { $0 + kind.working(Double(values[$1])) }
      let total = Float(Double(values[bias]) + constant * sum)
      guard total.isFinite else { return }
      values[bias] = total
    }
    maskOff(weights)
  }

  /// Masks what may be masked of the units that no live weight reads, from the output back.
  private mutating func maskUnreadUnits() {
    var isRead = graph.shapes.map { [Bool](repeating: false, count: $0.channels) }
    for channel in isRead[isRead.count - 1].indices { isRead[isRead.count - 1][channel] = true }
    for place in graph.nodes.indices.reversed() {
      let node = graph.nodes[place]
      switch node.operation.kind.flow {
      case .begin: followWeights(of: place, &isRead)
      case .pass where node.operation.kind.mixesChannels && isRead[place].contains(true):
        for input in node.inputs {
          for channel in isRead[input].indices { isRead[input][channel] = true }
        }
      case .pass:
        for input in node.inputs { isRead[input].formUnion(isRead[place][...]) }
      case .concatenate:
        var start = 0
        for input in node.inputs {
          let end = start + isRead[input].count
          isRead[input].formUnion(isRead[place][start..<end])
          start = end
        }
      case .flatten:
        let plane = graph.shapes[node.inputs[0]].plane
        for (pixel, isPixelRead) in isRead[place].enumerated() where isPixelRead {
          isRead[node.inputs[0]][pixel / plane] = true
        }
      }
    }
  }

  /// Marks what the units that are read read themselves, and masks the others.
  private mutating func followWeights(of place: Int, _ isRead: inout [[Bool]]) {
    guard let slot = layout[place] else { return }
    let input = graph.nodes[place].inputs[0]
    let geometry = graph.weightGeometry(of: slot)
    for (unit, isUnitRead) in isRead[place].enumerated() {
      guard isUnitRead else {
        let row = slot.weights.lowerBound + unit * geometry.row
        maskOff(row..<row + geometry.row)
        if prunesBiases, !slot.biases.isEmpty {
          maskOff(slot.biases.lowerBound + unit..<slot.biases.lowerBound + unit + 1)
        }
        continue
      }
      for channel in 0..<geometry.channels where !isRead[input][channel] {
        isRead[input][channel] = live(in: geometry.weights(of: channel, to: unit, in: slot)) > 0
      }
    }
  }

  /// Makes the first `count` parameters live that are so in another network of the same shapes.
  private mutating func makeLive(_ count: Int, ofThoseIn other: Network) {
    guard count > 0 else { return }
    let candidates = mask.indices.filter { mask[$0] != other.mask[$0] }
    for index in candidates.prefix(count) { mask[index] = 1 }
  }

  private mutating func maskOff(_ range: Range<Int>) {
    for index in range {
      values[index] = 0
      mask[index] = 0
    }
  }
}

extension [Bool] {
  /// - Precondition: `other` has as many elements.
  fileprivate mutating func formUnion(_ other: ArraySlice<Bool>) {
    for (index, element) in other.enumerated() where element { self[index] = true }
  }
}
