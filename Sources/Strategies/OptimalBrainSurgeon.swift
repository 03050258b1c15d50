import StrategyKit

/// Removes the weight whose loss costs least once all the others have made up for it, and repeats.
///
///     loss of removing q = w_q² / (2 [H⁻¹]_qq),  δw = −(w_q / [H⁻¹]_qq) H⁻¹ e_q
///
/// B. Hassibi, D. Stork: Second order derivatives for network pruning: Optimal Brain Surgeon.
/// NIPS 5, 1993, pages 164–171. Row by row: E. Frantar, D. Alistarh: Optimal Brain Compression.
/// NeurIPS 2022, arXiv:2208.11580, section 4. In blocks: S. P. Singh, D. Alistarh: WoodFisher.
/// NeurIPS 2020, arXiv:2004.14340.
///
/// Departs from the papers:
/// - H is damped by `damping` · mean(diagonal); the 1993 paper starts its recursion from a small
///   multiple of the identity. A hundredth is what the 2022 paper's successors use; far less lets
///   directions that the samples say nothing of decide. It stops at the budget, not at a bound on
///   the loss.
/// - `method=exact` works over all live parameters; see `ExactSurgery` for what it departs in.
/// - `method=row` treats every unit's weights alone, with the second moment of the layer's inputs
///   as H. The 2022 paper measures the error of the layer's output, which cannot be compared
///   between layers, and sets each layer's share otherwise. Here a unit's losses are multiplied by
///   the curvature of the loss in its pre-activation, so that one threshold holds everywhere.
/// - `method=fisher` has the empirical Fisher matrix of blocks of weights as H; see `FisherProblem`.
/// - `method=auto` is exact where an estimate of the round's operations is small, whatever the
///   machine: that is so for networks of some thousand weights.
final class OptimalBrainSurgeon: ProposingStrategy {
  enum Method: String, CaseIterable {
    case auto, exact, row, fisher
  }

  static let info = StrategyInfo(
    id: "obs", name: "Optimal Brain Surgeon",
    summary: "Removes weights by the inverse curvature and adjusts the others.",
    citation: "Hassibi & Stork 1993, NIPS 5, pages 164-171; Frantar & Alistarh 2022, "
      + "arXiv:2208.11580; Singh & Alistarh 2020, arXiv:2004.14340",
    version: "1.2",
    reads: [
      .parameters, .mask, .gaussNewtonDiagonal, .inverseHessian, .inputMoment, .outputCurvature,
      .fisherDiagonal, .inputs, .outputGradients, .sampleGradients,
    ],
    emits: [.maskOff, .setWeights],
    options: [
      .choice("method", "all weights at once, unit by unit, or in blocks", initial: Method.auto),
      .number(
        "damping", "what is added to the diagonal, relative to its mean", initial: 1e-2,
        in: 1e-8...1000),
      .number("block", "the weights of a block, with method=fisher", initial: 50, in: 1...1024),
    ])

  private let method: Method
  private let damping: Double
  private let block: Int
  /// What was logged last of the method.
  private var announced: Announcement?

  private struct Announcement: Equatable {
    var method: Method
    var layers: [UInt64]
  }

  init(options: Options) throws {
    method = try options.choice("method")
    damping = try options.number("damping")
    block = try options.integer("block")
  }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    guard round.weightsToRemove > 0 else { return }
    let layers = try network.layers.map { try LayerParameters($0, in: network) }
    let live = layers.reduce(0) { $0 + $1.candidates.count }
    guard live > 0 else { throw SkipStrategy("the network has no live prunable weights") }
    let removals = min(round.weightsToRemove, live)

    let exact = ExactSurgery(damping: damping, removals: removals, of: live)
    var method = method
    if method == .auto {
      let parameters = layers.reduce(0) { $0 + $1.values.count }
      method = exact.isQuick(parameters: parameters) ? .exact : .row
    }
    if method == .exact { try checkMemory(exact, in: network) }
    announce(method, layers.filter { !$0.candidates.isEmpty }, exact, in: network)
    let algebra = try network.linearAlgebra()
    switch method {
    case .auto, .exact: try exact.propose(from: layers, in: network, plan: plan)
    case .row:
      try RowSurgery {
        try RowProblem($0, damping: self.damping, algebra: algebra, in: network)
      }.propose(removals, from: layers, plan: plan)
    case .fisher:
      try RowSurgery {
        try FisherProblem(
          $0, size: self.block, damping: self.damping, algebra: algebra, in: network)
      }.propose(removals, from: layers, plan: plan)
    }
  }

  private func checkMemory(_ exact: ExactSurgery, in network: NetworkView) throws {
    guard let limit = network.memoryLimit, exact.bytes > limit else { return }
    throw SkipStrategy(
      "exact surgery on \(exact.live) weights needs \(byteText(exact.bytes)), 24 bytes for each pair "
        + "of weights, and there are \(byteText(limit)): use method=row")
  }

  /// Says how and at what cost, once for as long as the method and its layers are the same: the
  /// weights and bytes only fall from there.
  private func announce(
    _ method: Method, _ layers: [LayerParameters], _ exact: ExactSurgery, in network: NetworkView
  ) {
    let new = Announcement(method: method, layers: layers.map(\.layer.id))
    guard new != announced else { return }
    announced = new
    let otherwise = "exact over all \(exact.live) weights would take \(byteText(exact.bytes))"
    switch method {
    case .auto, .exact:
      network.log("obs: exact over \(exact.live) weights, in \(byteText(exact.bytes))")
    case .row: network.log("obs: row-wise over \(layers.count) layers; \(otherwise)")
    case .fisher:
      network.log("obs: in blocks of \(block) over \(layers.count) layers; \(otherwise)")
    }
  }
}

/// An amount of memory in the largest unit that it reaches, with one decimal.
private func byteText(_ bytes: Int) -> String {
  var amount = Double(bytes)
  var units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"][...]
  while amount >= 999.95, units.count > 1 {
    amount /= 1000
    units.removeFirst()
  }
  return "\((amount * 10).rounded() / 10) \(units.first ?? "")"
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
