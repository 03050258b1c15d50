/// Units that can only be removed together, because their channels are added to each other.
package struct UnitGroup: Hashable, Sendable {
  /// A unit of a dense layer or a filter of a convolution.
  package struct Member: Hashable, Sendable {
    /// The place of the layer in the graph.
    package let place: Int
    package let unit: Int

    package init(place: Int, unit: Int) {
      self.place = place
      self.unit = unit
    }
  }

  /// In order of place and unit.
  package let members: [Member]
  /// Whether removing the group alone leaves a network: it is neither tied to the network's input
  /// nor to its output, and no layer consists of it.
  package let removable: Bool
}

extension Network {
  /// All units of dense and convolution layers, those that stand or fall together in one group;
  /// in order of each group's first unit.
  package func unitGroups() -> [UnitGroup] {
    let trace = ChannelTrace(graph)
    return trace.members.indices
      .filter { !trace.members[$0].isEmpty }
      .map { group in
        UnitGroup(members: trace.members[group], removable: trace.isRemovable(group, of: graph))
      }
      .sorted {
        ($0.members[0].place, $0.members[0].unit) < ($1.members[0].place, $1.members[0].unit)
      }
  }

  /// Whether every unit of the layer at `place` can be removed, if not all of them.
  package func unitsRemovable(at place: Int) -> Bool {
    guard graph.nodes.indices.contains(place), graph.nodes[place].operation.isWeighted else {
      return false
    }
    let trace = ChannelTrace(graph)
    return trace.groups[place].allSatisfy { trace.isRemovable($0, of: graph) }
  }

  /// The places of the weighted layers whose units can be removed, if not all of them, and of those to
  /// which units can be added. Those are no end of the network; unlike a removal that takes the last
  /// unit, an addition leaves a network, whatever the width.
  package func changeableWidths() -> (removable: Set<Int>, growable: Set<Int>) {
    let trace = ChannelTrace(graph)
    let readBySigns = Set(
      graph.unitEdges.filter { edge in
        edge.consumer.map { graph.nodes[$0].operation.kind.hasLatentWeights } ?? false
      }.map(\.producer))
    return (
      Set(
        graph.weightedLayers.filter { place in
          trace.groups[place].allSatisfy { trace.isRemovable($0, of: graph) }
        }),
      Set(
        graph.weightedLayers.filter { place in
          trace.groups[place].allSatisfy { trace.isFree($0) } && !readBySigns.contains(place)
        })
    )
  }

  /// What the network would count without the units of `groups`, at a fraction of the cost of
  /// removing them.
  ///
  /// - Precondition: the groups are ones of ``unitGroups()`` of this network.
  package func counts(removing groups: some Sequence<UnitGroup>) -> Counts {
    let trace = ChannelTrace(graph)
    var removed = [Bool](repeating: false, count: trace.count)
    for group in groups {
      for member in group.members { removed[trace.groups[member.place][member.unit]] = true }
    }
    var counts = Counts(weights: 0, parameters: 0, operations: 0)
    for slot in layout.slots {
      let kept = trace.keptParameters(of: slot, graph: graph, removed: removed)
      let liveWeights = live(at: kept.weights)
      let liveBiases = live(at: kept.biases)
      counts.parameters += liveWeights + liveBiases
      counts.operations += (2 * liveWeights + liveBiases) * graph.shapes[slot.place].plane
      guard graph.nodes[slot.place].operation.isWeighted else { continue }
      counts.weights += liveWeights + (prunesBiases ? liveBiases : 0)
    }
    return counts
  }

  private func live(at positions: [Int32]) -> Int {
    mask.withUnsafeBufferPointer { mask in
      var count = 0
      for position in positions where mask[Int(position)] != 0 { count += 1 }
      return count
    }
  }
}

extension ChannelTrace {
  fileprivate func isRemovable(_ group: Int, of graph: Graph) -> Bool {
    guard isFree(group) else { return false }
    if members[group].count == 1 { return groups[members[group][0].place].count > 1 }
    var left: [Int: Int] = [:]
    for member in members[group] {
      left[member.place, default: groups[member.place].count] -= 1
    }
    return left.values.allSatisfy { $0 > 0 }
  }
}
