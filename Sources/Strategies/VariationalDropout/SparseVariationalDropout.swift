import StrategyKit

/// Learns for each weight how much noise it bears, and removes those that are nothing but noise.
///
///     W = θ + σ ε,  loss = E[data loss] + KL / N,  α = σ² / θ²
///     pruned: log α > 3 in the paper; at a budget, the largest log α
///
/// D. Molchanov, A. Ashukha, D. Vetrov: Variational Dropout Sparsifies Deep Neural Networks. ICML 2017,
/// arXiv:1701.05369, sections 4 and 5: noise added to weights, the approximate divergence
/// (`LogUniformPrior`), and its factor that rises from 0 at the start.
///
/// It trains from the untrained network. In the share `until` of training weights are noisy; then the budget
/// is met at once, and the rest is training without noise. What strategies of the interface may change is
/// the parameters behind each step, and that is all it takes: there it writes θ + σ ε for the next
/// mini-batch, and takes up what the optimiser made of the last one (`NoisyWeights`).
///
/// Departs from the paper:
/// - The noise is one draw for a mini-batch, where the paper draws pre-activations for each sample (local
///   reparametrisation). The mean of the gradient is the same and its variance higher, by up to the size of
///   a mini-batch where samples agree.
/// - θ follows the benchmark's optimiser and not Adam; log σ² follows Adam. Where the benchmark trains by
///   Adam itself, the data's part of the gradient in log σ² is not to scale.
/// - N is the number of samples that a layer is measured over at an update point, times the mini-batches of
///   an epoch. Until the first update point the divergence is not in force.
/// - Biases and normalisation have no noise.
final class SparseVariationalDropout: UpdatingStrategy, StepEndingStrategy {
  static let info = StrategyInfo(
    id: "sparse-vd", name: "Sparse Variational Dropout",
    summary: "Learns each weight's noise, and removes those that are mostly noise.",
    citation: "Molchanov et al. 2017, arXiv:1701.05369",
    reads: [.parameters, .mask, .inputs, .sampleGradients],
    emits: [.maskOff], course: .sparse,
    options: [
      .number("until", "the share of training with noise", initial: 0.75, in: 0.01...1),
      .number(
        "warmup", "the share of that in which the divergence comes into force", initial: 0.5,
        in: 0...1),
      .number("noise", "log σ² of every weight at the start", initial: -8, in: -20...0),
    ])

  /// Of log α: the paper's threshold.
  private static let threshold: Float = 3
  /// How far log σ² may go in training: the sum of Adam's rates.
  private static let travel = 20.0
  private static let mostUpdates = 20

  private let until: Double
  private let warmUp: Double
  private let logVariance: Float
  private var layers: [(layer: Layer, weights: NoisyWeights)] = []
  /// Mini-batches with noise.
  private var end = 0
  private var updates = (planned: 0, done: 0)
  private var stepsPerEpoch = 0
  private var samples: Int?
  /// Of the first mini-batch.
  private var firstRate = 0.0

  init(options: Options) throws {
    until = try options.number("until")
    warmUp = try options.number("warmup")
    logVariance = Float(try options.number("noise"))
  }

  func updatePoints(of period: Period, in network: NetworkView) throws -> UpdatePoints? {
    guard period.steps > 1 else {
      throw SkipStrategy("noise is learnt in training, and a period has one mini-batch only")
    }
    let steps = max(1, min(Int(until * Double(period.steps)), period.steps - 1))
    let every = max(1, steps / Self.mostUpdates)
    updates = (min(Self.mostUpdates, steps / every), 0)
    end = updates.planned * every
    stepsPerEpoch = period.stepsPerEpoch
    return UpdatePoints(every: every, until: end)
  }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    guard round.step != nil else { return try begin(round, in: network) }
    updates.done += 1
    samples = try samples ?? stepsPerEpoch * batchSize(in: network)
    guard updates.done == updates.planned else { return }
    try cut(round, in: network, plan: plan)
  }

  /// Gives every weight its noise.
  private func begin(_ round: Round, in network: NetworkView) throws {
    layers = try network.layers.filter { $0.prunableCount >= $0.weightCount }.map { layer in
      let values = try network.values(of: .parameters, for: layer)
      return (
        layer, NoisyWeights(Array(values.prefix(layer.weightCount)), logVariance: logVariance)
      )
    }
    samples = nil
    let weights = layers.reduce(0) { $0 + $1.layer.weightCount }
    guard weights > round.weightsToRemove else {
      throw SkipStrategy(
        "without any of its \(weights) weights \(round.now.weights - weights) parameters would be "
          + "left, and the goal is \(round.weightsGoal)")
    }
  }

  /// The samples of a mini-batch: what goes into a dense layer has a row for each, and where there is none
  /// the gradients in a convolution have, for as many as 256.
  private func batchSize(in network: NetworkView) throws -> Int {
    if let layer = network.layers.last(where: { $0.kind == .dense }) {
      return try network.withValues(of: .inputs, for: layer) { $0.count / max(1, layer.inputs) }
    }
    let convolutions = network.layers.filter { $0.kind == .convolution }
    guard let layer = convolutions.min(by: { $0.parameterCount < $1.parameterCount }) else {
      throw SkipStrategy("the network has no layer by which the samples could be counted")
    }
    return try network.withValues(of: .sampleGradients, for: layer) {
      $0.count / max(1, layer.parameterCount)
    }
  }

  /// Masks the weights of the largest log α.
  private func cut(_ round: Round, in network: NetworkView, plan: Plan) throws {
    let ratios = layers.map(\.weights.logRatios)
    let all = ratios.flatMap { $0 }
    let above = all.count { $0 > Self.threshold }
    network.log(
      "sparse-vd: log α is above \(Int(Self.threshold)) for \(above) of \(all.count) weights")
    var isGone = [Bool](repeating: false, count: all.count)
    let live = try layers.flatMap { layer, _ in
      try network.values(of: .mask, for: layer).prefix(layer.weightCount)
    }.enumerated().filter { $1 != 0 }.map(\.offset)
    for index in smallest(round.weightsToRemove, of: live, by: { -all[$0] }) {
      isGone[index] = true
    }
    var start = 0
    for (layer, _) in layers {
      let gone = Array(isGone[start..<start + layer.weightCount]).positions(of: true)
      try plan.maskOff(gone, of: layer)
      start += layer.weightCount
    }
  }

  func endStep(
    _ step: Step, in network: NetworkView, parameters: inout MutableSpan<Float>
  ) throws {
    guard step.index < end else { return }
    try parameters.check(against: layers.map(\.layer))
    if step.index == 0 { firstRate = step.learningRate }
    let rates = rates(at: step)
    let isLast = step.index == end - 1
    parameters.withUnsafeMutableBufferPointer { flat in
      for index in layers.indices {
        let layer = layers[index].layer
        let count = layer.weightCount
        // What is cut is the network of the means.
        let drawn = isLast ? [] : normals(from: network.random(layers[index].weights.drawn))
        let weights = UnsafeMutableBufferPointer(
          rebasing: flat[layer.parameterOffset..<layer.parameterOffset + count])
        layers[index].weights.step(weights, rates, normals: drawn)
      }
    }
  }

  private func rates(at step: Step) -> NoisyWeights.Rates {
    let share = firstRate > 0 ? step.learningRate / firstRate : 1
    let rise = warmUp * Double(end)
    let inForce = rise > 0 ? min(1, Double(step.index) / rise) : 1
    return NoisyWeights.Rates(
      learning: Float(step.learningRate),
      variance: Float(share * Self.travel / Double(max(1, end))),
      divergence: samples.map { Float(inForce / Double(max(1, $0))) } ?? 0)
  }
}
