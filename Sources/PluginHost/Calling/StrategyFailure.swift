/// Why a strategy's cell ends here.
package struct StrategyFailure: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Status: String, Hashable, Sendable {
    /// The strategy cannot act on this network, and says so.
    case skipped
    /// The strategy failed, or did what the interface does not allow.
    case invalid
    /// What it proposes leaves a layer with nothing.
    case collapsed
    /// What it asked for is more than the memory it may take.
    case memory
    /// Its process ended.
    case crashed
    /// It took more time by itself than it may.
    case timeout
    /// The system had no process for it.
    case stopped
  }

  package let status: Status
  /// In words: who did what, and where.
  package let reason: String

  package init(_ status: Status, _ reason: String) {
    self.status = status
    self.reason = reason
  }

  package var description: String { "\(status.rawValue): \(reason)" }
}
