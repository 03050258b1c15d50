package import Networks
package import Numerics
package import PluginHost

/// A strategy at work on one cell: the door between the protocol of a comparison and what is
/// compared.
package protocol CellStrategy: AnyObject {
  /// How it moves through sizes.
  var course: StrategyEntry.Course { get }

  /// Why it has no result with so many live weights of the dense network, in words; nil where nothing
  /// speaks against one.
  func obstacle(to goal: Int, from dense: Network) -> String?

  /// When it proposes inside a training period that is about to begin; nil for not at all.
  ///
  /// - Throws: ``CellFailure`` with the status the cell ends with.
  func updatePoints(of period: PeriodOutline, in network: Network) throws -> UpdatePoints?

  /// What acts within the fine-tuning of a network, if anything does.
  func hooks(for network: Network) -> (any TrainingHooks)?

  /// Lines logged so far.
  var log: [String] { get }

  /// Prunes, grows or rewrites the network for one round.
  ///
  /// - Returns: The network after surgery with the origins of its parameters, and the time that
  ///   deciding took.
  /// - Throws: ``CellFailure`` with the status the cell ends with.
  func change(_ task: RoundTask) throws -> RoundOutcome
}

extension CellStrategy {
  package var course: StrategyEntry.Course { .prune }

  package func obstacle(to goal: Int, from dense: Network) -> String? { nil }

  package func updatePoints(of period: PeriodOutline, in network: Network) -> UpdatePoints? { nil }
}

/// What a strategy made of a network in one round.
package struct RoundOutcome {
  package var surgery: Surgery
  /// Collecting what the strategy reads, scoring and proposing; checking and applying are the
  /// host's.
  package var scoreSeconds: Double
  /// What measuring took, as ``TrainingCost/operations`` counts.
  package var operations: Double
  package var proposal: Proposal
  /// The loss before surgery on the samples of the round, where it was measured.
  package var loss: Double?

  package init(
    surgery: Surgery, scoreSeconds: Double, operations: Double = 0,
    proposal: Proposal = Proposal(), loss: Double? = nil
  ) {
    self.surgery = surgery
    self.scoreSeconds = scoreSeconds
    self.operations = operations
    self.proposal = proposal
    self.loss = loss
  }
}

/// What a strategy is given in one round.
package struct RoundTask {
  package var round: Round
  package var network: Network
  /// The training samples that quantities are computed over: the same in every round and for every
  /// strategy; at an update point those of the mini-batch that comes next.
  package var samples: Samples
  package var loss: Loss
  /// At an update point what momentum has gathered.
  package var momentum: (() -> [Float])?
}

/// Why a cell ends before its last point.
package struct CellFailure: Error, Equatable {
  package let status: CellStatus
  package let reason: String

  package init(_ status: CellStatus, _ reason: String) {
    self.status = status
    self.reason = reason
  }
}
