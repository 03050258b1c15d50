extension Network {
  /// The network without the units that have no effect on its output, in inference.
  ///
  /// A group of coupled units goes when every layer that reads its channels either masks all weights
  /// on them, or reads a constant that can be moved into its bias exactly: a constant 0, or any
  /// constant before a layer with a live bias that does not pad. What goes may leave units before it
  /// without readers, so this repeats until nothing more can go. Each layer keeps a unit, its first
  /// where none has an effect.
  ///
  /// - Returns: the smaller network, which computes the same but for rounding, and the origins of its
  ///   parameters. A bias that took up constants has its old place as origin.
  package func compacted() -> Surgery {
    var compaction = Compaction(self)
    compaction.run()
    var table = OperatingTable(self)
    for (bias, addition) in compaction.additions {
      table.network.values[bias] = Float(Double(values[bias]) + addition)
    }
    do throws(SurgeryError) {
      try table.remove(compaction.removed, of: compaction.trace)
    } catch {
      // A graph fits with fewer channels where it fitted with more; without removal it fits anyway.
      return OperatingTable(self).surgery
    }
    return table.surgery
  }
}

/// Which groups of units can go, and the biases that take up what they contributed.
private struct Compaction {
  let network: Network
  let trace: ChannelTrace
  private(set) var removed: [Bool]
  /// What biases take up, by flat position.
  private(set) var additions: [Int: Double] = [:]
  private let constants: ConstantChannels
  /// For each group the layers and input channels that read it.
  private let readers: [[Reader]]
  /// For each weighted layer and input channel the live weights of units that remain.
  private var live: [[Int]]
  /// For each node the units that remain.
  private var remaining: [Int]
  private var mask: [Float]

  private struct Reader {
    let slot: ParameterLayout.Slot
    let channel: Int
  }

  init(_ network: Network) {
    let graph = network.graph
    let trace = ChannelTrace(graph)
    var readers = [[Reader]](repeating: [], count: trace.count)
    var live = [[Int]](repeating: [], count: graph.nodes.count)
    for slot in network.layout.slots where graph.nodes[slot.place].operation.isWeighted {
      let geometry = graph.weightGeometry(of: slot)
      let input = graph.nodes[slot.place].inputs[0]
      for channel in 0..<geometry.channels {
        readers[trace.groups[input][channel]].append(Reader(slot: slot, channel: channel))
      }
      var counts = [Int](repeating: 0, count: geometry.channels)
      for row in stride(
        from: slot.weights.lowerBound, to: slot.weights.upperBound, by: geometry.row)
      {
        for offset in 0..<geometry.row where network.mask[row + offset] != 0 {
          counts[offset / geometry.area] += 1
        }
      }
      live[slot.place] = counts
    }
    self.network = network
    self.trace = trace
    self.readers = readers
    self.live = live
    removed = [Bool](repeating: false, count: trace.count)
    mask = network.mask
    constants = ConstantChannels(network)
    remaining = trace.groups.map(\.count)
  }

  /// Removal leaves constants as they are, so only the readers' live weights change from one sweep
  /// to the next; from the output back, most of it happens in the first.
  mutating func run() {
    var changed = true
    while changed {
      changed = false
      for group in trace.members.indices.reversed()
      where !removed[group] && trace.isFree(group) && leavesUnits(group) {
        guard let folds = folds(of: group) else { continue }
        remove(group, folds: folds)
        changed = true
      }
    }
  }

  private func leavesUnits(_ group: Int) -> Bool {
    var left = remaining
    for member in trace.members[group] {
      left[member.place] -= 1
      if left[member.place] == 0 { return false }
    }
    return true
  }

  /// The amounts to be added to biases when the group goes, by flat position; nil when it cannot go.
  private func folds(of group: Int) -> [(bias: Int, amount: Double)]? {
    var folds: [(bias: Int, amount: Double)] = []
    for reader in readers[group] where live[reader.slot.place][reader.channel] > 0 {
      let node = network.graph.nodes[reader.slot.place]
      guard let constant = constants.values[node.inputs[0]][reader.channel] else { return nil }
      if constant == 0 { continue }
      if case .convolution(let convolution) = node.operation, !convolution.padding.isZero {
        return nil
      }
      let geometry = network.graph.weightGeometry(of: reader.slot)
      for unit in trace.groups[reader.slot.place].indices {
        let start =
          reader.slot.weights.lowerBound + unit * geometry.row + reader.channel * geometry.area
        let window = start..<start + geometry.area
        guard window.contains(where: { mask[$0] != 0 }) else { continue }
        guard !reader.slot.biases.isEmpty else { return nil }
        let bias = reader.slot.biases.lowerBound + unit
        guard mask[bias] != 0 else { return nil }
        let amount = constant * window.reduce(0) { $0 + Double(network.values[$1]) }
        let total = Double(network.values[bias]) + additions[bias, default: 0] + amount
        guard Float(total).isFinite else { return nil }
        folds.append((bias, amount))
      }
    }
    return folds
  }

  private mutating func remove(_ group: Int, folds: [(bias: Int, amount: Double)]) {
    removed[group] = true
    for fold in folds { additions[fold.bias, default: 0] += fold.amount }
    for member in trace.members[group] {
      remaining[member.place] -= 1
      guard let slot = network.layout[member.place] else { continue }
      let geometry = network.graph.weightGeometry(of: slot)
      let row = slot.weights.lowerBound + member.unit * geometry.row
      for offset in 0..<geometry.row where mask[row + offset] != 0 {
        mask[row + offset] = 0
        live[member.place][offset / geometry.area] -= 1
      }
    }
  }
}
