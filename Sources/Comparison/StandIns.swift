package import Networks

extension Worker {
  package static func pluggedStrategy(_ job: WorkerJob) throws -> any CellStrategy {
    throw CellFailure(.skipped, "there are no strategies yet")
  }
}

extension Network {
  package func compacted() -> Surgery {
    Surgery(network: self, origin: (0..<Int32(layout.count)).map { $0 })
  }
}
