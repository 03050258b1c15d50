import Networks
import Numerics

extension BoardBuilder {
  /// With the reason why random pruning is better, where it is.
  func explained(_ row: Board.Row, of entrant: Entrant, ratio: Double) -> Board.Row {
    var explained = row
    explained.result?.behindRandom = behindRandom(row, of: entrant, ratio: ratio)
    return explained
  }

  /// Nil where random pruning is not better or not over the same seeds.
  private func behindRandom(
    _ row: Board.Row, of entrant: Entrant, ratio: Double
  ) -> Board.BehindRandom? {
    guard entrant.control == nil, let result = row.result,
      let random = entrants.first(where: \.isChance),
      entrant != random, let cells = cells[random], cells.map(\.key.replicate) == row.seeds
    else { return nil }
    let errors = cells.compactMap { $0.point(at: ratio)?.test.error }
    guard errors.count == cells.count, let mean = Statistics.mean(errors),
      result.test.mean > mean
    else { return nil }
    let p = difference(of: entrant, to: random, ratio: ratio)?.p
    if p.map({ $0 > 0.05 }) ?? true { return .byChance }
    if result.compactedWeights <= 1.02 * result.weights { return .wholeUnits }
    return result.effectiveWeights < 0.9 * result.weights ? .ineffectiveWeights : .unexplained
  }
}
