import PluginHost

/// Another start for the structure that a strategy found: a row of its own that tells what the
/// structure is worth without the way to it.
///
/// Every control is shown as many samples as the strategy was, unless its name says otherwise. None
/// needs the strategy: it is told what is live, and nothing else.
///
/// Z. Liu et al.: Rethinking the Value of Network Pruning. ICLR 2019, arXiv:1810.05270. J. Su et al.:
/// Sanity-Checking Pruning Methods. NeurIPS 2020, arXiv:2009.11094. J. Frankle, M. Carbin: The Lottery
/// Ticket Hypothesis. ICLR 2019, arXiv:1803.03635.
package enum Control: String, Codable, Hashable, Sendable, CaseIterable {
  /// The compacted network with fresh weights, each unit's by the weights that it has.
  case scratch
  /// The same, trained for as many operations as the strategy took, the dense network's included.
  case scratchOperations = "scratch-flops"
  /// As many live weights in each layer, elsewhere; fresh weights.
  case shuffled
  /// The same live weights; fresh ones, drawn as the dense network's.
  case reinit
  /// The same live weights, with the values that they had early in the dense network's training.
  case rewind
  /// The benchmark's network with all layers narrower, and at most as many weights. Of strategies that
  /// choose the size alone: the size of others is asked for, and the strategy of this name has it.
  case smallDense = "small-dense"

  /// One line, for lists.
  package var summary: String {
    switch self {
    case .scratch: "the structure, compacted, from fresh weights"
    case .scratchOperations: "scratch, trained for as many operations as the strategy took"
    case .shuffled: "as many live weights in each layer, elsewhere, from fresh weights"
    case .reinit: "the same live weights, from fresh values"
    case .rewind: "the same live weights, from their values early in the dense training"
    case .smallDense: "a dense network of as many weights, for strategies that choose their size"
    }
  }

  /// Whether a strategy on a course has this control.
  func isFor(_ course: StrategyEntry.Course?) -> Bool { self != .smallDense || course == .free }

  /// Whether it starts from what ``Store`` keeps of the dense network's training.
  var rewinds: Bool { self == .rewind }
}
