package import Networks

/// Everything that decides a cell's result; its hash names the cell's folder.
package struct CellKey: Codable, Hashable, Sendable {
  package var benchmark: String
  /// Raised when a benchmark's data, network or recipe changes.
  package var benchmarkVersion: Int
  /// The strategy's id, or "dense" for the checkpoint that all strategies of a seed start from.
  package var strategy: String
  /// Parameters that differ from the strategy's defaults, as written, sorted by name.
  package var parameters: [String: String]
  /// Of the library the strategy came from; nil for built-ins.
  package var pluginSHA256: String?
  /// Replicate number from 0 on; with the benchmark it decides data, weights and batches.
  package var replicate: Int
  /// Requested compression ratios, rising: the trajectory.
  package var ratios: [Double]
  /// Whether the shortened recipe of `--quick` was used.
  package var quick: Bool
  /// Version of the protocol: training, counting, schedule.
  package var protocolVersion: Int

  package init(
    benchmark: String, benchmarkVersion: Int, strategy: String, parameters: [String: String],
    pluginSHA256: String?, replicate: Int, ratios: [Double], quick: Bool, protocolVersion: Int
  ) {
    self.benchmark = benchmark
    self.benchmarkVersion = benchmarkVersion
    self.strategy = strategy
    self.parameters = parameters
    self.pluginSHA256 = pluginSHA256
    self.replicate = replicate
    self.ratios = ratios
    self.quick = quick
    self.protocolVersion = protocolVersion
  }
}

/// How a cell ended. Closed: nothing else is ever shown.
package enum CellStatus: String, Codable, Sendable, CaseIterable {
  case done, timeout, memory, crashed, diverged, collapsed, invalid, skipped
}

/// Loss and error on one split, in the benchmark's metric.
package struct Score: Codable, Hashable, Sendable {
  package var loss: Double
  /// Per cent wrong, or mean squared error over the variance of the targets.
  package var error: Double

  package init(loss: Double, error: Double) {
    self.loss = loss
    self.error = error
  }
}

/// What a strategy left of the things a benchmark planted to be removed.
package struct PlantedRecall: Codable, Hashable, Sendable {
  package var deadInputsRemoved: Int
  package var deadInputs: Int
  /// Hidden units removed, out of those that the student has more than the teacher.
  package var surplusUnitsRemoved: Int
  package var surplusUnits: Int

  package init(
    deadInputsRemoved: Int, deadInputs: Int, surplusUnitsRemoved: Int, surplusUnits: Int
  ) {
    self.deadInputsRemoved = deadInputsRemoved
    self.deadInputs = deadInputs
    self.surplusUnitsRemoved = surplusUnitsRemoved
    self.surplusUnits = surplusUnits
  }
}

/// One reported point of a trajectory: a ratio asked for and what came of it.
package struct TrajectoryPoint: Codable, Hashable, Sendable {
  package var ratioRequested: Double
  /// Live weights that the ratio asks to leave.
  package var weightsGoal: Int
  package var counts: Counts
  /// Counts after units without effect are physically removed, masks forgotten: what a smaller
  /// dense network has.
  package var compactedCounts: Counts
  /// Weights of the dense network over live weights.
  package var ratioAchieved: Double
  package var test: Score
  package var validation: Score
  /// On the test set, after pruning and before fine-tuning.
  package var beforeFineTuning: Score
  /// Collecting what the strategy reads, scoring and proposing.
  package var scoreSeconds: Double
  package var trainSeconds: Double
  package var trainSamples: Int
  /// Microseconds a sample at ``inferenceBatch`` samples a batch, lower quartiles.
  package var denseMicroseconds: Double
  package var prunedMicroseconds: Double
  package var planted: PlantedRecall?
  /// Units left in each weighted layer, from the input on.
  package var widths: [Int]

  package static let inferenceBatch = 64

  package init(
    ratioRequested: Double, weightsGoal: Int, counts: Counts, compactedCounts: Counts,
    ratioAchieved: Double, test: Score, validation: Score, beforeFineTuning: Score,
    scoreSeconds: Double, trainSeconds: Double, trainSamples: Int, denseMicroseconds: Double,
    prunedMicroseconds: Double, planted: PlantedRecall?, widths: [Int]
  ) {
    self.ratioRequested = ratioRequested
    self.weightsGoal = weightsGoal
    self.counts = counts
    self.compactedCounts = compactedCounts
    self.ratioAchieved = ratioAchieved
    self.test = test
    self.validation = validation
    self.beforeFineTuning = beforeFineTuning
    self.scoreSeconds = scoreSeconds
    self.trainSeconds = trainSeconds
    self.trainSamples = trainSamples
    self.denseMicroseconds = denseMicroseconds
    self.prunedMicroseconds = prunedMicroseconds
    self.planted = planted
    self.widths = widths
  }
}

/// The network all strategies of a benchmark and replicate start from.
package struct DenseResult: Codable, Hashable, Sendable {
  package var counts: Counts
  package var test: Score
  package var validation: Score
  package var trainSeconds: Double

  package init(counts: Counts, test: Score, validation: Score, trainSeconds: Double) {
    self.counts = counts
    self.test = test
    self.validation = validation
    self.trainSeconds = trainSeconds
  }
}

/// What became of one cell. A failed cell keeps the points it reached before.
package struct CellResult: Codable, Hashable, Sendable {
  package var key: CellKey
  package var status: CellStatus
  /// In words, for every status but `done`.
  package var reason: String?
  package var dense: DenseResult?
  package var points: [TrajectoryPoint]
  /// Lines the strategy and the host logged, such as the method a strategy chose.
  package var log: [String]
  package var seconds: Double
  package var peakMemoryBytes: Int

  package init(
    key: CellKey, status: CellStatus, reason: String?, dense: DenseResult?,
    points: [TrajectoryPoint], log: [String], seconds: Double, peakMemoryBytes: Int
  ) {
    self.key = key
    self.status = status
    self.reason = reason
    self.dense = dense
    self.points = points
    self.log = log
    self.seconds = seconds
    self.peakMemoryBytes = peakMemoryBytes
  }
}
