import StrategyKit

/// Optimal Brain Surgeon on one part of a layer's weights at a time, for layers whose joint curvature
/// does not fit the memory: on a unit's row, or on a block.
///
/// See `OptimalBrainSurgeon` for the papers.
///
/// Each row of a layer's weights is eliminated to the end, which gives its removals in order and
/// their losses. The losses, made non-decreasing along a row so that they can be chosen in the
/// row's order only, are then compared over all rows and layers, and the cheapest ones taken. What
/// a row keeps is the minimum of its quadratic form over the kept columns.
struct RowSurgery<Problem: SurgicalProblem> {
  /// Makes a layer's form from what the host measures, which is too much to keep of all layers.
  let problem: (LayerParameters) throws -> Problem

  func propose(_ removals: Int, from layers: [LayerParameters], plan: Plan) throws {
    var cheapest = CheapestLosses(capacity: removals)
    var traces: [RowTrace] = []
    for (index, layer) in layers.enumerated() where !layer.candidates.isEmpty {
      var problem = try problem(layer)
      for row in problem.rowsByScale() {
        traces.append(
          RowTrace(
            layer: index, row: row, removals: try problem.trace(row, bound: &cheapest)))
      }
    }
    let chosen = choose(removals, from: traces)
    try plan.predict(
      lossChange: zip(traces, chosen).reduce(0) { sum, row in
        sum + row.0.removals.prefix(row.1).reduce(0) { $0 + $1.cost }
      })
    for (index, layer) in layers.enumerated() {
      let rows = traces.indices.filter { traces[$0].layer == index && chosen[$0] > 0 }
      guard !rows.isEmpty else { continue }
      let problem = try problem(layer)
      var removed: [Int] = []
      var kept: [(position: Int, weight: Float)] = []
      for index in rows {
        let columns = traces[index].removals.prefix(chosen[index]).map(\.column)
        removed += columns.map { problem.position($0, inRow: traces[index].row) }
        kept += try problem.resolved(traces[index].row, without: columns)
      }
      try plan.emit(removed: removed.sorted(), kept: kept, of: layer.layer)
    }
  }

  /// How many removals each trace gives to the cheapest ones; ties by layer, row and order.
  private func choose(_ removals: Int, from traces: [RowTrace]) -> [Int] {
    let sequence = traces.indices.sorted {
      (traces[$0].layer, traces[$0].row) < (traces[$1].layer, traces[$1].row)
    }
    var entries: [RankedRemoval] = []
    for (place, trace) in sequence.enumerated() {
      for (order, removal) in traces[trace].removals.enumerated() {
        entries.append(
          RankedRemoval(loss: removal.loss, trace: trace, place: place, order: order))
      }
    }
    entries.sort { ($0.loss, $0.place, $0.order) < ($1.loss, $1.place, $1.order) }
    var chosen = [Int](repeating: 0, count: traces.count)
    for entry in entries.prefix(removals) { chosen[entry.trace] += 1 }
    return chosen
  }
}

/// A removal among those of all rows.
private struct RankedRemoval {
  var loss: Double
  var trace: Int
  /// Its place among the traces by layer and row.
  var place: Int
  var order: Int
}

/// The removals of one row, cheapest first.
struct RowTrace {
  struct Removal {
    var column: Int
    /// What it is expected to cost behind those before it, in units of the loss.
    var cost: Double
    /// The largest cost so far: non-decreasing along the row.
    var loss: Double
  }

  var layer: Int
  var row: Int
  var removals: [Removal]
}

/// The least losses seen so far, as a heap with the largest of them on top.
///
/// Once it is full, a row whose losses have passed the top cannot have another removal chosen, and
/// stops.
struct CheapestLosses {
  private let capacity: Int
  private var heap: [Double] = []

  init(capacity: Int) { self.capacity = capacity }

  /// No removal above this can be chosen.
  var bound: Double { heap.count < capacity ? .infinity : heap.first ?? .infinity }

  mutating func insert(_ loss: Double) {
    if heap.count < capacity {
      heap.append(loss)
      var child = heap.count - 1
      while child > 0, heap[(child - 1) / 2] < heap[child] {
        heap.swapAt(child, (child - 1) / 2)
        child = (child - 1) / 2
      }
    } else if let top = heap.first, loss < top {
      heap[0] = loss
      sink()
    }
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var largest = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if heap[child] > heap[largest] { largest = child }
      }
      guard largest != parent else { return }
      heap.swapAt(largest, parent)
      parent = largest
    }
  }
}
