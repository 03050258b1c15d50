/// Finds results that started from another dense network than they are shown beside.
///
/// A dense network that is stored is the right one. Where none is, it is the one that most of the
/// results started from.
struct StartCheck {
  /// Digests of the right networks, by the keys of their cells.
  private var right: [CellKey: String] = [:]

  init(_ results: [CellResult]) {
    var counts: [CellKey: [String: Int]] = [:]
    for result in results where !result.key.isDense {
      if let start = result.startSHA256 {
        counts[result.key.dense, default: [:]][start, default: 0] += 1
      }
    }
    for (dense, starts) in counts {
      right[dense] = starts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key
    }
    for result in results where result.key.isDense && result.status == .done {
      right[result.key] = result.files[Store.modelName]
    }
  }

  /// Whether a result belongs beside the others; one that started from no network at all does.
  func isSound(_ result: CellResult) -> Bool {
    guard !result.key.isDense, let start = result.startSHA256 else { return true }
    return start == right[result.key.dense]
  }

  func split(_ results: [CellResult]) -> (sound: [CellResult], others: [CellResult]) {
    (results.filter(isSound), results.filter { !isSound($0) })
  }
}
