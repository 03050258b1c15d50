import Networks
import Numerics

/// What a board says beside its rows.
extension BoardBuilder {
  var denseNetworks: Board.Dense? {
    let networks = seeds.compactMap { dense[$0] }
    // A board of seeds that were never trained may know of others.
    let results =
      networks.isEmpty ? dense.sorted { $0.key < $1.key }.map(\.value) : networks
    guard let counts = results.first?.counts, let test = Board.Estimate(results.map(\.test.error)),
      let validation = Board.Estimate(results.map(\.validation.error)),
      let seconds = Statistics.mean(results.map(\.trainSeconds))
    else { return nil }
    let times = allCells.flatMap(\.points).map(\.denseMicroseconds)
    return Board.Dense(
      counts: counts, test: test, validation: validation, trainSeconds: seconds,
      microseconds: settings.count == 1 ? Statistics.mean(times) : nil)
  }

  /// By the error on validation samples: choosing by the test error would report the luckiest.
  func smallest(_ tables: [Board.Table]) -> [Board.Smallest] {
    guard !contest.benchmark.validatesOnTraining else { return [] }
    return entrants.filter { !$0.isUnpruned && $0.control == nil }.compactMap { entrant in
      guard let title = titles[entrant] else { return nil }
      let rows = tables.compactMap { table in
        table.rows.first { $0.strategy == title }.flatMap { row in
          row.result.map { (ratio: table.ratio, seeds: row.seeds, result: $0) }
        }
      }
      guard let seeds = rows.first?.seeds else { return nil }
      let starts = seeds.compactMap { dense[$0]?.validation.error }
      guard starts.count == seeds.count, let start = Statistics.mean(starts) else { return nil }
      return Board.Smallest(
        strategy: title,
        found: contest.benchmark.metric.tolerances.map { tolerance in
          // Means of sums in another order may differ in their last bits.
          let good = rows.filter {
            $0.result.validation.mean <= start + tolerance * (1 + 1e-9)
          }
          let best = good.min { $0.result.weights < $1.result.weights }
          return .init(
            tolerance: tolerance,
            network: best.map {
              .init(
                ratio: $0.ratio, weights: $0.result.weights,
                ratioAchieved: $0.result.ratioAchieved, test: $0.result.test.mean,
                validation: $0.result.validation.mean)
            })
        })
    }
  }

  /// Whether a control ended where the strategy did: there is no more to say of it.
  private func endsWithItsStrategy(_ cell: CellResult, of entrant: Entrant) -> Bool {
    guard entrant.control != nil, cell.status == .skipped else { return false }
    let own = self.cells[entrant.withoutControl]?.first { $0.key.replicate == cell.key.replicate }
    return own.map { $0.points.count == cell.points.count } ?? false
  }

  /// By the ratio that was not reached, then by reason.
  func failures(of entrant: Entrant) -> [Board.Failure] {
    let cells = cells[entrant] ?? []
    var failures: [Board.Failure] = []
    var places: [Board.Failure: Int] = [:]
    for cell in cells where cell.status != .done && !endsWithItsStrategy(cell, of: entrant) {
      let failure = Board.Failure(
        strategy: titles[entrant] ?? entrant.text, id: entrant.id, status: cell.status,
        ratio: contest.ratios.first { cell.point(at: $0) == nil }, seeds: [], isEverySeed: false,
        reason: cell.reason.map(NoteLines.shortened) ?? "no reason was given")
      let place = places[failure] ?? failures.count
      if place == failures.count { failures.append(failure) }
      places[failure] = place
      failures[place].seeds.append(cell.key.replicate)
    }
    for place in failures.indices {
      failures[place].isEverySeed = failures[place].seeds.count == cells.count
    }
    return failures.sorted { ($0.ratio ?? .infinity) < ($1.ratio ?? .infinity) }
  }

  private var allCells: [CellResult] { entrants.flatMap { cells[$0] ?? [] } }

  var unequalStarts: [Int] {
    let starts = allCells.compactMap { cell in
      cell.startSHA256.map { (cell.key.replicate, $0) }
    }
    return Dictionary(grouping: starts, by: \.0)
      .filter { Set($0.value.map(\.1)).count > 1 }.keys.sorted()
  }
}

extension Metric {
  /// What counts as "about as good as the dense network", in the unit of the error.
  fileprivate var tolerances: [Double] {
    switch self {
    case .errorPercent, .thresholdErrorPercent: [0.1, 0.2, 0.5]
    case .normalisedSquaredError: [0.001, 0.002, 0.005]
    }
  }
}
