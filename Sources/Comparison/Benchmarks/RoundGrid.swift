import Foundation

/// The ratios through which a benchmark's networks shrink, one round of pruning and fine-tuning
/// each.
///
/// The grid is the benchmark's and not the comparison's: as long as the ratios that are asked for lie
/// on it, a network passes through the same rounds on its way to one of them, whatever others are
/// asked for.
package struct RoundGrid: Sendable, Hashable {
  /// Rising, each above 1.
  package let ratios: [Double]

  /// - Precondition: at least one ratio; the first above 1, and each above the one before.
  package init(_ ratios: [Double]) {
    precondition(Self.isGrid(ratios), "a grid of rounds rises from 1")
    self.ratios = ratios
  }

  private static func isGrid(_ ratios: [Double]) -> Bool {
    !ratios.isEmpty && zip([1] + ratios, ratios).allSatisfy { $0 < $1 }
      && ratios.allSatisfy(\.isFinite)
  }

  /// The grid's ratios below `limit`. Behind the last one the grid goes on by the factor of its last
  /// step.
  package func ratios(below limit: Double) -> [Double] {
    var below = Array(ratios.prefix { $0 < limit })
    guard below.count == ratios.count else { return below }
    let last = ratios[ratios.count - 1]
    let factor = last / (ratios.dropLast().last ?? 1)
    // Powers and not a running product, so that rounding does not add up to another round.
    var steps = 1.0
    while case let next = last * pow(factor, steps), next < limit * (1 - 1e-9) {
      below.append(next)
      steps += 1
    }
    return below
  }
}

/// In files it is its ratios.
extension RoundGrid: Codable {
  package init(from decoder: any Decoder) throws {
    ratios = try decoder.singleValueContainer().decode([Double].self)
    guard Self.isGrid(ratios) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "rounds are ratios that rise from above 1, such as 2, 4, 8"))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(ratios)
  }
}
