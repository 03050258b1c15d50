extension CellResult {
  /// Whether a stored result stands, or its cell is to be run again.
  ///
  /// `done`, `skipped` and `collapsed` are answers: the cell would give them again. `crashed`,
  /// `diverged` and `invalid` are failures that it would most likely repeat: they stand unless
  /// `retryFailed`. `timeout` and `memory` are as much of the limit as of the strategy: they stand
  /// under the same limit or a smaller one. `stopped` says nothing of the cell and never stands, nor
  /// does a dense network that failed: everything else stands on it.
  func stands(under limits: CellLimits, retryFailed: Bool) -> Bool {
    if status == .done { return true }
    if key.isDense { return false }
    return switch status {
    case .done, .skipped, .collapsed: true
    case .crashed, .diverged, .invalid: !retryFailed
    case .timeout:
      !retryFailed && !Self.isLarger(limits.seconds, than: self.limits.seconds)
        && !Self.isLarger(limits.strategySeconds, than: self.limits.strategySeconds)
    case .memory: !retryFailed && !Self.isLarger(limits.memory, than: self.limits.memory)
    case .stopped: false
    }
  }

  /// Nil is no limit, and larger than any.
  private static func isLarger<Amount: Comparable>(_ limit: Amount?, than other: Amount?) -> Bool {
    guard let other else { return false }
    return limit.map { $0 > other } ?? true
  }
}

extension ComparisonPlan {
  /// The stored results that a run of this plan does not run again.
  ///
  /// - Parameters:
  ///   - store: Where results are kept.
  ///   - limits: Those of the run.
  ///   - retryFailed: Whether cells that failed are run again.
  package func standing(
    in store: Store, under limits: CellLimits = CellLimits(), retryFailed: Bool = false
  ) -> [CellKey: CellResult] {
    let needed = filesForControls
    return store.results(for: self).filter { key, result in
      result.stands(under: limits, retryFailed: retryFailed)
        && (result.status != .done
          || (needed[key] ?? []).allSatisfy { store.holds($0, of: result) })
    }
  }

  /// The files that controls of this plan start from, by the cells that leave them: cells of programs
  /// before there were controls have none, and somebody may have removed one to save space.
  private var filesForControls: [CellKey: Set<String>] {
    var files: [CellKey: Set<String>] = [:]
    for key in cells.map(\.key) {
      guard let controlled = key.controlled else { continue }
      files[controlled] = [Store.structuresName]
      if key.control?.rewinds ?? false { files[key.dense] = [Store.earlyName] }
    }
    return files
  }
}
