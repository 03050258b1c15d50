/// A way to prune or grow networks, as one type.
///
/// A type conforms to this protocol through the smaller ones that say what it does:
///
/// - ``ScoringStrategy`` ranks weights or units, and the host prunes the lowest;
/// - ``BlockScoringStrategy`` ranks residual blocks;
/// - ``ProposingStrategy`` chooses the changes itself;
/// - ``UpdatingStrategy`` does so inside training periods, too;
/// - ``StepBeginningStrategy`` and ``StepEndingStrategy`` act inside training.
///
/// The host is told of exactly the ones that the type conforms to. A type that conforms to
/// `Strategy` alone changes nothing, which is what a control does.
///
/// Instances are used by one thread at a time. A strategy that keeps state from one call to the
/// next is a `final class`; the others are structs.
public protocol Strategy: SendableMetatype {
  /// What the host needs to know before it makes an instance.
  static var info: StrategyInfo { get }

  /// Makes an instance from the values of the options that `info` declares.
  ///
  /// - Parameter options: one checked value for every declared option.
  /// - Throws: any error; its description reaches the user.
  init(options: Options) throws
}

/// A strategy that says what each weight or unit of a layer is worth.
public protocol ScoringStrategy: Strategy {
  /// The worth of a layer's weights or units, by the granularity in `info`. Higher stays longer.
  ///
  /// Scores are compared across layers unless `info` says that they are local. Scoring changes
  /// nothing, in the network or in the strategy. The scores of masked weights are not looked at.
  ///
  /// - Parameters:
  ///   - layer: the layer to score.
  ///   - network: the network it belongs to, until this function returns.
  /// - Returns: `layer.prunableCount` finite scores for weights, `layer.unitCount` for units.
  /// - Throws: any error, and ``SkipStrategy`` where the strategy cannot act on this network.
  func scores(of layer: Layer, in network: NetworkView) throws -> [Float]
}

/// A strategy that says what each residual block is worth.
///
/// Its granularity is blocks.
public protocol BlockScoringStrategy: Strategy {
  /// The worth of every residual block, in the order of `network.blocks`. Higher stays longer.
  ///
  /// - Parameter network: the network, until this function returns.
  /// - Returns: one finite score a block.
  /// - Throws: any error, and ``SkipStrategy`` where the strategy cannot act on this network.
  func blockScores(in network: NetworkView) throws -> [Float]
}

/// A strategy that chooses the changes of a round itself.
public protocol ProposingStrategy: Strategy {
  /// Adds the changes of this round to the plan. The host applies all of them or none.
  ///
  /// - Parameters:
  ///   - round: the size of the network and the goal.
  ///   - network: the network as it is, until this function returns.
  ///   - plan: where the changes go.
  /// - Throws: any error, and ``SkipStrategy`` where the strategy cannot act on this network.
  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws
}

/// A strategy that proposes inside training periods, too.
///
/// There the learning rate and the optimiser's state go on; nothing is evaluated.
public protocol UpdatingStrategy: ProposingStrategy {
  /// When `propose` is called in the period that follows; nil for not at all.
  ///
  /// - Parameters:
  ///   - period: the period.
  ///   - network: the structure of the network, until this function returns.
  /// - Throws: any error.
  func updatePoints(of period: Period, in network: NetworkView) throws -> UpdatePoints?
}

/// A strategy that acts before each mini-batch of training.
public protocol StepBeginningStrategy: Strategy {
  /// Decides which residual blocks take part in the mini-batch that follows.
  ///
  /// - Parameters:
  ///   - step: the place in the training period.
  ///   - network: the network, until this function returns.
  ///   - gates: the factor of each block's branch in this mini-batch, 1 on entry; 0 skips it.
  /// - Throws: any error.
  func beginStep(_ step: Step, in network: NetworkView, gates: inout MutableSpan<Float>) throws
}

/// A strategy that acts after each mini-batch of training.
public protocol StepEndingStrategy: Strategy {
  /// Changes the parameters after the optimiser did.
  ///
  /// - Parameters:
  ///   - step: the place in the training period.
  ///   - network: the network, until this function returns.
  ///   - parameters: the flat parameter vector, see ``Layer/parameterOffset``. Masked positions
  ///     return to 0 whatever is written.
  /// - Throws: any error.
  func endStep(_ step: Step, in network: NetworkView, parameters: inout MutableSpan<Float>) throws
}
