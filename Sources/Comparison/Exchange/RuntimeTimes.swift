import Datasets
import Networks

extension Board {
  /// How long the compacted network of a row takes in onnxruntime.
  package struct RuntimeTime: Sendable, Codable, Hashable {
    /// Of one sample, alone in its batch.
    package var microseconds: Double
    /// The dense network's time over that.
    package var speedUp: Double
  }
}

/// What the networks of a comparison take in onnxruntime, of each entrant those of its lowest seed.
package struct RuntimeTimes: Sendable {
  /// Of onnxruntime, as it says itself.
  package private(set) var version = ""
  private var times: [CellKey: [Double: Board.RuntimeTime]] = [:]

  /// Nothing is measured.
  package init() {}

  func time(of cells: [CellResult], at ratio: Double) -> Board.RuntimeTime? {
    cells.lazy.compactMap { times[$0.key]?[ratio] }.first
  }

  /// Measures the structures that a store has of a plan's cells, those of a benchmark in turns.
  ///
  /// - Throws: ``PlanError`` where there is no onnxruntime, and what stands in the way of reading structures.
  package init(
    of plan: ComparisonPlan, _ results: [CellKey: CellResult], in store: Store
  ) throws {
    for contest in plan.contests {
      let cells = results.values.filter {
        plan.includes($0.key, in: contest) && !$0.key.isDense && $0.key.control == nil
          && $0.files[Store.structuresName] != nil
      }
      let first = Dictionary(grouping: cells) { Entrant(of: $0.key) }.values
        .compactMap { cells in cells.min { $0.key.replicate < $1.key.replicate } }
        .sorted { $0.key.hash < $1.key.hash }
      try measure(first, from: contest.benchmark, in: store)
    }
  }

  private mutating func measure(
    _ cells: [CellResult], from benchmark: Benchmark, in store: Store
  ) throws {
    var places: [(cell: CellKey, ratio: Double)] = []
    var networks = [try benchmark.network()]
    for cell in cells {
      for structure in try store.structures(of: cell.key) {
        places.append((cell.key, structure.ratio))
        networks.append(
          try structure.network(prunesBiases: benchmark.prunesBiases).compacted().network)
      }
    }
    guard !places.isEmpty else { return }
    let latency = try RuntimeLatency.measure(networks)
    version = latency.version
    for (place, time) in zip(places, latency.microseconds.dropFirst())
    where time > 0 {
      times[place.cell, default: [:]][place.ratio] = Board.RuntimeTime(
        microseconds: time, speedUp: latency.microseconds[0] / time)
    }
  }
}
