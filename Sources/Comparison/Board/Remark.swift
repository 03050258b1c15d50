extension Board {
  /// Something to be said of rows, or of how a board came about. A value: each format words it in its
  /// own way.
  package enum Remark: Sendable, Hashable {
    /// Times in the table were measured in several settings.
    case severalSettings([Measured])
    /// Inference takes as long as that of the dense network.
    case notFaster([Subject])
    /// More weights are left than were asked for, or far fewer: the rows are not ranked.
    case offBudget(Budget, [Subject])
    case behindRandom(BehindRandom, [Subject])
    /// What a control is that has rows here.
    case control(Control)
    /// Not shown to be better than the same structures from another start.
    case controlNotBeaten(Control, [Subject])
    /// Not over the seeds that most have, and so not ranked.
    case otherSeeds([Int], strategies: [String])
    /// The difference is over fewer seeds than the row: those that the reference has, too.
    case differenceOverSeeds([Int], strategies: [String])
    /// Strategies of a seed did not all start from the same file of the dense network.
    case unequalStarts(seeds: [Int])
    /// Some benchmark planted what is to be found.
    case planted
    /// Without its mask a pruned network is no smaller.
    case masked(Removal, [Subject])
    /// What strategies logged of the methods they chose.
    case logged([Log])
    case ended(Ending, [Failure])
  }

  /// A strategy, and at which ratios something is so of it.
  package struct Subject: Sendable, Hashable {
    /// As the row is titled.
    package var strategy: String
    package var ratios: [Double]
    /// Whether these are all ratios of the board.
    package var isEverywhere: Bool
  }

  /// Lines of a strategy's log: of all ratios, since a log is of a cell.
  package struct Log: Sendable, Hashable {
    package var strategy: String
    /// What authors write in front of what they log.
    package var id: String
    package var lines: [String]
    package var leftOut: Int
  }

  /// How cells ended that are not done, as far as it matters to a reader.
  package enum Ending: String, Sendable, Hashable, CaseIterable {
    /// By their own fault.
    case failed
    /// The strategy does not apply.
    case skipped
    /// By a limit, or by something outside.
    case stopped

    package init?(_ status: CellStatus) {
      switch status {
      case .crashed, .diverged, .collapsed, .invalid: self = .failed
      case .skipped: self = .skipped
      case .timeout, .memory, .stopped: self = .stopped
      case .done: return nil
      }
    }
  }
}
