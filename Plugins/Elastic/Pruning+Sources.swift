import GrowthKit
import StrategyKit

extension Pruning {
  /// A layer's unit as another layer reads it.
  private struct Source {
    let layer: UInt64
    let unit: Int
    let reader: GrowingGroup.Reader
  }

  /// Takes units off the list of those that go until each unit that stays has a live weight that leads from the
  /// input or from a unit that stays; so there is always a way from the input to the output.
  ///
  /// - Parameters:
  ///   - units: Those that go, by layer.
  ///   - weights: The positions that are masked beside them, by layer.
  func keepSources(
    of units: inout [UInt64: [Int]], without weights: [UInt64: [Int]]
  ) throws {
    // From the output to the input: a unit that is kept needs sources of its own.
    for reader in network.layers.reversed() {
      guard var isLive = masks[reader.id]?.prefix(reader.weightCount).map({ $0 != 0 }) else {
        continue
      }
      for position in weights[reader.id] ?? [] where position < isLive.count {
        isLive[position] = false
      }
      let sources = try sources(of: reader, among: units)
      let gone = Set(units[reader.id] ?? [])
      for output in 0..<reader.outputs where !gone.contains(output) {
        try keepSource(of: output, isLive, sources, &units)
      }
    }
  }

  /// The units that go and are read by a layer.
  private func sources(
    of reader: Layer, among units: [UInt64: [Int]]
  ) throws -> [Source] {
    try network.layers.flatMap { layer -> [Source] in
      guard let gone = units[layer.id] else { return [] }
      return try readers(of: layer).filter { $0.layer.id == reader.id }.flatMap { reader in
        gone.map { Source(layer: layer.id, unit: $0, reader: reader) }
      }
    }
  }

  private func keepSource(
    of output: Int, _ isLive: [Bool], _ sources: [Source], _ units: inout [UInt64: [Int]]
  ) throws {
    guard let fanIn = sources.first?.reader.layer.fanIn else { return }
    let row = output * fanIn..<(output + 1) * fanIn
    var staying = row.count { isLive[$0] }
    guard staying > 0 else { return }
    var last: Source?
    for source in sources where units[source.layer]?.contains(source.unit) ?? false {
      let start = source.reader.start(output: output, unit: source.unit, fanIn: fanIn)
      let lost = (start..<start + source.reader.width).count { isLive[$0] }
      staying -= lost
      if lost > 0 { last = source }
    }
    // The cheapest come first.
    if staying == 0, let last { units[last.layer]?.removeAll { $0 == last.unit } }
  }
}
