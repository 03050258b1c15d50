import Numerics

extension Figure {
  /// What was measured of a figure, held against what was published.
  package struct Outcome: Sendable {
    package var figure: Figure
    package var quick: Bool
    /// In the order of the figure's; of quick forms those that have one.
    package var parts: [Part]

    /// Of the part that was met worst.
    package var verdict: Verdict { parts.map(\.verdict).min() ?? .notReached }

    package struct Part: Sendable {
      package var part: Figure.Part
      /// Nil where some cell has no value.
      package var measured: Board.Estimate?
      /// The worst mean that counts as reproduced.
      package var bound: Double
      package var verdict: Verdict
      /// Why there is no value.
      package var reason: String?
    }
  }

  /// Takes the parts from the results of their plans.
  ///
  /// - Parameters:
  ///   - planned: The parts and their plans.
  ///   - results: Of the plans' cells, as far as there are any.
  ///   - deletions: What came of deleting weights at once from the network of a seed, where the
  ///     measure asks for it.
  /// - Throws: What `deletions` throws.
  package func outcome(
    of planned: [PlannedPart], _ results: [CellKey: CellResult],
    deletions: (_ part: PlannedPart, _ seed: Int) throws -> [Deletion]
  ) rethrows -> Outcome {
    Outcome(
      figure: self, quick: planned.contains { $0.quick != nil },
      parts: try planned.map { part in
        try part.outcome(results) { try deletions(part, $0) }
      })
  }
}

extension Figure.PlannedPart {
  fileprivate func outcome(
    _ results: [CellKey: CellResult], deletions: (Int) throws -> [Figure.Deletion]
  ) rethrows -> Figure.Outcome.Part {
    let slack = part.better == .lower ? part.tolerance : -part.tolerance
    let bound = quick?.bound ?? part.published + slack
    var outcome = Figure.Outcome.Part(
      part: part, measured: nil, bound: bound, verdict: .notReached)
    var values: [Double] = []
    for seed in 0..<seeds {
      var cells = cells(of: seed, results)
      if let failed = cells.firstFailed {
        outcome.reason = reason(of: failed, seed)
        return outcome
      }
      do {
        cells.deletions = try deletions(seed)
      } catch let error as CancellationError {
        throw error
      } catch {
        outcome.reason = "of seed \(seed): \(error)"
        return outcome
      }
      guard let value = part.measure.value(of: cells) else {
        outcome.reason = "the cells of seed \(seed) do not have the value"
        return outcome
      }
      values.append(value)
    }
    outcome.measured = Board.Estimate(values)
    if let measured = outcome.measured {
      outcome.verdict = part.verdict(of: measured, bound: bound, quick: quick != nil)
    }
    return outcome
  }

  private func cells(of seed: Int, _ results: [CellKey: CellResult]) -> Figure.SeedCells {
    var cells = Figure.SeedCells(own: [], rival: [], deletions: [])
    for plan in plans {
      guard let contest = plan.contests.first else { continue }
      for (place, entrant) in entrants.enumerated() {
        let key = plan.key(of: contest, entrant: entrant, replicate: seed)
        guard let result = results[key] else { continue }
        if place == 0 { cells.own.append(result) } else { cells.rival.append(result) }
      }
    }
    return cells
  }

  private func reason(of failed: CellResult, _ seed: Int) -> String {
    "\(failed.key.strategyText) of seed \(seed) ended as \"\(failed.status.rawValue)\": "
      + (failed.reason ?? "no reason given")
  }
}

extension Figure.SeedCells {
  /// A cell that was ended before it had all that it could have: what it has is no figure. One that
  /// emptied a layer, or that does not go further, has told all.
  fileprivate var firstFailed: CellResult? {
    (own + rival).first { ![.done, .collapsed, .skipped].contains($0.status) }
  }
}

extension Figure.Part {
  /// Better is what lies beyond the published value with its whole interval: one seed shows no such thing,
  /// nor does a quick form.
  fileprivate func verdict(
    of measured: Board.Estimate, bound: Double, quick: Bool
  ) -> Figure.Verdict {
    guard better.isReached(measured.mean, bound) else { return .notReached }
    guard !quick, let interval = measured.interval else { return .reproduced }
    let isBetter =
      better == .lower ? interval.high < published : interval.low > published
    return isBetter ? .better : .reproduced
  }
}
