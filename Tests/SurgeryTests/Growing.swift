import Networks
import Numerics
import TestSupport
import Testing

extension Network {
  /// New units with random weights into them and, unless they are to be silent, out of them.
  func newUnits(
    at place: Int, count: Int, silent: Bool, _ random: inout RandomStream
  ) throws -> NewUnits {
    let slot = try #require(layout[place])
    let row = slot.weights.count / graph.shapes[place].channels
    func draw(_ count: Int) -> [Float] { (0..<count).map { _ in Float(random.normal()) } }
    return NewUnits(
      count: count, fanIn: draw(count * row), biases: slot.biases.isEmpty ? [] : draw(count),
      fanOut: graph.unitEdges.filter { $0.producer == place }.map { edge in
        let rows = edge.consumer.map { graph.shapes[$0].channels } ?? 0
        let columns = draw(rows * count * edge.columns)
        return silent ? columns.map { _ in 0 } : columns
      })
  }

  /// Layers that can grow.
  var growable: [Int] { graph.weightedLayers.filter(unitsRemovable) }

  /// Units to copy, of those that are added to the same layers as the last one.
  func sources(at place: Int, count: Int, _ random: inout RandomStream) -> [Int] {
    let width = graph.shapes[place].channels
    let tied = unitGroups().reduce(into: [Int: [Int]]()) { tied, group in
      for member in group.members where member.place == place {
        tied[member.unit] = group.members.map(\.place)
      }
    }
    let units = (0..<width).filter { tied[$0] == tied[width - 1] }
    return (0..<count).map { _ in units[random.index(below: units.count)] }
  }

  /// Freezes about a third of the parameters.
  mutating func freezeAtRandom(_ random: inout RandomStream) {
    frozen = values.map { _ in random.uniform() < 0.3 }
  }
}

/// Expects masks, frozen parameters, optimiser state and running statistics to be where the
/// parameters are that they belong to; what is fresh is live, free and without a past.
func expectFollowed(
  _ surgery: Surgery, of old: Network, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let new = surgery.network
  #expect(
    new.mask == surgery.following(old.mask, fresh: 1), sourceLocation: sourceLocation)
  let frozen = old.frozen.isEmpty ? old.values.map { _ in false } : old.frozen
  let followed = surgery.following(frozen, fresh: false)
  #expect(
    new.frozen == (followed.contains(true) ? followed : []), sourceLocation: sourceLocation)
  // A batch normalisation's scale and shift stem from the channel that its statistics stem from.
  for (place, range) in new.layout.statistics {
    let slot = try #require(new.layout[place])
    let id = new.graph.nodes[place].id
    let past = old.graph.place(of: id).flatMap { old.layout.statistics[$0] }
    let pastSlot = old.graph.place(of: id).flatMap { old.layout[$0] }
    for (parameter, statistic) in zip(slot.biases, range) where surgery.origin[parameter] >= 0 {
      let channel = Int(surgery.origin[parameter]) - (try #require(pastSlot)).biases.lowerBound
      #expect(
        new.statistics[statistic] == old.statistics[(try #require(past)).lowerBound + channel],
        sourceLocation: sourceLocation)
    }
  }
}
