import Numerics

/// What a quantity does with a batch that an executor has run forward.
struct BatchWork {
  /// Adds the batch's part to zeroed sums, one a parameter, and returns the factor that they count with.
  let sum: (_ share: Double, _ batchSums: UnsafeMutablePointer<Float>) -> Double
  /// Takes over what else came of the batch, in the order of the batches.
  var finish: () -> Void = {}
}

extension BatchedCurvature {
  /// The sum over batches of what their work adds to the zeroed vector, times the factor it returns.
  ///
  /// Where layers are small, each thread has batches of its own in place of parts of every layer. Sums are
  /// added in the order of the batches, so the bits are the same.
  ///
  /// - Parameter work: Makes the work for batches that the given executor has run forward.
  func accumulate(_ work: (Executor) -> BatchWork) -> [Double] {
    let count = network.layout.count
    var sums = [Double](repeating: 0, count: count)
    guard let workers = workers(work) else {
      let own = BatchWorker(executor, work(executor), sums: count)
      forEachBatch { share in
        own.sum(share)
        own.add(to: &sums, executor.team)
      }
      return sums
    }
    let batches = batches
    for first in stride(from: 0, to: batches.count, by: workers.count) {
      let present = min(workers.count, batches.count - first)
      executor.team.run(present) { number in
        let batch = batches[first + number]
        workers[number].executor.load(samples, rows: batch)
        workers[number].executor.forward(mode: .inference)
        workers[number].sum(share(of: batch))
      }
      for worker in workers[..<present] { worker.add(to: &sums, executor.team) }
    }
    return sums
  }

  /// The parameters of all threads' executors beyond which they share one: each has them several times over.
  private static let mostParameters = 16 << 20

  /// One for each thread, where each can have batches of its own.
  private func workers(_ work: (Executor) -> BatchWork) -> [BatchWorker]? {
    let threads = min(executor.team.threads, batches.count)
    guard threads > 1, kept.isEmpty, network.layout.count <= Self.mostParameters / threads,
      network.graph.layouts.allSatisfy({ $0 == .flat })
    else { return nil }
    return (0..<threads).map { _ in
      let alone = Executor(
        graph: network.graph, capacity: executor.capacity, team: Team(threads: 1))
      alone.adopt(network)
      return BatchWorker(alone, work(alone), sums: network.layout.count)
    }
  }
}

/// An executor with a quantity's work and the sums of one batch.
private final class BatchWorker {
  let executor: Executor
  private let work: BatchWork
  private let batchSums: FloatBuffer
  private var factor = 0.0

  init(_ executor: Executor, _ work: BatchWork, sums count: Int) {
    self.executor = executor
    self.work = work
    batchSums = FloatBuffer(count: count)
  }

  /// Sums over the batch that the executor has run forward.
  func sum(_ share: Double) {
    batchSums.fill(batchSums.count)
    factor = work.sum(share, batchSums.pointer)
  }

  /// Adds them to the sums over batches.
  func add(to sums: inout [Double], _ team: Team) {
    let (factor, batchSums) = (factor, batchSums.pointer)
    sums.withUnsafeMutableBufferPointer { sums in
      guard let sums = sums.baseAddress else { return }
      team.share(self.batchSums.count, bytes: 20 * self.batchSums.count) { range in
        for index in range { sums[index] += factor * Double(batchSums[index]) }
      }
    }
    work.finish()
  }
}
