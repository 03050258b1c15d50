import Comparison
import Networks
import Reports

/// A comparison that never ran, with everything in it that a report has to cope with.
struct ReportFixture {
  let plan: ComparisonPlan
  var results: [CellKey: CellResult]

  var boards: [Board] { plan.boards(results) }

  static let machine = Machine(processor: "a processor", cores: 2, system: "a system")

  init(replicates: Int = 3, quick: Bool = false) throws {
    plan = try ComparisonPlan(
      benchmarks: ["friedman1"],
      entrants: [
        Entrant(id: "obd"), Entrant(id: "obs", parameters: ["damping": "0.01"]),
        Entrant(
          id: "trim", pluginPath: "/tmp/libTrim.so", pluginSHA256: String(repeating: "a", count: 64)
        ),
        Entrant(id: "broken"), Entrant(id: "depth"), Entrant(id: "greedy"),
      ], ratios: [2, 8], replicates: replicates, quick: quick, kernels: "avx2")
    var results: [CellKey: CellResult] = [:]
    for cell in plan.denseCells + plan.cells {
      results[cell.key] = Self.result(of: cell.key)
    }
    self.results = results
  }

  /// Numbers that follow from the key alone.
  static func result(of key: CellKey) -> CellResult {
    let shift = Double(key.replicate)
    let dense = DenseResult(
      counts: Counts(weights: 550, parameters: 601, operations: 1151),
      test: Score(loss: 0.1, error: 0.051 + 0.001 * shift),
      validation: Score(loss: 0.1, error: 0.049 + 0.001 * shift), trainSeconds: 2.5)
    var result = CellResult(
      key: key, status: .done, dense: dense, seconds: 12.3, peakMemoryBytes: 104_857_600,
      provenance: Provenance(
        program: "1.2.3", machine: machine, kernels: key.kernels, algebra: "Haswell", threads: 1))
    guard !key.isDense else { return result }
    let qualities = ["obd": 0.010, "obs": 0.006, "magnitude": 0.02, "random": 0.5, "trim": 0.03]
    let quality = (qualities[key.strategy] ?? 0.025) + (key.parameters["scope"] == nil ? 0 : 0.001)
    for ratio in key.ratios {
      // Pairs share most of their noise.
      let own = [0.1, -0.15, 0.05][key.replicate % 3] * quality
      let error = 0.05 + quality * ratio / 2 + 0.001 * shift + own
      result.points.append(point(ratio: ratio, error: error, strategy: key.strategy))
    }
    switch (key.strategy, key.replicate) {
    case ("obs", _): result.log = ["obs: exact over 550 weights"]
    case ("broken", 1):
      result.status = .crashed
      result.reason = "stopped by signal 11\n\u{1B}[2Jand its last words"
      result.points.removeLast()
    case ("depth", _):
      result.status = .skipped
      result.reason = "the network has no residual blocks"
      result.points = []
    default: break
    }
    return result
  }

  private static func point(ratio: Double, error: Double, strategy: String) -> TrajectoryPoint {
    let goal = Int((550 / ratio).rounded())
    let weights =
      switch strategy {
      case "none": 550
      case "greedy": goal + 60
      default: goal
      }
    let units = strategy == "trim"
    let score = Score(loss: error, error: error)
    return TrajectoryPoint(
      ratioRequested: ratio, weightsGoal: goal,
      counts: Counts(weights: weights, parameters: weights + 51, operations: 2 * weights + 51),
      effectiveCounts: Counts(
        weights: weights - (strategy == "random" ? 20 : 0), parameters: weights + 51,
        operations: 2 * weights + 51),
      compactedCounts: Counts(
        weights: units ? weights : 550, parameters: weights + 51, operations: 2 * weights + 51),
      ratioAchieved: 550 / Double(weights), test: score,
      validation: Score(loss: error, error: 0.049 + (error - 0.051) / 3),
      beforeFineTuning: Score(loss: .infinity, error: strategy == "random" ? .infinity : error * 9),
      scoreSeconds: 0.0123, trainSeconds: 1.5, trainSamples: 60_000, denseMicroseconds: 0.05,
      prunedMicroseconds: strategy == "none" || strategy == "greedy" ? 0.05 : 0.05 / ratio,
      planted: PlantedRecall(
        deadInputsRemoved: units ? 4 : 1, deadInputs: 5, surplusUnitsRemoved: 0, surplusUnits: 0),
      widths: [units ? goal / 11 : 50, 1])
  }
}
