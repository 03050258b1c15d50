package import Networks
package import PluginHost

/// How a cell ended. Closed: nothing else is ever shown.
package enum CellStatus: String, Codable, Sendable, CaseIterable {
  case done
  /// Stopped by a limit that the user set. It says as much of the limit as of the strategy.
  case timeout, memory
  /// Ended by its own fault.
  case crashed
  case diverged, collapsed, invalid, skipped
  /// Ended by something outside: a signal, a full disk, data that cannot be read. No verdict on the
  /// strategy.
  case stopped
}

/// What a user allows each cell.
package struct CellLimits: Codable, Hashable, Sendable {
  /// After which a cell is stopped; nil for never.
  package var seconds: Double?
  /// Bytes it may hold; nil for any number.
  package var memory: Int?
  /// The time that the strategy may take by itself, where it has a process of its own; nil for any.
  package var strategySeconds: Double?

  package init(seconds: Double? = nil, memory: Int? = nil, strategySeconds: Double? = nil) {
    self.seconds = seconds
    self.memory = memory
    self.strategySeconds = strategySeconds
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
  /// Counts of what has an effect: live weights on a live path from an input to an output.
  package var effectiveCounts: Counts
  /// Counts after units without effect are physically removed, masks forgotten: what a smaller
  /// dense network has.
  package var compactedCounts: Counts
  /// What the live parameters take, a weight of a binary layer as 1 and any other parameter as 32; nil in
  /// results that were stored before it was counted.
  package var bits: Int?
  /// Weights of the dense network over live weights.
  package var ratioAchieved: Double
  package var test: Score
  /// Which test samples were answered wrongly; nil for regression.
  package var wrong: Flags?
  package var validation: Score
  /// On validation samples, the mean over the samples shown from the untrained network on; nil where it
  /// was not measured.
  package var averageError: Double?
  /// The error and the size since the point before this one, or since the run began; nil in results
  /// that were stored before they were kept.
  package var curve: [CurveMark]?
  /// On the test set, after pruning and before fine-tuning.
  package var beforeFineTuning: Score
  /// Collecting what the strategy reads, scoring and proposing, in all rounds so far.
  package var scoreSeconds: Double
  package var trainSeconds: Double
  package var trainSamples: Int
  /// Nil in results that were stored before it was counted.
  package var cost: TrainingCost?
  /// Microseconds a sample at ``inferenceBatch`` samples a batch, lower quartiles.
  package var denseMicroseconds: Double
  package var prunedMicroseconds: Double
  package var planted: PlantedRecall?
  /// Units left in each weighted layer, from the input on.
  package var widths: [Int]

  package static let inferenceBatch = 64

  package init(
    ratioRequested: Double, weightsGoal: Int, counts: Counts, effectiveCounts: Counts,
    compactedCounts: Counts, bits: Int? = nil, ratioAchieved: Double, test: Score,
    wrong: Flags? = nil,
    validation: Score, averageError: Double? = nil, curve: [CurveMark]? = nil,
    beforeFineTuning: Score, scoreSeconds: Double, trainSeconds: Double, trainSamples: Int,
    cost: TrainingCost? = nil, denseMicroseconds: Double,
    prunedMicroseconds: Double, planted: PlantedRecall?, widths: [Int]
  ) {
    self.ratioRequested = ratioRequested
    self.weightsGoal = weightsGoal
    self.counts = counts
    self.effectiveCounts = effectiveCounts
    self.compactedCounts = compactedCounts
    self.bits = bits
    self.ratioAchieved = ratioAchieved
    self.test = test
    self.wrong = wrong
    self.validation = validation
    self.averageError = averageError
    self.curve = curve
    self.beforeFineTuning = beforeFineTuning
    self.scoreSeconds = scoreSeconds
    self.trainSeconds = trainSeconds
    self.trainSamples = trainSamples
    self.cost = cost
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
  /// Which test samples were answered wrongly; nil for regression.
  package var wrong: Flags?
  package var validation: Score
  /// On validation samples, the mean over the samples shown; nil in results that were stored before it
  /// was measured.
  package var averageError: Double?
  package var trainSeconds: Double

  package init(
    counts: Counts, test: Score, wrong: Flags? = nil, validation: Score,
    averageError: Double? = nil, trainSeconds: Double
  ) {
    self.counts = counts
    self.test = test
    self.wrong = wrong
    self.validation = validation
    self.averageError = averageError
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
  /// How the strategy moved; nil for dense cells and where it could not even be made.
  package var course: StrategyEntry.Course?
  /// Of the model file of the dense network that the cell started from; nil for dense cells and
  /// where none could be read.
  package var startSHA256: String?
  /// Of a control the digest of the structures that it trained; nil for what is no control.
  package var structuresSHA256: String?
  package var points: [TrajectoryPoint]
  /// Lines the strategy and the host logged, such as the method a strategy chose.
  package var log: [String]
  package var seconds: Double
  package var peakMemoryBytes: Int
  package var limits: CellLimits
  /// Nil where the worker could not say.
  package var provenance: Provenance?
  /// Digests of the cell's other files, by name.
  package var files: [String: String]

  package init(
    key: CellKey, status: CellStatus, reason: String? = nil, dense: DenseResult?,
    course: StrategyEntry.Course? = nil, startSHA256: String? = nil,
    structuresSHA256: String? = nil, points: [TrajectoryPoint] = [], log: [String] = [],
    seconds: Double = 0, peakMemoryBytes: Int = 0, limits: CellLimits = CellLimits(),
    provenance: Provenance? = nil, files: [String: String] = [:]
  ) {
    self.key = key
    self.status = status
    self.reason = reason
    self.dense = dense
    self.course = course
    self.startSHA256 = startSHA256
    self.structuresSHA256 = structuresSHA256
    self.points = points
    self.log = log
    self.seconds = seconds
    self.peakMemoryBytes = peakMemoryBytes
    self.limits = limits
    self.provenance = provenance
    self.files = files
  }
}
