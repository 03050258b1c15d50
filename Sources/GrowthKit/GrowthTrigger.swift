package import StrategyKit

/// When a network grows, as far as its budget allows.
package enum GrowthCondition: String, CaseIterable, Sendable {
  /// At equal distances.
  case every
  /// When the loss has stopped falling (Ash 1989).
  case plateau
  /// When the units that are there differ from each other as much as they did at first (Maile et al.
  /// 2022, "NORTH*").
  case rank
}

/// Decides at each update whether it is time to grow.
///
/// A budget is what a run was asked for, so that growth that nothing called for comes in the last updates
/// of a schedule.
package struct GrowthTrigger {
  package let condition: GrowthCondition
  /// The losses since the last growth.
  private var losses: [Double] = []
  /// The share of effective dimensions of each layer's units at the first update.
  private var firstRanks: [UInt64: Double] = [:]

  /// Updates between which a loss is held against an earlier one, and the share of the loss at the last
  /// growth that it has to fall by in them.
  private static let window = 2
  private static let flat = 0.05
  /// Singular values of H/√n above this count, and the share of the first rank that has to be kept:
  /// Maile et al.'s 0.01 and 0.97.
  private static let leastSquare = 0.01 * 0.01
  private static let kept = 0.97

  package init(_ condition: GrowthCondition) { self.condition = condition }

  /// What `StrategyInfo.reads` has to name.
  package static let signals: Set<Signal> = [.inputMoment]

  /// Updates for each growth: more than one where growth may have to wait.
  package var updatesEach: Int { condition == .every ? 1 : 4 }

  /// Whether the network grows now.
  ///
  /// - Parameter loss: The mean training loss.
  package mutating func fires(loss: Double, in network: NetworkView) throws -> Bool {
    switch condition {
    case .every: return true
    case .plateau:
      losses.append(loss)
      guard losses.count > Self.window, let first = losses.first, first > 0 else { return false }
      let fall = losses[losses.count - 1 - Self.window] - loss
      return abs(fall) / first < Self.flat
    case .rank: return try ranks(in: network).contains { isFull($0) }
    }
  }

  /// Begins to wait for the next growth.
  package mutating func grew() { losses = [] }

  // MARK: - Effective ranks

  private typealias Rank = (layer: UInt64, units: Int, share: Double)

  /// Whether at least one more unit than the layer has would be of use: ⌊M (φ − γ φ₀)⌋ ≥ 1.
  private func isFull(_ rank: Rank) -> Bool {
    let first = firstRanks[rank.layer] ?? rank.share
    return Double(rank.units) * (rank.share - Self.kept * first) >= 1
  }

  /// Of each layer whose units a dense layer reads the share φ of effective dimensions.
  private mutating func ranks(in network: NetworkView) throws -> [Rank] {
    var ranks: [Rank] = []
    for edge in network.edges where edge.area == 1 {
      guard let id = edge.to, let reader = network.layers.first(where: { $0.id == id }),
        let layer = network.layers.first(where: { $0.id == edge.from }), reader.kind == .dense
      else { continue }
      let size = reader.fanIn + (reader.biasCount > 0 ? 1 : 0)
      let moment = try network.values(of: .inputMoment, for: reader)
      let units = layer.unitCount
      var block = Matrix(rows: units, columns: units)
      for row in 0..<units {
        for column in 0..<units {
          block[row, column] = Double(moment[(edge.first + row) * size + edge.first + column])
        }
      }
      let values = try network.linearAlgebra().singularValues(of: block).values
      let share = Double(values.count { $0 > Self.leastSquare }) / Double(max(1, units))
      ranks.append((layer.id, units, share))
      if firstRanks[layer.id] == nil { firstRanks[layer.id] = share }
    }
    return ranks
  }
}
