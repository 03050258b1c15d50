import Foundation
import Networks
import Numerics
import PluginHost
import Synchronization

/// A strategy of the plugin host at work on a cell.
final class PluggedStrategy: CellStrategy {
  private let instance: StrategyInstance
  private let lines = Lines()
  private let knownMoments = KnownMoments()

  /// - Throws: ``CellFailure`` when the strategy cannot be made as the cell asks.
  init(_ entry: StrategyEntry, key: CellKey, memoryLimit: Int?) throws {
    do {
      instance = try StrategyInstance(
        entry, parameters: key.parameters,
        random: RandomStream(seed: key.strategySeed, name: "strategy"),
        memoryLimit: memoryLimit, log: { [lines] in lines.append($0) })
    } catch let error as ReferenceError {
      throw CellFailure(.invalid, error.description)
    } catch let failure as StrategyFailure {
      throw CellFailure(failure)
    }
  }

  var log: [String] { lines.all }

  /// Adds a line of the host's to those of the strategy.
  func note(_ line: String) { lines.append(line) }

  var course: StrategyEntry.Course { instance.entry.course }

  func obstacle(to goal: Int, from dense: Network) -> String? {
    instance.pattern?.obstacle(to: goal, in: dense)
  }

  func updatePoints(of period: PeriodOutline, in network: Network) throws -> UpdatePoints? {
    do throws(StrategyFailure) {
      return try instance.updatePoints(of: period, in: network)
    } catch {
      throw CellFailure(error)
    }
  }

  func hooks(for network: Network) -> (any TrainingHooks)? { instance.hooks(for: network) }

  func change(_ task: RoundTask) throws -> RoundOutcome {
    let measurements = Measurements(
      network: task.network, samples: task.samples, loss: task.loss, knownMoments: knownMoments)
    lines.beginRound(isUpdate: task.round.step != nil)
    do throws(StrategyFailure) {
      let plan = try instance.plan(
        task.round, network: task.network, measurements: measurements, momentum: task.momentum)
      let notes = lines.endRound()
      return RoundOutcome(
        surgery: plan.surgery, scoreSeconds: plan.scoreSeconds,
        operations: plan.operations,
        proposal: Proposal(
          edits: Dictionary(
            plan.edits.map { ($0.kind, $0.amount) }, uniquingKeysWith: +),
          scores: plan.scores, predictedLossChange: plan.prediction, notes: notes),
        loss: plan.loss)
    } catch {
      _ = lines.endRound()
      throw CellFailure(error)
    }
  }
}

/// Lines from any thread.
///
/// What is said at an update point is part of the timeline alone: among the lines of the cell, dozens of
/// such would hide the others.
private final class Lines: Sendable {
  private struct State {
    var all = LogLines()
    var ofRound: [String] = []
    var isUpdate = false
    var omitted = 0
  }

  private let state = Mutex(State())
  private static let mostOfRound = 16
  private static let longestOfRound = 240

  func append(_ line: String) {
    state.withLock {
      if !$0.isUpdate { $0.all.append(line) }
      guard $0.ofRound.count < Self.mostOfRound else { return $0.omitted += 1 }
      $0.ofRound.append(line.shortened(toBytes: Self.longestOfRound))
    }
  }

  func beginRound(isUpdate: Bool) {
    state.withLock {
      $0.ofRound = []
      $0.isUpdate = isUpdate
      $0.omitted = 0
    }
  }

  /// Ends a round.
  ///
  /// - Returns: What was said in it; nil where that is nothing.
  func endRound() -> [String]? {
    state.withLock {
      $0.isUpdate = false
      guard $0.omitted > 0 else { return $0.ofRound.isEmpty ? nil : $0.ofRound }
      return $0.ofRound + ["and \($0.omitted) more \($0.omitted == 1 ? "line" : "lines")"]
    }
  }

  var all: [String] { state.withLock { $0.all.all } }
}

extension CellFailure {
  init(_ failure: StrategyFailure) {
    let status: CellStatus =
      switch failure.status {
      case .skipped: .skipped
      case .invalid: .invalid
      case .collapsed: .collapsed
      case .memory: .memory
      case .crashed: .crashed
      case .stopped: .stopped
      case .timeout: .timeout
      }
    self.init(status, failure.reason)
  }
}

extension Worker {
  /// The strategy of a job, from the host's catalogue: linked in, or of the library that the job
  /// names.
  package static func pluggedStrategy(_ job: WorkerJob) throws -> any CellStrategy {
    let entry: StrategyEntry
    var unconfined: [String] = []
    do {
      let isFunction = ForeignFunction.isMeant(by: job.key.strategy)
      let plugins = isFunction ? [] : job.pluginPath.map { [URL(filePath: $0)] } ?? []
      let catalogue = try StrategyCatalogue(
        plugins: plugins,
        isolation: Isolation(
          job.isolation, isConfined: job.isConfined, seconds: job.strategySeconds,
          memory: job.memoryLimit))
      entry =
        isFunction
        ? try catalogue.function(job.key.strategy, at: job.pluginPath)
        : try catalogue.entry(named: job.key.strategy)
      unconfined = catalogue.unconfined
    } catch let error as LoadError {
      // It was there when the comparison was planned; what it does to its process is its own.
      throw CellFailure(StrategyFailure(error.status ?? .stopped, error.description))
    } catch {
      throw CellFailure(.stopped, "\(error)")
    }
    if let library = entry.origin.library,
      library.sha256 != job.key.pluginSHA256 || library.libraries != job.key.libraries
    {
      throw CellFailure(
        .stopped,
        "\(library.path), or a library that it links to, is not the one any more that was asked for"
      )
    }
    let limit = entry.usesMemoryLimit ? job.strategyMemory : nil
    let strategy = try PluggedStrategy(entry, key: job.key, memoryLimit: limit)
    // It may have been replaced between the look at it and the loading.
    if let library = entry.origin.library {
      let now = LibraryDigests(of: library.path)
      guard now?.library == library.sha256, now?.linked == library.libraries else {
        throw CellFailure(.stopped, "\(library.path) was changed while it was loaded")
      }
    }
    if job.pluginPath != nil, !unconfined.isEmpty {
      strategy.note(
        "warning: its process is not confined by \(unconfined.joined(separator: ", "))")
    }
    return strategy
  }
}

extension WorkerJob {
  /// Bytes that a strategy may take: half of what the cell may hold, as the data, the network and the
  /// program take theirs. The same on every machine, since it may decide the result; without a limit
  /// it is what the machine has, which strategies may not choose by.
  var strategyMemory: Int? { memoryLimit.map { max(1, $0 / 2) } ?? MachineMemory.available() }
}
