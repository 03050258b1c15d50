/// What a strategy is, reads and changes, known before an instance exists.
public struct StrategyInfo: Sendable {
  /// The word a user types: lower case letters, digits, `-` and `.`.
  public var id: String
  /// The name on the board.
  public var name: String
  /// One sentence.
  public var summary: String
  /// Where the method was published.
  public var citation: String
  /// The version of this implementation.
  public var version: String
  /// The signals it reads; the host refuses a read of another.
  public var reads: Set<Signal>
  /// The edits its plans hold; the host refuses another.
  public var emits: Set<EditKind>
  /// What a ``ScoringStrategy`` scores.
  ///
  /// A ``BlockScoringStrategy`` scores blocks, whatever it says.
  public var granularity: Granularity
  /// Whether scores rank only within a layer, so that every layer loses the same share.
  public var localScores: Bool
  /// Whether the scores of weights are the rises of the mean training loss that their removal is expected
  /// to cost.
  ///
  /// The host then adds up those of what it prunes, and holds the sum against the rise that came of it.
  public var lossScores: Bool
  /// What a network must have for the strategy to be run on it.
  public var needs: Set<Need>
  /// How it moves through sizes.
  public var course: Course
  /// What a user may set.
  public var options: [Option]

  /// Describes a strategy.
  ///
  /// - Parameters:
  ///   - id: the word a user types.
  ///   - name: the name on the board.
  ///   - summary: one sentence.
  ///   - citation: where the method was published.
  ///   - version: the version of this implementation.
  ///   - reads: the signals it reads.
  ///   - emits: the edits its plans hold.
  ///   - granularity: what it scores.
  ///   - localScores: whether scores rank only within a layer.
  ///   - lossScores: whether scores of weights are expected rises of the loss.
  ///   - needs: what a network must have.
  ///   - course: how it moves through sizes.
  ///   - options: what a user may set.
  public init(
    id: String, name: String, summary: String, citation: String = "unpublished",
    version: String = "1.0", reads: Set<Signal> = [], emits: Set<EditKind> = [],
    granularity: Granularity = .weights, localScores: Bool = false, lossScores: Bool = false,
    needs: Set<Need> = [],
    course: Course = .prune, options: [Option] = []
  ) {
    self.id = id
    self.name = name
    self.summary = summary
    self.citation = citation
    self.version = version
    self.reads = reads
    self.emits = emits
    self.granularity = granularity
    self.localScores = localScores
    self.lossScores = lossScores
    self.needs = needs
    self.course = course
    self.options = options
  }
}

/// What a score belongs to.
public enum Granularity: Sendable {
  /// Each of a layer's prunable weights.
  case weights
  /// Each unit of a layer: a neuron, or a channel of a convolution.
  case units
}

/// What a network must have for a strategy to be run on it.
public enum Need: Sendable {
  /// At least one convolution.
  case convolutions
  /// At least one residual block.
  case blocks
}

/// How a strategy moves through sizes. All are shown as many samples before a point at a budget.
public enum Course: Sendable {
  /// From the trained dense network through falling budgets: one run visits all of them.
  case prune
  /// From the benchmark's small seed network, untrained, up to the budget: a run a budget.
  case grow
  /// From the untrained dense network, of which the first round leaves the budget; connections may
  /// move while it trains. A run a budget.
  case sparse
  /// From the seed network; the size of the dense one is a ceiling, and the strategy decides. One
  /// run.
  case free

  var number: wb_course {
    switch self {
    case .prune: WB_COURSE_PRUNE
    case .grow: WB_COURSE_GROW
    case .sparse: WB_COURSE_SPARSE
    case .free: WB_COURSE_FREE
    }
  }
}
