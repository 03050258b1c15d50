/// The channels of every node after units were added behind the last unit of a layer.
///
/// New channels lie behind every run of channels that stand or fall together with that unit, so that
/// whatever residual sums and concatenations did to the old ones fits the new ones as well.
struct WidenedChannels {
  /// A channel of a node of the wider network.
  enum Channel: Equatable {
    /// The channel that the node had at this index.
    case old(Int)
    /// A channel of a new unit: the new unit's index, the position in its run (the map's where it is
    /// flattened), and the old channel, of the last old unit, that it is the counterpart of.
    case new(unit: Int, position: Int, beside: Int)
  }

  private(set) var channels: [[Channel]] = []
  /// The place of a residual sum whose inputs cannot grow alike, if there is one.
  private(set) var misaligned: Int?

  /// - Parameter group: the group of the layer's last unit; tied neither to input nor to output.
  init(_ graph: Graph, trace: ChannelTrace, behind group: Int, count: Int) {
    let runs = ChannelRuns(graph, trace: trace, of: group)
    for (place, node) in graph.nodes.enumerated() {
      switch node.operation.kind.flow {
      case .begin:
        channels.append(
          Self.units(of: trace.groups[place], behind: group, count: count) {
            runs.run(at: place, from: $0)
          })
      case .pass:
        let first = channels[node.inputs[0]]
        if node.inputs.contains(where: { channels[$0] != first }) { misaligned = place }
        channels.append(first)
      case .flatten:
        let plane = graph.shapes[node.inputs[0]].plane
        channels.append(
          channels[node.inputs[0]].flatMap { channel in
            (0..<plane).map { channel.flattened(plane, at: $0) }
          })
      case .concatenate:
        var start = 0
        var beside: [Channel] = []
        for input in node.inputs {
          beside += channels[input].map { $0.moved(by: start) }
          start += graph.shapes[input].channels
        }
        channels.append(beside)
      }
    }
  }

  /// A layer's units, with new ones behind each run of the group.
  private static func units(
    of groups: [Int], behind group: Int, count: Int, run: (_ first: Int) -> ClosedRange<Int>
  ) -> [Channel] {
    var units: [Channel] = []
    var unit = 0
    while unit < groups.count {
      let old = groups[unit] == group ? run(unit) : unit...unit
      units += old.map { .old($0) }
      if groups[unit] == group {
        for new in 0..<count {
          units += old.enumerated().map { .new(unit: new, position: $0, beside: $1) }
        }
      }
      unit = old.upperBound + 1
    }
    return units
  }

  func grows(at place: Int) -> Bool {
    channels[place].contains { if case .new = $0 { true } else { false } }
  }
}

extension WidenedChannels.Channel {
  fileprivate func flattened(_ plane: Int, at position: Int) -> Self {
    switch self {
    case .old(let channel): .old(channel * plane + position)
    case .new(let unit, let own, let channel):
      .new(unit: unit, position: own * plane + position, beside: channel * plane + position)
    }
  }

  fileprivate func moved(by start: Int) -> Self {
    switch self {
    case .old(let channel): .old(channel + start)
    case .new(let unit, let position, let channel):
      .new(unit: unit, position: position, beside: channel + start)
    }
  }
}

/// Of which channel of a node a channel that is added to it is a copy.
struct CopiedChannels {
  private let trace: ChannelTrace
  private let group: Int
  /// For each new unit the group of the unit that it copies.
  private let sources: [Int]

  /// - Parameter group: the group of the layer's last unit.
  init(_ trace: ChannelTrace, behind group: Int, copying sources: [Int]) {
    self.trace = trace
    self.group = group
    self.sources = sources
  }

  /// A node that has not as many channels of a source as of the layer's last unit, and the new unit
  /// that cannot be a copy for it.
  func misfit() -> (unit: Int, place: Int)? {
    var checked: Set<Int> = []
    for (unit, source) in sources.enumerated() where checked.insert(source).inserted {
      for (place, groups) in trace.groups.enumerated() {
        var surplus = 0
        for own in groups { surplus += (own == source ? 1 : 0) - (own == group ? 1 : 0) }
        if surplus != 0 { return (unit, place) }
      }
    }
    return nil
  }

  /// For each new unit the node's channels of its source, by those of the last unit beside which
  /// the new channels lie.
  func sources(at place: Int) -> [[Int: Int]] {
    let groups = trace.groups[place]
    let beside = groups.indices.filter { groups[$0] == group }
    var found: [Int: [Int: Int]] = [:]
    return sources.map { source in
      if let known = found[source] { return known }
      let channels = groups.indices.filter { groups[$0] == source }
      let pairs = Dictionary(zip(beside, channels)) { first, _ in first }
      found[source] = pairs
      return pairs
    }
  }
}
