import StrategyKit

/// Removes the weights whose loss, to first order, changes least when they go.
///
///     score = mean over mini-batches of (g · w)²
///
/// where g is the gradient of a mini-batch's mean loss.
///
/// P. Molchanov, A. Mallya, S. Tyree, I. Frosio, J. Kautz: Importance Estimation for Neural Network
/// Pruning. CVPR 2019, arXiv:1906.10771, section 3.1. ``TaylorUnits`` removes filters and units.
///
/// Departs from the paper: it averages over the mini-batches that training passes through. Here it is
/// the expectation over all mini-batches of `batch` of the samples that are measured; see
/// ``BatchGradient``. With `batch=1` it ranks as `obd[curvature=fisher]` does.
struct TaylorPruning: ScoringStrategy {
  static let info = StrategyInfo(
    id: "taylor", name: "Taylor expansion",
    summary: "Removes the weights whose loss changes least to first order.",
    citation: "Molchanov et al. 2019, arXiv:1906.10771", reads: BatchGradient.reads,
    options: [BatchGradient.option])

  private let gradient: BatchGradient

  init(options: Options) throws {
    gradient = try BatchGradient(options)
  }

  func scores(of layer: Layer, in network: NetworkView) throws -> [Float] {
    try Array(gradient.contributions(of: layer, in: network).prefix(layer.prunableCount))
  }
}

/// The gradient of a mini-batch, as far as its square matters.
///
///     E[g²] = ḡ² + (F − ḡ²) / b
///
/// for mini-batches of b samples drawn at random, with the mean ḡ of the samples' gradients and the
/// mean F of their squares.
struct BatchGradient {
  static let reads: Set<Signal> = [.parameters, .gradient, .fisherDiagonal]
  static let option = Option.number(
    "batch", "samples of a mini-batch whose gradient is squared", initial: 128,
    in: 1...1_000_000_000)

  private let size: Double

  init(_ options: Options) throws {
    size = Double(try options.integer("batch"))
  }

  /// E[(g w)²] of each parameter of a layer.
  func contributions(of layer: Layer, in network: NetworkView) throws -> [Float] {
    let weights = try network.values(of: .parameters, for: layer)
    let means = try network.values(of: .gradient, for: layer)
    let squares = try network.values(of: .fisherDiagonal, for: layer)
    return weights.indices.map { index in
      let (w, g) = (Double(weights[index]), Double(means[index]))
      // Rounding may leave the mean of squares below the square of the mean.
      let spread = max(0, Double(squares[index]) - g * g)
      return Float((g * g + spread / size) * w * w)
    }
  }
}
