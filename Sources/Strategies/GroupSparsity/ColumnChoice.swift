/// Which columns go to meet a budget: the smallest of all layers, each layer keeping one.
///
/// The last one may have freed more than was left to free: of those taken the ones that fit come back, the
/// largest first.
struct ColumnChoice {
  /// A column by its layer's place and its own.
  struct Column: Hashable {
    var layer: Int
    var column: Int
  }

  private struct Candidate {
    var place: Column
    var size: Double
    var weights: Int
  }

  /// Columns with live weights, the smallest first.
  private let candidates: [Candidate]
  private let counts: [Int]

  /// - Parameters:
  ///   - live: how many live weights each column of each layer has.
  ///   - sizes: of the same columns.
  init(live: [[Int]], sizes: [[Double]]) {
    var candidates: [Candidate] = []
    for layer in live.indices {
      for column in live[layer].indices where live[layer][column] > 0 {
        candidates.append(
          Candidate(
            place: Column(layer: layer, column: column), size: sizes[layer][column],
            weights: live[layer][column]))
      }
    }
    self.candidates = candidates.sorted {
      ($0.size, $0.place.layer, $0.place.column) < ($1.size, $1.place.layer, $1.place.column)
    }
    counts = live.map { $0.count { $0 > 0 } }
  }

  /// The columns that go.
  ///
  /// - Parameters:
  ///   - weights: how many have to go.
  ///   - emptyOnly: whether only columns of size 0 may.
  func going(_ weights: Int, emptyOnly: Bool) -> [Column] {
    var left = counts
    var gone = 0
    var taken: [Candidate] = []
    for candidate in candidates where gone < weights && !(emptyOnly && candidate.size > 0) {
      guard left[candidate.place.layer] > 1 else { continue }
      left[candidate.place.layer] -= 1
      gone += candidate.weights
      taken.append(candidate)
    }
    var going = Set(taken.map(\.place))
    for candidate in taken.reversed()
    where candidate.size > 0 && gone - candidate.weights >= weights {
      gone -= candidate.weights
      going.remove(candidate.place)
    }
    return taken.map(\.place).filter { going.contains($0) }
  }

  /// The size of the largest column that has to go.
  func lastToGo(_ weights: Int) -> Double {
    let going = Set(going(weights, emptyOnly: false))
    return candidates.last { going.contains($0.place) }?.size ?? 0
  }
}
