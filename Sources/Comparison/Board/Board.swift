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
  /// The variant of the numeric kernels: others round differently and have boards of their own.
  package var kernels: String
  /// Whether `weights` counts biases too.
  package var prunesBiases: Bool
  /// Whether the training samples stand in for validation ones.
  package var validatesOnTraining: Bool
  /// The test error that the noise in the targets leaves to the best function; nil where unknown.
  package var noiseFloor: Double?
  /// The seeds that most strategies have: ranks are among rows of exactly these.
  package var seeds: [Int]
  /// The title of the entrant that differences are taken to.
  package var reference: String
  /// Nil when no dense network could be trained.
  package var dense: Dense?
  /// `none`: the dense network with the same extra training, at the last ratio it reached. Without a
  /// rank and without a difference; several where several versions are stored.
  package var unpruned: [Row]
  package var tables: [Table]
  /// Of every strategy the smallest networks that are about as good as the dense one; empty where
  /// there are no validation samples to choose them by.
  package var smallest: [Smallest]
  /// What kept cells from some ratio, by strategy.
  package var failures: [Failure]
  /// On what the cells were measured; more than one entry where times cannot be compared.
  package var measured: [Measured]
  /// Of onnxruntime, where latencies were measured in it; else empty.
  package var runtimeVersion = ""
  /// Seeds of which not all cells started from the same file of the dense network.
  package var unequalStarts: [Int]
  /// How many differences have a p-value: what ``Difference/adjustedP`` is adjusted for.
  package var differences: Int
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
    /// Of one sample, the mean over all cells; nil where they were measured on several machines.
    package var microseconds: Double?
  }

  /// The rows of one requested ratio: ranked ones first by rank, then unranked, then failed.
  package struct Table: Sendable, Codable, Hashable {
    package var ratio: Double
    /// Nil where no cell knows the dense network's weights.
    package var weightsGoal: Int?
    package var rows: [Row]
  }

  /// A mean over seeds with Student's 95 % interval.
  package struct Estimate: Sendable, Codable, Hashable {
    package var mean: Double
    /// Nil with one seed, which says nothing of the spread.
    package var interval: Statistics.Interval?
    /// One a seed, in order.
    package var values: [Double]

    package init?(_ values: [Double]) {
      guard let mean = Statistics.mean(values) else { return nil }
      self.mean = mean
      self.interval = Statistics.interval95(values)
      self.values = values
    }
  }

  /// What a strategy's smallest good networks are, one for each tolerance.
  package struct Smallest: Sendable, Codable, Hashable {
    package var strategy: String
    package var found: [Found]

    package struct Found: Sendable, Codable, Hashable {
      /// How much larger the mean validation error may be than that of the dense networks.
      package var tolerance: Double
      /// Nil where no ratio is that good.
      package var network: Network?
    }

    package struct Network: Sendable, Codable, Hashable {
      package var ratio: Double
      package var weights: Double
      package var ratioAchieved: Double
      package var test: Double
      package var validation: Double
    }
  }

  /// Cells that ended alike, before their last ratio or after it.
  package struct Failure: Sendable, Codable, Hashable {
    package var strategy: String
    package var id: String
    package var status: CellStatus
    /// The first ratio that was not reached; nil where all were.
    package var ratio: Double?
    package var seeds: [Int]
    /// Whether these are all seeds that the strategy has.
    package var isEverySeed: Bool
    package var reason: String
  }

  /// A setting that cells were measured in, as far as times depend on it.
  package struct Measured: Sendable, Codable, Hashable {
    /// Nil where cells do not say.
    package var setting: Setting?
    package var cells: Int

    package struct Setting: Sendable, Codable, Hashable {
      package var machine: Machine
      package var kernels: String
      package var algebra: String
      package var threads: Int
    }
  }

  /// The machine of every measurement; nil where there are several or none is known.
  package var machine: Machine? {
    let machines = Set(measured.map(\.setting?.machine))
    return machines.count == 1 ? machines.first ?? nil : nil
  }
}
