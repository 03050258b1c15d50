extension Network {
  /// The network with the first units of each layer alone, a `share` of them rounded up.
  ///
  /// Units that are tied to an end of the network stay, and so do groups of tied units of which any
  /// member is among the first.
  ///
  /// - Throws: ``SurgeryError`` when no network is left.
  package func narrowed(to share: Double) throws(SurgeryError) -> Network {
    let trace = ChannelTrace(graph)
    let goes = trace.members.indices.map { group in
      let members = trace.members[group]
      return !members.isEmpty && trace.isFree(group)
        && members.allSatisfy { member in
          let kept = (share * Double(trace.groups[member.place].count)).rounded(.up)
          return Double(member.unit) >= max(1, kept)
        }
    }
    var table = OperatingTable(self)
    try table.remove(goes, of: trace)
    return table.network
  }
}
