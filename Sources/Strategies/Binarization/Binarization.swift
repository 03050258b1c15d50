import StrategyKit

/// Leaves of each weight its sign, with one magnitude for all that lead into a unit.
///
///     w = α · sign(v),  α = mean of |v| over the live weights of a unit
///     step of training:  v ← v + what the optimiser added to w
///     round:             the |v| closest to zero go
///
/// M. Courbariaux, Y. Bengio, J.-P. David: BinaryConnect: Training Deep Neural Networks with binary weights
/// during propagations. NIPS 2015, arXiv:1511.00363, algorithm 1. I. Hubara, M. Courbariaux, D. Soudry,
/// R. El-Yaniv, Y. Bengio: Binarized Neural Networks. NIPS 2016, arXiv:1602.02830. M. Rastegari, V. Ordonez,
/// J. Redmon, A. Farhadi: XNOR-Net: ImageNet Classification Using Binary Convolutional Neural Networks. ECCV
/// 2016, arXiv:1603.05279, section 3.1, which has the magnitude.
///
/// Gradients are those at binary weights, and they move the latent weights v (`LatentWeights`): the
/// straight-through estimator. The network is binary from the round on and behind every step; biases and
/// normalisation stay numbers.
///
/// Departs from the papers:
/// - It begins with a trained network and meets a budget of weights.
/// - Latent weights have no bound. The papers keep them between −1 and 1, since w = ±1 does not know how
///   large v is. Here α does: while no sign changes, steps of v move α down its own gradient, at a rate of
///   1 over the number of weights that share it, and a bound would stop that.
/// - Activations stay real: a network of layers of signs has them binary, too.
final class Binarization: ProposingStrategy, StepEndingStrategy {
  /// Which weights share a magnitude.
  enum Scale: String, CaseIterable {
    case unit, layer
  }

  /// Which layers keep their weights as numbers.
  enum Real: String, CaseIterable {
    case none, last, ends
  }

  static let info = StrategyInfo(
    id: "binarize", name: "Binarization",
    summary: "Leaves of each weight its sign, with one magnitude a unit.",
    citation: "Courbariaux et al. 2015, arXiv:1511.00363; Rastegari et al. 2016, arXiv:1603.05279",
    reads: [.parameters, .mask], emits: [.maskOff, .setWeights],
    options: [
      .choice("scale", "which weights share a magnitude", initial: Scale.unit),
      .choice(
        "real", "which layers stay real: none, the last, or the first and the last",
        initial: Real.none),
    ])

  private let scale: Scale
  private let real: Real
  /// Those that are binary since the last round.
  private var layers: [(layer: Layer, weights: LatentWeights)] = []

  init(options: Options) throws {
    scale = try options.choice("scale")
    real = try options.choice("real")
  }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    let binary = try layersToBinarize(in: network)
    let live = try network.layers.map { try LiveWeights($0, in: network) }
    let values = try network.layers.map { layer in
      var values = try network.values(of: .parameters, for: layer)
      layers.first { $0.layer.id == layer.id }?.weights.restore(into: &values)
      return values
    }
    let isGone = closestToZero(round.weightsToRemove, of: live, values)
    layers = []
    for ((live, values), isGone) in zip(zip(live, values), isGone) {
      let layer = live.layer
      try plan.maskOff(live.prunable.filter { isGone[$0] }, of: layer)
      guard binary.contains(layer.id) else { continue }
      let positions = live.weights.filter { !isGone[$0] }
      let weights = LatentWeights(
        positions.map { values[$0] }, at: positions, sharing: sharing(in: layer))
      try plan.setWeights(positions, of: layer, to: weights.binary)
      layers.append((layer, weights))
    }
  }

  /// The ids of the layers whose weights become binary.
  private func layersToBinarize(in network: NetworkView) throws -> Set<UInt64> {
    // No other layer may take the place of one that works by signs already, or that is to stay as it is.
    let open = network.layers.filter(\.isReplaceable)
    guard !open.isEmpty else {
      throw SkipStrategy("the layers of this network work by their signs already")
    }
    let ends = [network.layers.last?.id, network.layers.first?.id]
    let real = ends.prefix(real == .none ? 0 : real == .last ? 1 : 2)
    let binary = open.filter { !real.contains($0.id) }
    guard !binary.isEmpty else {
      throw SkipStrategy("with real=\(self.real.rawValue) no layer of this network becomes binary")
    }
    return Set(binary.map(\.id))
  }

  /// How many weights, one behind the other, share a magnitude.
  private func sharing(in layer: Layer) -> Int {
    scale == .layer ? layer.weightCount : layer.weightCount / max(1, layer.unitCount)
  }

  /// For every parameter of every layer, whether it is among the prunable ones closest to zero.
  private func closestToZero(
    _ count: Int, of layers: [LiveWeights], _ values: [[Float]]
  ) -> [[Bool]] {
    var starts: [Int] = []
    var magnitudes: [Float] = []
    var prunable: [Int] = []
    for (layer, values) in zip(layers, values) {
      let start = magnitudes.count
      starts.append(start)
      prunable += layer.prunable.map { start + $0 }
      magnitudes += values.map { abs($0) }
    }
    var isGone = [Bool](repeating: false, count: magnitudes.count)
    for position in smallest(count, of: prunable, by: { magnitudes[$0] }) {
      isGone[position] = true
    }
    return zip(starts, values).map { Array(isGone[$0..<$0 + $1.count]) }
  }

  func endStep(
    _ step: Step, in network: NetworkView, parameters: inout MutableSpan<Float>
  ) throws {
    try parameters.check(against: layers.map(\.layer))
    for index in layers.indices {
      layers[index].weights.step(&parameters, from: layers[index].layer.parameterOffset)
    }
  }
}
