import Foundation
import Networks
import Numerics
import PluginHost
import Synchronization

import Comparison

/// A folder that goes with the test.
final class TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appending(path: "comparison-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}

extension Benchmark {
  /// `friedman1` made small: a comparison on it takes a fraction of a second.
  static let tiny: Benchmark = {
    guard var benchmark = catalogue.first(where: { $0.name == "friedman1" }) else {
      preconditionFailure("friedman1 is a benchmark")
    }
    let recipe = TrainingRecipe(
      optimizer: .adam, learningRate: 0.01, schedule: .cosine, batchSize: 32, epochs: 0.75,
      decay: 0)
    benchmark.recipes = Recipes(dense: recipe, fineTune: recipe)
    benchmark.ratios = [2, 4]
    benchmark.rounds = RoundGrid([2, 4])
    return benchmark
  }()
}

/// Strategies that need no plugin host.
final class FakeStrategy: CellStrategy, TrainingHooks {
  enum Kind { case none, smallest, severing, failing, notFinite, exploding, leavingTooMuch }

  let kind: Kind
  var log: [String] = []
  /// Everything the strategy was shown.
  private(set) var starts: [Network] = []
  private(set) var losses: [Double] = []
  private(set) var goals: [Int] = []
  private(set) var measured: [Samples] = []

  init(_ kind: Kind) { self.kind = kind }

  func hooks(for network: Network) -> (any TrainingHooks)? { self }

  var actsAfterSteps: Bool { kind == .exploding }

  func beginStep(_ step: TrainingStep, gates: inout [Float]) throws {
    if step.index > 0 { losses.append(step.loss) }
  }

  func endStep(_ step: TrainingStep, parameters: TrainedParameters) throws {
    var network = parameters.network
    for index in network.values.indices { network.values[index] = 1e30 }
    parameters.network = network
  }

  func change(_ task: RoundTask) throws -> RoundOutcome {
    starts.append(task.network)
    goals.append(task.round.weightsGoal)
    measured.append(task.samples)
    log.append("round \(task.round.index)")
    var network = task.network
    switch kind {
    case .none, .exploding: break
    case .smallest: network.keepLargest(task.round.weightsGoal)
    case .leavingTooMuch: network.keepLargest(2 * task.round.weightsGoal)
    case .severing where task.round.index == 0: network.keepLastWeights(20)
    case .severing: break
    case .failing where task.round.index == 0: network.keepLargest(task.round.weightsGoal)
    case .failing: throw CellFailure(.invalid, "it proposed nonsense")
    case .notFinite: network.values[0] = .nan
    }
    return RoundOutcome(
      surgery: Surgery(
        network: network, origin: (0..<Int32(network.layout.count)).map { $0 }), scoreSeconds: 1)
  }
}

extension Network {
  /// Masks all live prunable parameters but the `count` largest.
  fileprivate mutating func keepLargest(_ count: Int) {
    let live = graph.weightedLayers.flatMap { self.prunable(at: $0) }.filter { mask[$0] != 0 }
    for index in live.sorted(by: { abs(values[$0]) > abs(values[$1]) }).dropFirst(count) {
      mask[index] = 0
      values[index] = 0
    }
  }

  /// Masks the weights to the output but the first `count`.
  fileprivate mutating func keepLastWeights(_ count: Int) {
    for index in layout.slots.last?.weights.dropFirst(count) ?? 0..<0 {
      mask[index] = 0
      values[index] = 0
    }
  }
}

/// Runs cells within the test, with fake strategies or fake ends.
final class FakeExecutor: CellExecutor {
  let slots: Int
  let timeout: Duration?
  private let ends: @Sendable (WorkerJob) throws -> WorkerEnd?
  private let ran = Mutex<[CellKey]>([])
  private let running = Mutex((now: 0, most: 0))

  /// - Parameter ends: How a worker ends instead of doing its work, or nil to do it.
  init(
    slots: Int = 1, timeout: Duration? = nil,
    ends: @escaping @Sendable (WorkerJob) throws -> WorkerEnd? = { _ in nil }
  ) {
    self.slots = slots
    self.timeout = timeout
    self.ends = ends
  }

  /// In the order in which they started.
  var started: [CellKey] { ran.withLock { $0 } }
  var mostAtOnce: Int { running.withLock { $0.most } }

  func run(
    _ job: WorkerJob, progress: @escaping @Sendable (Double) -> Void
  ) async throws -> WorkerEnd {
    ran.withLock { $0.append(job.key) }
    running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
    defer { running.withLock { $0.now -= 1 } }
    await Task.yield()
    if let end = try ends(job) { return end }
    let result = try Worker.run(
      job, strategy: { FakeStrategy($0.key.strategy == "none" ? .none : .smallest) },
      catalogue: [.tiny], progress: progress)
    return WorkerEnd(kind: .finished(result), seconds: 1, peakMemoryBytes: 1)
  }
}

extension CellKey {
  static func tiny(_ strategy: String, replicate: Int = 0, ratios: [Double] = [2, 4]) -> CellKey {
    CellKey(
      benchmark: "friedman1", benchmarkVersion: 4,
      benchmarkSHA256: Benchmark.tiny.digest, strategy: strategy,
      kernels: Provenance.currentKernels, replicate: replicate, ratios: ratios, quick: false,
      protocolVersion: CellKey.protocolVersion)
  }
}

extension ComparisonPlan {
  static func tiny(_ strategies: [String], replicates: Int = 1) throws -> ComparisonPlan {
    try ComparisonPlan(
      benchmarks: ["friedman1"], entrants: strategies.map { Entrant(id: $0) },
      replicates: replicates, controls: false, catalogue: [.tiny])
  }
}

extension CellResult {
  /// A done cell with an error for each ratio.
  static func done(_ key: CellKey, errors: [Double], weights: [Int] = [275, 138]) -> CellResult {
    let counts = Counts(weights: 550, parameters: 601, operations: 1151)
    let points = zip(zip(key.ratios, weights), errors).map { pair, error in
      let (ratio, left) = pair
      let score = Score(loss: error, error: error)
      return TrajectoryPoint(
        ratioRequested: ratio, weightsGoal: Benchmark.weightsGoal(dense: 550, ratio: ratio),
        counts: Counts(weights: left, parameters: left + 51, operations: 2 * left),
        effectiveCounts: counts, compactedCounts: counts, ratioAchieved: 550 / Double(left),
        test: score,
        validation: score, beforeFineTuning: score, scoreSeconds: 1, trainSeconds: 2,
        trainSamples: 3, denseMicroseconds: 4, prunedMicroseconds: 5, planted: nil,
        widths: [50, 1])
    }
    let score = Score(loss: 0.1, error: 0.1)
    return CellResult(
      key: key, status: .done,
      dense: DenseResult(counts: counts, test: score, validation: score, trainSeconds: 1),
      points: points, seconds: 1, peakMemoryBytes: 1)
  }

  /// As it was before it was stored.
  var withoutFiles: CellResult {
    var result = self
    result.files = [:]
    return result
  }

  /// Without what depends on the clock and the machine.
  var withoutTimes: CellResult {
    var result = self
    result.seconds = 0
    result.peakMemoryBytes = 0
    // Digests of files with times.
    result.files = result.files.filter { $0.key == Store.modelName }
    result.dense?.trainSeconds = 0
    for index in result.points.indices {
      result.points[index].scoreSeconds = 0
      result.points[index].trainSeconds = 0
      result.points[index].denseMicroseconds = 0
      result.points[index].prunedMicroseconds = 0
    }
    return result
  }
}
