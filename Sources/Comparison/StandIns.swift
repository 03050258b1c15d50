
extension Worker {
  package static func pluggedStrategy(_ job: WorkerJob) throws -> any CellStrategy {
    throw CellFailure(.skipped, "there are no strategies yet")
  }
}
