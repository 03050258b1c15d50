import StrategyKit

/// Which live weights of a layer go at an update.
enum Drop: String, CaseIterable {
  /// Those closest to zero.
  case magnitude
  /// The share of the positive ones and that of the negative ones closest to zero (SET).
  case signed
}

/// Which places of a layer come to life at an update.
enum Grow: String, CaseIterable {
  case random
  /// Where the dense gradient of a mini-batch is largest (RigL).
  case gradient
  /// Where momentum is largest; layers whose live weights have more of it get more (sparse momentum).
  case momentum
}

/// How the share that moves falls over the updates.
enum Falling: String, CaseIterable { case cosine, constant }

/// Trains a sparse network from the start, and moves connections while it trains.
///
///     k = f(t) · live weights of a layer        f(t) = fraction · (1 + cos(π t / T)) / 2
///     drop the k least of them, grow k where the criterion is largest
///
/// Drop × grow × spread × cadence are options, and published methods are forms of them (`Forms.swift`).
/// With `begin` above 0 the density falls from there to the budget along a cubic, by global magnitude.
///
/// New weights begin at 0, as in the papers; a weight that was just dropped may return with its value,
/// as in RigL. Normalisation stays dense, and biases do where the benchmark does not count them.
///
/// Departs from the papers: T is the last update, whatever their number, and the gradient is that of the
/// mini-batch that comes next, which is then also trained on.
final class DynamicSparse<Form: SparseForm>: UpdatingStrategy {
  static var info: StrategyInfo {
    let form = Form.defaults
    return StrategyInfo(
      id: Form.id, name: Form.name, summary: summary, citation: Form.citation, version: "1.1",
      reads: [.parameters, .mask, .gradient, .momentum], emits: [.maskOff, .maskOn],
      course: .sparse,
      options: [
        .choice("drop", "which live weights go", initial: form.drop),
        .choice("grow", "where weights come to life", initial: form.grow),
        .choice("spread", "how the first ones are spread over layers", initial: form.spread),
        .number(
          "every", "mini-batches from one update to the next; 0: an epoch", initial: form.every,
          in: 0...1_000_000),
        .number(
          "until", "the share of training with updates", initial: form.until, in: 0...1),
        .number(
          "fraction", "the share of a layer's weights that moves; 0: none", initial: form.fraction,
          in: 0...1),
        .choice("falling", "how that share falls", initial: form.falling),
        .number(
          "begin", "the density that falls to the budget; 0: the budget from the start",
          initial: form.begin, in: 0...1),
      ])
  }

  private static var summary: String {
    let form = Form.defaults
    guard Form.id != AnySparse.id else { return "Moves connections while a sparse network trains." }
    return "dynamic-sparse[drop=\(form.drop),grow=\(form.grow),spread=\(form.spread),"
      + "every=\(Int(form.every)),until=\(form.until),fraction=\(form.fraction),"
      + "falling=\(form.falling),begin=\(form.begin)]"
  }

  private let drop: Drop
  private let grow: Grow
  private let spread: Spread
  private let every: Int
  private let until: Double
  private let fraction: Double
  private let falling: Falling
  private let begin: Double
  /// Updates of the period, and those done.
  private var updates = 0
  private var done = 0

  init(options: Options) throws {
    drop = try options.choice("drop")
    grow = try options.choice("grow")
    spread = try options.choice("spread")
    every = try options.integer("every")
    until = try options.number("until")
    fraction = try options.number("fraction")
    falling = try options.choice("falling")
    begin = try options.number("begin")
  }

  func updatePoints(of period: Period, in network: NetworkView) -> UpdatePoints? {
    let distance = every > 0 ? every : period.stepsPerEpoch
    // Before the last step, so that what an update leaves is trained.
    let end = min(Int(until * Double(period.steps)), period.steps - 1)
    (updates, done, startWeights) = (distance > 0 ? max(0, end / distance) : 0, 0, nil)
    guard updates > 0, fraction > 0 || begin > 0 else { return nil }
    return UpdatePoints(every: distance, until: updates * distance)
  }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    let layers = try network.layers.filter { $0.prunableCount > 0 }.map {
      try SparseLayer($0, in: network)
    }
    guard round.step != nil else { return try start(round, layers, in: network, plan: plan) }
    done += 1
    try update(round, layers, in: network, plan: plan)
  }

  // MARK: - The first mask

  private func start(
    _ round: Round, _ layers: [SparseLayer], in network: NetworkView, plan: Plan
  ) throws {
    let all = layers.reduce(0) { $0 + $1.layer.prunableCount }
    let total = min(all, max(round.weightsGoal, Int((begin * Double(all)).rounded())))
    let budgets = spread.budgets(layers.map { Spread.Part($0.layer) }, total: total)
    for (layer, budget) in zip(layers, budgets) {
      let keys = network.random(layer.layer.prunableCount)
      let order = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
      try plan.maskOff(order.dropFirst(budget).sorted(), of: layer.layer)
    }
  }

  // MARK: - Updates

  private func update(
    _ round: Round, _ layers: [SparseLayer], in network: NetworkView, plan: Plan
  ) throws {
    let progress = updates > 0 ? min(1, Double(done) / Double(updates)) : 1
    var kept = layers.map(\.isLive)
    if begin > 0 { thin(&kept, of: layers, to: goal(at: progress, round)) }
    let dropped = layers.indices.map { index in
      let live = kept[index].trueCount
      let count = Int((share(at: progress) * Double(live)).rounded(.down))
      return layers[index].dropped(count, of: kept[index], by: drop)
    }
    for index in layers.indices {
      for position in dropped[index] { kept[index][position] = false }
    }
    let counts = try regrown(dropped.map(\.count), layers, kept, in: network)
    for (index, layer) in layers.enumerated() {
      var live = kept[index]
      for position in try layer.places(counts[index], outside: kept[index], by: grow, in: network) {
        live[position] = true
      }
      let changes = layer.isLive.changes(to: live)
      try plan.maskOff(changes.gone, of: layer.layer)
      try plan.maskOn(changes.come, of: layer.layer)
    }
  }

  private func share(at progress: Double) -> Double {
    switch falling {
    case .constant: fraction
    case .cosine: fraction * (1 + cosine(progress)) / 2
    }
  }

  /// Live weights to leave: along a cubic from `begin` to the budget (Zhu & Gupta 2017).
  private func goal(at progress: Double, _ round: Round) -> Int {
    let all = round.now.weights
    let rest = 1 - progress
    let start = startWeights ?? all
    startWeights = start
    let excess = Double(max(0, start - round.weightsGoal)) * rest * rest * rest
    return round.weightsGoal + Int(excess.rounded(.down))
  }

  /// Live weights before the first update.
  private var startWeights: Int?

  /// Takes away the weights closest to zero, over all layers, until `goal` are left.
  private func thin(_ kept: inout [[Bool]], of layers: [SparseLayer], to goal: Int) {
    let excess = kept.reduce(0) { $0 + $1.count { $0 } } - goal
    guard excess > 0 else { return }
    var places: [(layer: Int, position: Int)] = []
    for layer in layers.indices {
      places += kept[layer].indices.filter { kept[layer][$0] }.map { (layer, $0) }
    }
    let least = smallest(excess, of: Array(places.indices)) { index in
      abs(layers[places[index].layer].values[places[index].position])
    }
    for index in least { kept[places[index].layer][places[index].position] = false }
  }

  /// How many come to life in each layer: as many as went there, or, with momentum, in proportion to its
  /// mean over the layer's live weights.
  private func regrown(
    _ dropped: [Int], _ layers: [SparseLayer], _ kept: [[Bool]], in network: NetworkView
  ) throws -> [Int] {
    guard grow == .momentum else { return dropped }
    let means = try zip(layers, kept).map { layer, kept -> Double in
      let live = kept.indices.filter { kept[$0] }
      guard !live.isEmpty else { return 0 }
      return try network.withValues(of: .momentum, for: layer.layer) { momentum in
        live.reduce(0) { $0 + Double(abs(momentum[$1])) } / Double(live.count)
      }
    }
    let room = kept.map { $0.count { !$0 } }
    return shared(dropped.reduce(0, +), by: means, within: room)
  }
}

/// cos(π x) for x from 0 to 1, to nine digits: a series for a quarter of the angle, doubled twice.
private func cosine(_ x: Double) -> Double {
  let square = x * x * .pi * .pi / 16
  let series = 1 - square / 56 * (1 - square / 90)
  let quarter = 1 - square / 2 * (1 - square / 12 * (1 - square / 30 * series))
  let half = 2 * quarter * quarter - 1
  return 2 * half * half - 1
}

/// `total` in proportion to `weights`, in integers that add up, none above its limit.
func shared(_ total: Int, by weights: [Double], within limits: [Int]) -> [Int] {
  var counts = [Int](repeating: 0, count: weights.count)
  var left = min(total, limits.reduce(0, +))
  while left > 0 {
    let open = counts.indices.filter { counts[$0] < limits[$0] }
    let sum = open.reduce(0) { $0 + weights[$1] }
    let before = left
    let share = left
    for index in open {
      let part = sum > 0 ? Double(share) * weights[index] / sum : Double(share) / Double(open.count)
      let more = min(limits[index] - counts[index], Int(part.rounded(.down)), left)
      counts[index] += more
      left -= more
    }
    if left == before, let first = open.max(by: { (weights[$0], $1) < (weights[$1], $0) }) {
      counts[first] += 1
      left -= 1
    }
  }
  return counts
}
