extension Network {
  /// The network without the units that have no effect on its output, in inference.
  ///
  /// A group of coupled units goes when no weight with an effect reads its channels, see
  /// `withoutIneffectiveWeights()`: constants that biases can take up are in them by then. Each
  /// layer keeps a unit, its first where none has an effect.
  ///
  /// - Returns: the smaller network, which computes the same but for rounding, and the origins of its
  ///   parameters. A bias that took up constants has its old place as origin.
  package func compacted() -> Surgery {
    let effective = withoutIneffectiveWeights()
    let trace = ChannelTrace(graph)
    var table = OperatingTable(effective)
    do throws(SurgeryError) {
      try table.remove(effective.unreadGroups(of: trace), of: trace)
    } catch {
      // A graph fits with fewer channels where it fitted with more; without removal it fits anyway.
      return OperatingTable(self).surgery
    }
    return table.surgery
  }

  /// For each group whether it can go: it is tied to neither end, no live weight reads it, and it
  /// leaves every layer a unit.
  private func unreadGroups(of trace: ChannelTrace) -> [Bool] {
    var isRead = [Bool](repeating: false, count: trace.count)
    for slot in layout.slots {
      let geometry = graph.weightGeometry(of: slot)
      guard geometry.channels > 0 else { continue }
      let groups = trace.groups[graph.nodes[slot.place].inputs[0]]
      for (offset, index) in slot.weights.enumerated() where mask[index] != 0 {
        isRead[groups[offset % geometry.row / geometry.area]] = true
      }
    }
    var remaining = trace.groups.map(\.count)
    return trace.members.indices.reversed().map { group in
      guard !isRead[group], trace.isFree(group) else { return false }
      var left = remaining
      for member in trace.members[group] { left[member.place] -= 1 }
      guard trace.members[group].allSatisfy({ left[$0.place] > 0 }) else { return false }
      remaining = left
      return true
    }.reversed()
  }
}
