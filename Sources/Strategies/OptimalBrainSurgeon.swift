import StrategyKit

/// Removes the weight whose loss costs least once all the others have made up for it, and repeats.
///
///     loss of removing q = w_q² / (2 [H⁻¹]_qq),  δw = −(w_q / [H⁻¹]_qq) H⁻¹ e_q
///
/// B. Hassibi, D. Stork: Second order derivatives for network pruning: Optimal Brain Surgeon.
/// NIPS 5, 1993, pages 164–171. Row by row: E. Frantar, D. Alistarh: Optimal Brain Compression.
/// NeurIPS 2022, arXiv:2208.11580, section 4.
///
/// Departs from the papers:
/// - H is damped by `damping` · mean(diagonal); the 1993 paper starts its recursion from a small
///   multiple of the identity. A hundredth is what the 2022 paper's successors use; far less lets
///   directions that the samples say nothing of decide. It stops at the budget, not at a bound on
///   the loss.
/// - `method=exact` takes the inverse over all live parameters once a round, 8 n² bytes, and n
///   removals of O(n²). `method=auto` chooses it where twice that fits the memory that the host
///   allows, but no more than 1 GiB, since the time grows with n³.
/// - `method=row` treats every unit's weights alone, with the second moment of the layer's inputs
///   as H. The 2022 paper measures the error of the layer's output, which cannot be compared
///   between layers, and sets each layer's share otherwise. Here a unit's losses are multiplied by
///   the curvature of the loss in its pre-activation, so that one threshold holds everywhere.
final class OptimalBrainSurgeon: ProposingStrategy {
  enum Method: String, CaseIterable {
    case auto, exact, row
  }

  static let info = StrategyInfo(
    id: "obs", name: "Optimal Brain Surgeon",
    summary: "Removes weights by the inverse curvature and adjusts the others.",
    citation: "Hassibi & Stork 1993, NIPS 5, pages 164-171; Frantar & Alistarh 2022, "
      + "arXiv:2208.11580",
    reads: [.parameters, .mask, .inverseHessian, .inputMoment, .outputCurvature],
    emits: [.maskOff, .setWeights],
    options: [
      .choice("method", "all weights at once, or unit by unit", initial: Method.auto),
      .number(
        "damping", "what is added to the diagonal, relative to its mean", initial: 1e-2,
        in: 0...1000),
    ])

  private static let largestAutomaticMatrix = 1 << 30

  private let method: Method
  private let damping: Double
  /// What was logged last of the method.
  private var announced: Announcement?

  private struct Announcement: Equatable {
    var isExact: Bool
    var layers: [UInt64]
  }

  init(options: Options) throws {
    method = try options.choice("method")
    damping = try options.number("damping")
  }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    guard round.weightsToRemove > 0 else { return }
    let layers = try network.layers.map { try LayerParameters($0, in: network) }
    let live = layers.reduce(0) { $0 + $1.candidates.count }
    guard live > 0 else { throw SkipStrategy("the network has no live prunable weights") }
    let removals = min(round.weightsToRemove, live)

    let isExact = try isExact(for: live, in: network)
    announce(isExact, layers.filter { !$0.candidates.isEmpty }, live, in: network)
    if isExact {
      try proposeExact(removals, of: live, from: layers, in: network, plan: plan)
    } else {
      try RowSurgery(damping: damping, algebra: network.linearAlgebra())
        .propose(removals, from: layers, in: network, plan: plan)
    }
  }

  /// Says how and at what cost, once for as long as the method and its layers are the same: the
  /// weights and bytes only fall from there.
  private func announce(
    _ isExact: Bool, _ layers: [LayerParameters], _ live: Int, in network: NetworkView
  ) {
    let new = Announcement(isExact: isExact, layers: layers.map(\.layer.id))
    guard new != announced else { return }
    announced = new
    network.log(
      isExact
        ? "obs: exact over \(live) weights, in \(bytes(live)) bytes"
        : "obs: row-wise over \(layers.count) layers; exact over all \(live) weights would take "
          + "\(bytes(live)) bytes")
  }

  /// The inverse, and as much again for the host that builds it.
  private func bytes(_ live: Int) -> Int {
    let (square, overflows) = live.multipliedReportingOverflow(by: live)
    return overflows || square > Int.max / 16 ? .max : 16 * square
  }

  private func isExact(for live: Int, in network: NetworkView) throws -> Bool {
    let needed = bytes(live)
    let limit = network.memoryLimit ?? .max
    switch method {
    case .row: return false
    case .exact:
      guard needed <= limit else {
        throw SkipStrategy(
          "method=exact needs \(needed) bytes for \(live) weights and the limit is \(limit): "
            + "use method=row")
      }
      return true
    case .auto:
      return needed <= min(limit, OptimalBrainSurgeon.largestAutomaticMatrix)
    }
  }

  private func proposeExact(
    _ removals: Int, of live: Int, from layers: [LayerParameters], in network: NetworkView,
    plan: Plan
  ) throws {
    let weights = layers.flatMap { layer in layer.candidates.map { Double(layer.values[$0]) } }
    var elimination = SurgicalElimination(
      inverse: try inverse(of: live, in: network), weights: weights,
      isCandidate: [Bool](repeating: true, count: live), algebra: try network.linearAlgebra())
    for _ in 0..<removals { _ = try elimination.removeCheapest() }

    var adjusted = [Double?](repeating: nil, count: live)
    for (position, weight) in elimination.survivors { adjusted[position] = weight }
    var start = 0
    for layer in layers {
      let count = layer.candidates.count
      let part = zip(layer.candidates, adjusted[start..<start + count])
      try plan.emit(
        removed: part.filter { $1 == nil }.map(\.0),
        kept: part.compactMap { position, weight in weight.map { (position, Float($0)) } },
        of: layer.layer)
      start += count
    }
  }

  /// The inverse over the live parameters, with as little damping more as it takes.
  private func inverse(of live: Int, in network: NetworkView) throws -> Matrix {
    let inverse = try network.inverseHessian(size: live, damping: damping)
    if inverse.damping > damping {
      network.log("obs: the damping had to be raised to \(inverse.damping)", isWarning: true)
    }
    return inverse.matrix
  }
}

/// A layer's parameters, and which of them a surgeon may remove.
struct LayerParameters {
  let layer: Layer
  let values: [Float]
  let mask: [Float]
  /// The live prunable positions, in order.
  let candidates: [Int]

  init(_ layer: Layer, in network: NetworkView) throws {
    self.layer = layer
    values = try network.values(of: .parameters, for: layer)
    let mask = try network.values(of: .mask, for: layer)
    self.mask = mask
    candidates = (0..<layer.prunableCount).filter { mask[$0] != 0 }
  }
}

extension Plan {
  /// Masks what was removed from a layer and sets what was kept; nothing when all was kept.
  func emit(removed: [Int], kept: [(position: Int, weight: Float)], of layer: Layer) throws {
    if let odd = kept.first(where: { !$0.weight.isFinite }) {
      throw StrategyError(
        "weight \(odd.position) of '\(layer.name)' became \(odd.weight): raise the option 'damping'"
      )
    }
    try maskOff(removed, of: layer)
    try setWeights(kept.map(\.position), of: layer, to: kept.map(\.weight))
  }
}
