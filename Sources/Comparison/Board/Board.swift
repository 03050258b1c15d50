package import Datasets
package import Networks
package import Numerics

/// What a comparison found on one benchmark: one table of rows for each ratio.
///
/// Everything is computed here; a report only renders.
package struct Board: Sendable, Codable, Hashable {
  package var benchmark: String
  package var benchmarkSummary: String
  package var metric: Metric
  package var quick: Bool
  /// Whether `weights` counts biases too.
  package var prunesBiases: Bool
  /// Replicates asked for.
  package var replicates: Int
  /// The text of the entrant that differences are taken to.
  package var reference: String
  /// Nil when no dense network could be trained.
  package var dense: Dense?
  /// `none`: the dense network with the same extra training, at the last ratio it reached. Shown
  /// once, without a rank and without a difference.
  package var unpruned: Row?
  package var tables: [Table]
  /// All results that papers report of this task and network, whatever they removed.
  package var published: [PublishedResult]
  /// Of those a few with an error, near to the ratios of the tables, by rising ratio.
  package var nearestPublished: [PublishedResult]

  /// The networks everyone started from.
  package struct Dense: Sendable, Codable, Hashable {
    package var counts: Counts
    package var test: Estimate
    package var validation: Estimate
    package var trainSeconds: Double
  }

  /// The rows of one requested ratio: ranked ones first by rank, then unranked, then failed.
  package struct Table: Sendable, Codable, Hashable {
    package var ratio: Double
    package var weightsGoal: Int
    package var rows: [Row]
  }

  /// A mean over replicates with Student's 95 % interval.
  package struct Estimate: Sendable, Codable, Hashable {
    package var mean: Double
    /// Nil with one replicate, which says nothing of the spread.
    package var interval: Statistics.Interval?
    /// One a replicate, in order.
    package var values: [Double]

    package init?(_ values: [Double]) {
      guard let mean = Statistics.mean(values) else { return nil }
      self.mean = mean
      self.interval = Statistics.interval95(values)
      self.values = values
    }
  }

  /// One entrant at one ratio.
  package struct Row: Sendable, Codable, Hashable {
    /// Nil for controls that are no entrants, for rows that missed the budget and for failed ones.
    package var rank: Int?
    /// As on the command line, such as `magnitude[scope=layer]`.
    package var strategy: String
    package var id: String
    package var parameters: [String: String]
    package var origin: Origin
    package var isReference: Bool
    /// Nil unless every replicate is done at this ratio: a failed row gets no numbers.
    package var result: Result?
    /// How many replicates ended how, at this ratio.
    package var statuses: [CellStatus: Int]
    /// Why, for those that are not done; each reason once.
    package var reasons: [String]
    /// Sentences to show below the table, such as the method a strategy chose, each once.
    package var notes: [String]

    package var isDone: Bool { result != nil }
  }

  /// The numbers of a row.
  package struct Result: Sendable, Codable, Hashable {
    package var test: Estimate
    package var validation: Estimate
    package var beforeFineTuning: Estimate
    /// Test error minus that of the reference in the same replicate; nil for the reference, below
    /// two replicates and where the reference failed.
    package var difference: Statistics.Interval?
    /// Means over replicates from here on.
    package var ratioAchieved: Double
    package var weights: Double
    package var parameters: Double
    package var operations: Double
    package var compactedWeights: Double
    package var compactedOperations: Double
    package var scoreSeconds: Double
    package var trainSeconds: Double
    package var trainSamples: Double
    package var denseMicroseconds: Double
    package var prunedMicroseconds: Double
    /// Whether all replicates left at most 1 % more weights than asked for.
    package var meetsBudget: Bool
    /// Sums over replicates; nil where nothing was planted.
    package var planted: PlantedRecall?
  }

  /// Where a strategy comes from.
  package enum Origin: Sendable, Codable, Hashable {
    case builtIn
    case plugin(sha256: String)
  }
}
