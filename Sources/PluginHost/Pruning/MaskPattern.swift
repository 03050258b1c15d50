package import Networks

/// N of each M weights: a constraint on the masks of whatever scores single weights, `pattern=N:M`.
///
/// Processors that multiply such matrices faster want exactly N live weights among each M that lie one
/// behind the other (A. Mishra et al.: Accelerating Sparse Deep Neural Networks. 2021, arXiv:2104.08378,
/// has 2:4). The groups of M are cut from a unit's row of weights, from its first on: the inputs of a
/// dense layer, and of a convolution channel after channel, in each its kernel row by row. Where M does
/// not divide the row, the R weights left over keep the whole part of R · N / M, so that no row keeps
/// more than its share. Prunable biases are in no group and stay.
package struct MaskPattern: Hashable, Sendable, CustomStringConvertible {
  /// N, at least 1.
  package let kept: Int
  /// M, above N.
  package let group: Int

  /// The parameter that asks for it.
  package static let parameter = "pattern"
  private static let largestGroup = 65_536

  /// - Returns: Nil where a text says no pattern, as `4:2` does.
  package init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy(isDigit) }),
      let kept = Int(parts[0]), let group = Int(parts[1]),
      0 < kept, kept < group, group <= Self.largestGroup
    else { return nil }
    (self.kept, self.group) = (kept, group)
  }

  /// As it is written behind `pattern=`.
  package var description: String { "\(kept):\(group)" }

  /// How many weights stay of a row of so many.
  package func kept(ofRow count: Int) -> Int {
    count / group * kept + count % group * kept / group
  }

  /// The prunable parameters that stay where the pattern holds throughout.
  package func weights(in network: Network) -> Int {
    network.rows.reduce(0) { sum, rows in
      sum + rows.count * kept(ofRow: rows.length) + rows.biases
    }
  }

  /// Why masks of this pattern do not leave as many weights as a budget says, in words; nil where they
  /// do. They may leave up to a hundredth less, as rows need not come out even.
  ///
  /// - Parameter goal: live prunable parameters.
  package func obstacle(to goal: Int, in network: Network) -> String? {
    if let obstacle = emptyRow(in: network) { return obstacle }
    let left = weights(in: network)
    guard left > goal || 100 * left < 99 * goal else { return nil }
    let all = network.rows.reduce(0) { $0 + $1.count * $1.length + $1.biases }
    return "pattern=\(self) leaves \(left) of \(all) weights, which is "
      + "\(ratioText(Double(all) / Double(max(1, left))))×"
  }

  /// Why masks of this pattern leave no network at all, or nil.
  func emptyRow(in network: Network) -> String? {
    network.rows.first { kept(ofRow: $0.length) == 0 }.map {
      "pattern=\(self) leaves none of the \($0.length) weights of a unit of '\($0.layer)'"
    }
  }

  /// Of a layer's prunable positions those that a mask of this pattern keeps: of each group the live
  /// ones with the highest scores, the last of equal ones; and biases.
  ///
  /// - Parameters:
  ///   - rows: the layer's rows, which lie one behind the other.
  ///   - isLive: of each position.
  func kept(_ scores: [Float], in rows: WeightRows, isLive: (Int) -> Bool) -> [Bool] {
    let weights = rows.count * rows.length
    var stays = scores.indices.map { $0 >= weights }
    for row in stride(from: 0, to: weights, by: max(1, rows.length)) {
      for first in stride(from: row, to: row + rows.length, by: group) {
        let positions = first..<min(first + group, row + rows.length)
        let order = positions.filter(isLive).sorted { (scores[$0], $0) > (scores[$1], $1) }
        for position in order.prefix(positions.count * kept / group) { stays[position] = true }
      }
    }
    return stays
  }
}

/// A ratio to two decimals, without those that are 0.
package func ratioText(_ ratio: Double) -> String {
  let rounded = (ratio * 100).rounded() / 100
  return Int(exactly: rounded).map(String.init) ?? "\(rounded)"
}

private func isDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

/// How a layer's prunable parameters lie: a row of weights for each unit, then biases.
package struct WeightRows: Sendable {
  let layer: String
  package let count: Int
  package let length: Int
  let biases: Int

  package init(layer: String, count: Int, length: Int, biases: Int = 0) {
    (self.layer, self.count, self.length, self.biases) = (layer, count, length, biases)
  }
}

extension Network {
  /// The rows of each layer that has prunable weights.
  fileprivate var rows: [WeightRows] {
    graph.weightedLayers.compactMap { rows(at: $0) }
  }

  /// The rows of the weighted layer at a place; nil where it has no prunable weights.
  func rows(at place: Int) -> WeightRows? {
    guard let slot = layout[place], let units = graph.nodes[place].operation.units, units > 0,
      !prunable(at: place).isEmpty
    else { return nil }
    return WeightRows(
      layer: graph.nodes[place].name, count: units, length: slot.weights.count / units,
      biases: prunable(at: place).count - slot.weights.count)
  }
}
