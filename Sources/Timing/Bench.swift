import CKernels
import Comparison
package import Foundation
import Networks
import Numerics

/// Times the program's own work, row by row, in rounds over all rows: what the machine does meanwhile
/// meets all of them.
package struct Bench {
  private let tasks: [BenchTask]
  private let threads: Int
  private let rounds: Int

  /// - Parameters:
  ///   - filter: Parts of row names; empty for all rows.
  ///   - threads: That share the work of each row.
  ///   - rounds: How often all rows are timed.
  ///   - datasets: Finds the data folder.
  /// - Throws: ``BenchError`` for a filter that no row's name contains.
  package init(
    filter: [String], threads: Int, rounds: Int, datasets: @escaping () throws -> URL
  ) throws {
    let all = BenchTask.all(Material(datasets: datasets), threads: threads)
    for word in filter where !all.contains(where: { $0.name.contains(word) }) {
      throw BenchError(
        "no row's name contains '\(word)'; 'workbench bench --list' shows all of them")
    }
    tasks = all.filter { task in filter.isEmpty || filter.contains { task.name.contains($0) } }
    self.threads = threads
    self.rounds = rounds
  }

  package var names: [String] { tasks.map(\.name) }

  /// - Parameter progress: Called with the round and the row before each is timed.
  package func run(progress: (_ round: Int, _ row: String) -> Void = { _, _ in }) throws
    -> BenchReport
  {
    try checkVariant()
    OpenBLAS.useOneThread()
    Team.use(threads: threads)
    let ceiling = (
      single: MachineTasks.ceiling(isDouble: false), double: MachineTasks.ceiling(isDouble: true)
    )
    var works: [() throws -> Double] = []
    var peaks: [Int?] = []
    var seconds = [[Double]](repeating: [], count: tasks.count)
    for round in 0..<rounds {
      for (number, task) in tasks.enumerated() {
        progress(round, task.name)
        if round == 0 {
          try task.data()
          let before = MemoryMark()
          let work = try task.prepare()
          // What the caches and the system's memory have to learn.
          _ = try work()
          works.append(work)
          peaks.append(before.risen())
        }
        seconds[number].append(try works[number]())
      }
    }
    let rows = tasks.indices.map { number in
      row(tasks[number], seconds[number], ceiling: ceiling, peak: peaks[number])
    }
    return BenchReport(
      program: "workbench", machine: .this, threads: threads, rounds: rounds,
      peakBytes: MemoryMark.peak(), rows: rows)
  }

  /// The kernels fall back to others where the environment names some that are not there; figures
  /// of those would mislead.
  private func checkVariant() throws(BenchError) {
    if let missing = Provenance.missingKernels { throw BenchError(missing) }
  }

  private func row(
    _ task: BenchTask, _ seconds: [Double], ceiling: (single: Double, double: Double), peak: Int?
  ) -> BenchRow {
    let threads = task.threads ?? threads
    let flops = task.flops?()
    let figures = seconds.map { seconds -> Double in
      switch task.unit {
      case .imagesPerSecond: task.items() / seconds
      case .microseconds: 1e6 * seconds
      case .seconds, .ratio: seconds
      case .gigaflops: (flops ?? 0) / seconds / 1e9
      case .gigabytes: task.items() / seconds / 1e9
      }
    }.sorted()
    let middle = seconds.sorted()[seconds.count / 2]
    let rate = flops.map { $0 / middle / 1e9 }
    return BenchRow(
      name: task.name, unit: task.unit, median: figures[figures.count / 2], low: figures[0],
      high: figures[figures.count - 1], gigaflops: rate,
      ceilingShare: rate.map {
        $0 / ((task.isDouble ? ceiling.double : ceiling.single) * Double(threads))
      },
      peakBytes: peak, threads: threads)
  }
}

extension BenchTask {
  static func all(_ material: Material, threads: Int) -> [BenchTask] {
    MachineTasks.all(threads: threads) + KernelTasks.all + TrainingTasks.all(material)
      + MovingTasks.all(material) + GrowthTasks.all(material) + InferenceTasks.all(material)
      + CurvatureTasks.all(material)
      + SurgeonTasks.all + SwitchTasks.all + IsolationTasks.all(material)
  }
}

extension BenchReport.Machine {
  static var this: BenchReport.Machine {
    let machine = Comparison.Machine.current
    return BenchReport.Machine(
      processor: machine.processor, cores: machine.cores,
      kernels: String(cString: wbk_variant()), algebra: OpenBLAS.core)
  }
}
