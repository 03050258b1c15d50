import StrategyKit

/// A layer's weights as an update sees them.
struct SparseLayer {
  let layer: Layer
  /// Its parameters.
  let values: [Float]
  /// Positions that are live, ascending.
  let live: [Int]

  init(_ layer: Layer, in network: NetworkView) throws {
    self.layer = layer
    values = try network.values(of: .parameters, for: layer)
    let mask = try network.values(of: .mask, for: layer)
    live = (0..<layer.prunableCount).filter { mask[$0] != 0 }
  }

  /// The `count` positions among `kept` that go.
  func dropped(_ count: Int, of kept: Set<Int>, by rule: Drop) -> [Int] {
    guard count > 0, !kept.isEmpty else { return [] }
    let order = kept.sorted { (abs(values[$0]), $0) < (abs(values[$1]), $1) }
    switch rule {
    case .magnitude: return Array(order.prefix(count))
    case .signed:
      let positive = order.filter { values[$0] > 0 }
      let negative = order.filter { values[$0] < 0 }
      let zero = order.filter { values[$0] == 0 }
      // Each sign loses the same share; what was never trained goes first.
      let rest = max(0, count - zero.count)
      let signed = positive.count + negative.count
      let fromPositive = signed > 0 ? rest * positive.count / signed : 0
      let chosen = positive.prefix(fromPositive) + negative.prefix(rest - fromPositive)
      return Array((zero + chosen).prefix(count))
    }
  }

  /// The `count` positions outside of `kept` that come to life.
  func places(
    _ count: Int, outside kept: Set<Int>, by rule: Grow, in network: NetworkView
  ) throws -> [Int] {
    guard count > 0 else { return [] }
    let free = (0..<layer.prunableCount).filter { !kept.contains($0) }
    let worth: [Float]
    switch rule {
    case .random: worth = network.random(free.count)
    case .gradient: worth = try magnitudes(of: .gradient, at: free, in: network)
    case .momentum: worth = try magnitudes(of: .momentum, at: free, in: network)
    }
    let order = free.indices.sorted { (worth[$1], $0) < (worth[$0], $1) }
    return order.prefix(count).map { free[$0] }
  }

  private func magnitudes(
    of signal: Signal, at positions: [Int], in network: NetworkView
  ) throws -> [Float] {
    try network.withValues(of: signal, for: layer) { values in positions.map { abs(values[$0]) } }
  }
}
