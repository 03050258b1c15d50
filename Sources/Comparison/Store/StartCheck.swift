/// Finds results that started from something else than what they are shown beside: another dense network,
/// or, for controls, other structures.
///
/// What is stored of a cell is the right thing. Where the dense network is not stored, it is the one that
/// most of the results started from.
struct StartCheck {
  /// Digests of the right networks, by the keys of their cells.
  private var networks: [CellKey: String] = [:]
  /// Digests of the right structures, by the keys of the cells that made them; nil where a cell made
  /// none.
  private var structures: [CellKey: String?] = [:]

  init(_ results: [CellResult]) {
    var counts: [CellKey: [String: Int]] = [:]
    for result in results where !result.key.isDense {
      if let start = result.startSHA256 {
        counts[result.key.dense, default: [:]][start, default: 0] += 1
      }
    }
    for (dense, starts) in counts {
      networks[dense] = starts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key
    }
    for result in results where result.key.control == nil {
      if !result.key.isDense {
        structures[result.key] = .some(result.files[Store.structuresName])
      } else if result.status == .done {
        networks[result.key] = result.files[Store.modelName]
      }
    }
  }

  /// Whether a result belongs beside the others; one that started from nothing at all does.
  func isSound(_ result: CellResult) -> Bool {
    if let controlled = result.key.controlled, let right = structures[controlled],
      let own = result.structuresSHA256, own != right
    {
      return false
    }
    guard !result.key.isDense, let start = result.startSHA256 else { return true }
    // Of what is not known nothing is said.
    return networks[result.key.dense].map { $0 == start } ?? true
  }

  func split(_ results: [CellResult]) -> (sound: [CellResult], others: [CellResult]) {
    (results.filter(isSound), results.filter { !isSound($0) })
  }
}
