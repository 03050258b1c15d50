/// Weights with noise of their own: W = θ + σ ε with ε from the standard normal distribution, drawn anew
/// for every mini-batch, θ and log σ² learnt.
///
/// The optimiser changes W. What it adds goes to θ, which is the gradient's estimate there. The gradient in
/// log σ² is g · σ ε / 2 with g that of the mini-batch. It is found from what the optimiser added: at rate
/// η that is −η v with v = momentum · v + g. For any β that does not depend on ε, v less β times the v
/// before has the same mean times ε as g, since what came before does not depend on ε either; it is g
/// itself where β is the momentum, and nearly so where β is taken from the steps before.
package struct NoisyWeights {
  /// What is changed in a step besides the noise.
  package struct Rates {
    /// The optimiser's.
    package var learning: Float
    /// Of log σ², by the steps of Adam.
    package var variance: Float
    /// The factor of the divergence in the loss: for each sample, times what of it is in force.
    package var divergence: Float

    package init(learning: Float, variance: Float, divergence: Float) {
      (self.learning, self.variance, self.divergence) = (learning, variance, divergence)
    }
  }

  /// What is kept of eight weights.
  private struct Block {
    /// θ and log σ².
    var mean: Lanes
    var logVariance: Lanes
    /// σ ε of the mini-batch.
    var noise = Lanes.zero
    /// What the optimiser added last, over −η.
    var velocity = Lanes.zero
    /// Adam's for log σ².
    var first = Lanes.zero
    var second = Lanes.zero
  }

  package let count: Int
  /// Behind the last weight nothing is ever added to the rest of its block.
  private var blocks: [Block]
  private var decays: (first: Float, second: Float) = (1, 1)
  /// Products of what the optimiser added in a step and in the one before, and squares of the latter.
  private var together: Float = 0
  private var alone: Float = 0

  /// Added to θ², so that a weight of 0 has a logarithm.
  private static let least: Float = 1e-16
  private static let width = Lanes.scalarCount

  package init(_ means: [Float], logVariance: Float) {
    count = means.count
    let width = Self.width
    blocks = stride(from: 0, to: count, by: width).map { start in
      var mean = Lanes.zero
      for lane in 0..<min(width, means.count - start) { mean[lane] = means[start + lane] }
      return Block(mean: mean, logVariance: Lanes(repeating: logVariance))
    }
  }

  /// How many uniform values the normal ones of a step are made of.
  package var drawn: Int { (blocks.count + 1) / 2 * 2 * Self.width }

  /// θ.
  package var means: [Float] { values(\.mean) }

  /// log σ².
  package var logVariances: [Float] { values(\.logVariance) }

  /// log α = log σ² − log θ² of each weight.
  package var logRatios: [Float] {
    var blocks = blocks
    for index in blocks.indices {
      let square = blocks[index].mean * blocks[index].mean + Self.least
      blocks[index].logVariance -= FloatFunctions.logarithm(square)
    }
    return (0..<count).map { blocks[$0 / Self.width].logVariance[$0 % Self.width] }
  }

  private func values(_ part: KeyPath<Block, Lanes>) -> [Float] {
    (0..<count).map { blocks[$0 / Self.width][keyPath: part][$0 % Self.width] }
  }

  /// Takes up what the optimiser made of W, and writes the next one.
  ///
  /// - Parameters:
  ///   - weights: as the optimiser left them; then θ + σ ε.
  ///   - normals: ε, one lane a weight; none for no noise.
  /// - Precondition: there are as many weights as at the start.
  package mutating func step(
    _ weights: UnsafeMutableBufferPointer<Float>, _ rates: Rates, normals: [Lanes]
  ) {
    precondition(weights.count == count, "\(weights.count) weights, and there were \(count)")
    guard rates.learning > 0 else { return }
    decays = (decays.first * 0.9, decays.second * 0.999)
    // Of the steps before, so that it does not depend on the noise of this one.
    let beta = alone > 0 ? min(0.95, max(0, together / alone)) : 0
    var (products, squares) = (Lanes.zero, Lanes.zero)
    for index in blocks.indices {
      var block = blocks[index]
      let start = index * Self.width
      let after = lanes(of: weights, at: start, else: block.mean + block.noise)
      let before = block.velocity
      takeUp(after, &block, rates, beta)
      products += before * block.velocity
      squares += before * before
      block.noise =
        normals.isEmpty
        ? .zero : FloatFunctions.exponential(block.logVariance * 0.5) * normals[index]
      blocks[index] = block
      write(block.mean + block.noise, to: weights, at: start)
    }
    together = 0.95 * together + products.sum()
    alone = 0.95 * alone + squares.sum()
  }

  @inline(__always)
  private func takeUp(_ after: Lanes, _ block: inout Block, _ rates: Rates, _ beta: Float) {
    let added = after - (block.mean + block.noise)
    let now = added * (-1 / rates.learning)
    let gradient = now - beta * block.velocity
    block.velocity = now
    let mean = block.mean + added
    let square = mean * mean + Self.least
    let slope = LogUniformPrior.derivative(
      atLogRatio: block.logVariance - FloatFunctions.logarithm(square))
    // The divergence draws θ to zero, and not past it. What momentum makes of a gradient is its sum.
    let pull = 2 * rates.divergence * rates.learning / (1 - beta)
    block.mean = mean * FloatFunctions.larger(1 + pull * slope / square, 0)
    let total = gradient * block.noise * 0.5 + rates.divergence * slope
    block.first += 0.1 * (total - block.first)
    block.second += 0.001 * (total * total - block.second)
    let scale = rates.variance / (1 - decays.first)
    let root = FloatFunctions.root(block.second * (1 / (1 - decays.second))) + 1e-10
    block.logVariance -= scale * block.first / root
  }

  /// - Parameter rest: what stands behind the last weight.
  @inline(__always)
  private func lanes(
    of weights: UnsafeMutableBufferPointer<Float>, at start: Int, else rest: Lanes
  ) -> Lanes {
    if start + Self.width <= count {
      return UnsafeRawBufferPointer(weights).loadUnaligned(
        fromByteOffset: start * MemoryLayout<Float>.size, as: Lanes.self)
    }
    var lanes = rest
    for lane in 0..<count - start { lanes[lane] = weights[start + lane] }
    return lanes
  }

  @inline(__always)
  private func write(
    _ lanes: Lanes, to weights: UnsafeMutableBufferPointer<Float>, at start: Int
  ) {
    if start + Self.width <= count {
      UnsafeMutableRawBufferPointer(weights).storeBytes(
        of: lanes, toByteOffset: start * MemoryLayout<Float>.size, as: Lanes.self)
    } else {
      for lane in 0..<count - start { weights[start + lane] = lanes[lane] }
    }
  }
}
