import Networks

extension Figure {
  /// What is taken from the cells of one seed.
  package enum Measure: Sendable, Hashable {
    /// The test error at a ratio.
    case error(ratio: Double)
    /// That over the rival's at the same ratio.
    case errorOverRival(ratio: Double)
    /// The fewest weights at which the test error is no larger than this; those of the dense network where
    /// no size is that good.
    case fewestWeights(error: Double)
    /// The largest ratio at which the test error is at most so much above the rival's at the same ratio; 1
    /// where none is.
    case ratioAtErrorOfRival(within: Double)
    /// The largest share of weights that is deleted so.
    case shareDeletedAtErrorOfRival(within: Double)
    /// The largest of `shares` of the weights that can be deleted from the trained network at once, with the
    /// rise of the loss, before any retraining, at most a factor from the predicted one, there and at all
    /// smaller ones; 0 where it is not at the smallest. See ``Sensitivity/Rise/holds(within:of:)``.
    case sharePredicted(factor: Double, shares: [Double])
    /// 1 where no validation sample is wrong at a ratio, 0 otherwise: the mean is the share of seeds. Of
    /// benchmarks that have no others these are the training samples.
    case solved(ratio: Double)
    /// 1 where no test sample is wrong at a ratio before anything is trained further, 0 otherwise.
    case solvedBeforeTuning(ratio: Double)
    /// Seconds of training at a ratio over those of the rival.
    case trainingTime(ratio: Double)
  }

  /// The cells of one seed, in the order of a part's runs.
  struct SeedCells {
    var own: [CellResult]
    /// Empty where there is none.
    var rival: [CellResult]
    /// By rising share, where the measure takes deletions at once.
    var deletions: [Deletion]
  }

  /// What came of deleting weights from a trained network at once.
  package struct Deletion: Sendable {
    /// Of the weights, those that went.
    var share: Double
    var lossBefore: Double
    var rise: Double
    /// Nil where the strategy says nothing of it.
    var predicted: Double?

    package init(share: Double, lossBefore: Double, rise: Double, predicted: Double?) {
      self.share = share
      self.lossBefore = lossBefore
      self.rise = rise
      self.predicted = predicted
    }
  }
}

extension Figure.Measure {
  /// The value of one seed; nil where its cells do not have it.
  func value(of cells: Figure.SeedCells) -> Double? {
    switch self {
    case .error(let ratio):
      cells.own.point(at: ratio)?.test.error
    case .errorOverRival(let ratio):
      quotient(cells.own.point(at: ratio)?.test.error, cells.rival.point(at: ratio)?.test.error)
    case .fewestWeights(let error):
      cells.own.first?.dense.map { dense in
        cells.own.flatMap(\.points).filter { $0.test.error <= error + 1e-6 }.map {
          Double($0.counts.weights)
        }.min() ?? Double(dense.counts.weights)
      }
    case .ratioAtErrorOfRival(let margin):
      cells.largestRatio(within: margin)
    case .shareDeletedAtErrorOfRival(let margin):
      cells.largestRatio(within: margin).map { 1 - 1 / $0 }
    case .sharePredicted(let factor, _):
      cells.sharePredicted(within: factor)
    case .solved(let ratio):
      cells.own.point(at: ratio).map { $0.validation.error == 0 ? 1 : 0 }
    case .solvedBeforeTuning(let ratio):
      cells.own.point(at: ratio).map { $0.beforeFineTuning.error == 0 ? 1 : 0 }
    case .trainingTime(let ratio):
      quotient(
        cells.own.point(at: ratio)?.trainSeconds, cells.rival.point(at: ratio)?.trainSeconds)
    }
  }

  private func quotient(_ value: Double?, _ other: Double?) -> Double? {
    guard let value, let other, other > 0 else { return nil }
    return value / other
  }
}

extension [CellResult] {
  fileprivate func point(at ratio: Double) -> TrajectoryPoint? {
    lazy.flatMap(\.points).first { $0.ratioRequested == ratio }
  }
}

extension Figure.SeedCells {
  /// Nil where the rival has no error to be held against.
  fileprivate func largestRatio(within margin: Double) -> Double? {
    let ratios = own.flatMap(\.points).map(\.ratioRequested)
    guard !ratios.isEmpty, ratios.allSatisfy({ rival.point(at: $0) != nil }) else { return nil }
    return own.flatMap(\.points).filter { point in
      rival.point(at: point.ratioRequested).map {
        point.test.error <= $0.test.error + margin + 1e-9
      } ?? false
    }.map(\.ratioAchieved).max() ?? 1
  }

  /// Nil where nothing was deleted or predicted.
  fileprivate func sharePredicted(within factor: Double) -> Double? {
    guard !deletions.isEmpty, deletions.allSatisfy({ $0.predicted != nil }) else { return nil }
    return deletions.prefix { deletion in
      Sensitivity.holds(
        predicted: deletion.predicted ?? 0, measured: deletion.rise, within: factor,
        of: deletion.lossBefore)
    }.last?.share ?? 0
  }
}

extension Figure.Measure {
  /// Shares of the weights that it deletes from the trained network at once, rising; empty where it takes
  /// the cells of a strategy.
  package var deletedAtOnce: [Double] {
    if case .sharePredicted(_, let shares) = self { shares.sorted() } else { [] }
  }
}
