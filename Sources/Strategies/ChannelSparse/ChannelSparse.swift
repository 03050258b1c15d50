import StrategyKit

/// Trains with a part of the connections between channels from the start.
///
///     connections of a layer, in a random order that is drawn once:
///     open are the first ones, as many as the layer's share of the budget has weights for
///
/// S. Changpinyo, M. Sandler, A. Zhmoginov: The Power of Sparsity in Convolutional Neural Networks. 2017,
/// arXiv:1702.06257.
///
/// The pattern is fixed, or grows: with `begin` below 1 that share of the budget is open at first, and
/// updates open the next connections of the same order, until all of the budget is open at the share
/// `until` of training. Weights that are opened begin at 0.
///
/// Departs from the paper: it leaves the last layers dense and states the share of connections that are
/// kept, where here a budget of weights is met over all layers, dense ones included. As a connection
/// opens whole, up to one a layer is missing to the budget.
final class ChannelSparse: UpdatingStrategy {
  static let info = StrategyInfo(
    id: "channel-sparse", name: "Channel-wise Sparse",
    summary: "Trains with a random part of the connections between channels.",
    citation: "Changpinyo et al. 2017, arXiv:1702.06257", emits: [.maskOff, .maskOn],
    course: .sparse,
    options: [
      .choice("spread", "how weights are spread over layers", initial: Spread.uniform),
      .number(
        "begin", "the share of the budget that is open at first", initial: 1, in: 0.01...1),
      .number("until", "the share of training with updates", initial: 0.5, in: 0.01...1),
    ])

  /// Updates of a period that open connections, in one that has as many steps.
  private static let mostUpdates = 10

  private let spread: Spread
  private let begin: Double
  private let until: Double
  /// Updates of the period, and those done.
  private var updates = 0
  private var done = 0
  /// By the id of a layer: its connections in the order in which they open.
  private var orders: [UInt64: [Int]] = [:]
  /// How many of them are open.
  private var open: [UInt64: Int] = [:]

  init(options: Options) throws {
    spread = try options.choice("spread")
    begin = try options.number("begin")
    until = try options.number("until")
  }

  func updatePoints(of period: Period, in network: NetworkView) throws -> UpdatePoints? {
    done = 0
    guard begin < 1 else { return nil }
    // Before the last step, so that what an update opens is trained.
    let end = min(Int(until * Double(period.steps)), period.steps - 1)
    updates = min(Self.mostUpdates, end)
    guard updates > 0 else {
      throw SkipStrategy(
        "no connection can be opened in the first \(until) of \(period.steps) mini-batches")
    }
    let distance = end / updates
    return UpdatePoints(every: distance, until: distance * updates)
  }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    let layers = try network.layers.filter { $0.prunableCount > 0 }.map {
      try ChannelConnections($0, in: network)
    }
    if round.step == nil {
      (orders, open) = ([:], [:])
      for layer in layers {
        let keys = network.random(layer.count)
        orders[layer.layer.id] = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
      }
    } else {
      done += 1
    }
    let progress = round.step == nil ? 0 : Double(done) / Double(max(1, updates))
    let share = begin + (1 - begin) * progress
    // Every layer has a connection.
    let parts = layers.map { Spread.Part($0.layer, bounds: $0.least...$0.layer.prunableCount) }
    let least = layers.reduce(0) { $0 + $1.least }
    guard round.weightsGoal >= least else {
      throw SkipStrategy(
        "one connection a layer takes \(least) weights, and the goal is \(round.weightsGoal)")
    }
    let budgets = spread.budgets(
      parts, total: max(least, Int((min(1, share) * Double(round.weightsGoal)).rounded())))
    for (layer, budget) in zip(layers, budgets) {
      try open(layer, upTo: budget, plan: plan, isFirst: round.step == nil)
    }
  }

  /// Opens the next connections of a layer as long as they fit, at least one.
  private func open(
    _ layer: ChannelConnections, upTo budget: Int, plan: Plan, isFirst: Bool
  ) throws {
    let id = layer.layer.id
    guard let order = orders[id] else { return }
    let before = open[id] ?? 0
    var left = budget - layer.biases
    var end = 0
    for connection in order {
      left -= layer.weights(of: connection).count
      guard left >= 0 || end == 0 else { break }
      end += 1
    }
    end = max(end, before)
    open[id] = end
    if isFirst {
      let closed = order[end...].flatMap { Array(layer.weights(of: $0)) }
      try plan.maskOff(closed.sorted(), of: layer.layer)
    } else {
      let opened = order[before..<end].flatMap { Array(layer.weights(of: $0)) }
      if !opened.isEmpty { try plan.maskOn(opened.sorted(), of: layer.layer) }
    }
  }
}
