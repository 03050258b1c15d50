/// Thrown by a strategy that cannot act on the network it was given.
///
/// The host then leaves the pair out with the reason, which is not counted as a failure.
public struct SkipStrategy: Error, CustomStringConvertible {
  /// Why, in words.
  public let reason: String

  /// Leaves this network out.
  ///
  /// - Parameter reason: why, in words for the user.
  public init(_ reason: String) { self.reason = reason }

  /// The reason.
  public var description: String { reason }
}

/// Thrown by a strategy that failed, with a sentence for the user.
public struct StrategyError: Error, CustomStringConvertible {
  /// What was wanted, what was found, and what to do.
  public let description: String

  /// A failure in words.
  ///
  /// - Parameter description: what was wanted, what was found, and what to do.
  public init(_ description: String) { self.description = description }
}

/// Thrown when the host refused a call.
public struct HostError: Error, CustomStringConvertible {
  /// What was asked, in words.
  public let call: String
  /// The host's answer, passed on as this strategy's own.
  public let status: wb_status

  /// The refusal in words.
  public var description: String {
    switch status {
    case WB_UNSUPPORTED: "the host does not support this: \(call)"
    case WB_CANCELLED: "cancelled by the host: \(call)"
    case WB_SKIPPED: "skipped by the host: \(call)"
    default: "refused by the host: \(call) (status \(status))"
    }
  }
}
