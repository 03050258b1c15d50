package import Numerics
package import PluginHost

extension Board {
  /// One entrant at one ratio.
  package struct Row: Sendable, Codable, Hashable {
    /// Nil for controls that are no entrants, for rows that missed the budget, for rows of other
    /// seeds than most and for failed ones.
    package var rank: Int?
    /// As on the command line, such as `magnitude[scope=layer]`; where several entrants of a board
    /// are called so, with what tells them apart.
    package var strategy: String
    package var id: String
    package var parameters: [String: String]
    /// From which other start this row trains the strategy's structures; nil for the strategy.
    package var control: Control?
    package var origin: Origin
    /// How it moved; nil where no cell says.
    package var course: StrategyEntry.Course?
    package var isReference: Bool
    /// Those that there are cells of.
    package var seeds: [Int]
    /// Nil unless every cell is done at this ratio: a failed row gets no numbers.
    package var result: Result?
    /// How many cells ended how, at this ratio.
    package var statuses: [CellStatus: Int]
    /// How many cells reached this ratio and ended otherwise than well after it.
    package var laterStatuses: [CellStatus: Int]
    /// Why, for those that are not done; each reason once.
    package var reasons: [String]
    /// Lines to show below the table, such as the method a strategy chose, each once.
    package var notes: [String]
    /// How many further lines were logged.
    package var notesLeftOut: Int
    /// Places in ``Board/measured``.
    package var measuredOn: [Int]

    package var isDone: Bool { result != nil }
  }

  /// The numbers of a row.
  package struct Result: Sendable, Codable, Hashable {
    package var test: Estimate
    package var validation: Estimate
    package var beforeFineTuning: Estimate
    /// Wrong test samples over all seeds; nil for regression.
    package var wrong: Int?
    /// The mean over seeds of the validation error, averaged over the samples shown; nil where it was not
    /// measured.
    package var averageError: Double?
    /// Nil for the reference, where the reference failed, and where nothing can be said.
    package var difference: Difference?
    /// Means over seeds from here on.
    package var ratioAchieved: Double
    package var weights: Double
    package var parameters: Double
    package var operations: Double
    /// Live weights on a live path from an input to an output.
    package var effectiveWeights: Double
    package var compactedWeights: Double
    /// What the live parameters take; nil where it was not counted.
    package var bits: Double?
    package var compactedOperations: Double
    package var scoreSeconds: Double
    package var trainSeconds: Double
    package var trainSamples: Double
    /// Operations of all training and measuring over those of training the dense network; nil where
    /// they were not counted.
    package var trainingCost: Double?
    package var denseMicroseconds: Double
    package var prunedMicroseconds: Double
    /// The geometric mean of the seeds' ratios of dense to pruned time, each of one measurement; nil
    /// where a time is not positive.
    package var speedUp: Double?
    package var budget: Budget
    package var removal: Removal
    /// Sums over seeds; nil where nothing was planted.
    package var planted: PlantedRecall?
    /// Why random pruning over the same seeds has a smaller mean error; nil where it has not.
    package var behindRandom: BehindRandom?
    /// Nil where nobody asked for it, and where the store has no structure.
    package var runtime: RuntimeTime? = nil
    /// What the row is held against of its own: its structures from other starts.
    package var controls: [ControlDifference] = []

    package var meetsBudget: Bool { budget == .met }

    /// Whether some parameter takes less than a number.
    package var savesBits: Bool { bits.map { $0 < 32 * parameters } ?? false }

    /// Whether the zeros made inference at best a twentieth faster.
    package var isNotFaster: Bool { speedUp.map { $0 < 1 / 0.95 } ?? false }
  }

  /// Test error minus that of the reference, in the seeds that both have.
  package struct Difference: Sendable, Codable, Hashable {
    package var interval: Statistics.Interval
    /// Of this difference alone; nil with one seed.
    package var p: Double?
    /// By Holm's correction for all differences of the board.
    package var adjustedP: Double?
    package var seeds: [Int]

    /// At 5 %, over all differences of the board.
    package var isSignificant: Bool { adjustedP.map { $0 <= 0.05 } ?? false }
  }

  /// Test error of a strategy minus that of its own structures from another start.
  package struct ControlDifference: Sendable, Codable, Hashable {
    package var control: Control
    /// ``Difference/adjustedP`` is by Holm's correction for all of this kind on the board.
    package var difference: Difference

    /// Whether the way of the strategy is shown to be worth something.
    package var isBetter: Bool { difference.isSignificant && difference.interval.mean < 0 }
  }

  /// How many weights a row has beside those asked for, in every seed.
  package enum Budget: String, Sendable, Codable {
    /// At most 1 % more and at most 10 % fewer: strategies that remove units leave up to a unit less.
    case met
    case exceeded, undercut
  }

  /// What is left to store when units without effect are taken out.
  package enum Removal: String, Sendable, Codable {
    /// Nothing was pruned.
    case nothing
    /// Not a unit can go: the compacted network is as large as the dense one.
    case masksOnly
    /// It has more than 99 % of the dense one's weights.
    case hardlyAnyUnit
    case units
  }

  /// What explains a row behind random pruning, the first that holds.
  package enum BehindRandom: String, Sendable, Codable, CaseIterable {
    /// The difference is no larger than seeds and samples make it.
    case byChance = "chance"
    /// What is left is dense: whole units went, where random pruning could choose single weights.
    case wholeUnits = "whole_units"
    /// Over a tenth of the weights that are left are on no path from an input to an output.
    case ineffectiveWeights = "ineffective_weights"
    case unexplained
  }

  /// Where a strategy comes from.
  package enum Origin: Sendable, Codable, Hashable {
    case builtIn
    case plugin(sha256: String)
  }
}
