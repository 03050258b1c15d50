import Glibc
import Strategies
import Testing

/// Weights with noise of their own, against what is known of their equilibrium.
struct NoisyWeightTests {
  /// The divergence from the log-uniform prior by its integral: for ε ~ N(1, α), and up to the constant
  /// that makes it 0 for large α, −½ log α + E log |ε|.
  @Test(arguments: [-8.0, -4, -2, -1, 0, 1, 2, 3, 5])
  func theDivergenceIsNearItsIntegral(logRatio: Double) {
    let root = Glibc.exp(logRatio / 2)
    let (steps, reach) = (400_000, 8.0)
    var mean = 0.0
    for step in 0..<steps {
      let z = (Double(step) + 0.5) / Double(steps) * 2 * reach - reach
      let density = Glibc.exp(-z * z / 2) / (2 * Double.pi).squareRoot()
      mean += density * Glibc.log(abs(1 + root * z)) * 2 * reach / Double(steps)
    }
    // E log |z| = −(γ + log 2) / 2.
    let exact = -logRatio / 2 + mean + (0.577_215_664_9 + Glibc.log(2)) / 2
    let found = LogUniformPrior.divergence(atLogRatio: Lanes(repeating: Float(logRatio)))[0]
    #expect(abs(Double(found) - exact) < 0.01)
  }

  @Test func theDerivativeIsThatOfTheDivergence() {
    for step in -100...100 {
      let x = Float(step) / 10
      let (low, high) = (Lanes(repeating: x - 0.01), Lanes(repeating: x + 0.01))
      let difference =
        (LogUniformPrior.divergence(atLogRatio: high) - LogUniformPrior.divergence(atLogRatio: low))
        / 0.02
      let derivative = LogUniformPrior.derivative(atLogRatio: Lanes(repeating: x))
      #expect(abs(difference[0] - derivative[0]) < 1e-3)
      #expect(derivative[0] <= 0)
    }
  }

  /// Trains ½ h (W − 1)² by gradient descent with a momentum that nobody tells.
  private func trained(
    curvatures: [Float], momentum: Float, divergence: Float, steps: Int
  ) -> NoisyWeights {
    var random = SplitMix(state: 5)
    var weights = curvatures.map { $0 > 0 ? Float(1) : 0.1 }
    var noisy = NoisyWeights(weights, logVariance: -6)
    var velocity = [Float](repeating: 0, count: weights.count)
    for _ in 0..<steps {
      for index in weights.indices {
        velocity[index] = momentum * velocity[index] + curvatures[index] * (weights[index] - 1)
        weights[index] -= 0.01 * velocity[index]
      }
      let uniform = (0..<noisy.drawn).map { _ in Float.random(in: 0..<1, using: &random) }
      weights.withUnsafeMutableBufferPointer {
        noisy.step(
          $0, .init(learning: 0.01, variance: 0.003, divergence: divergence),
          normals: normals(from: uniform))
      }
    }
    return noisy
  }

  /// There what the noise costs is what it saves: ½ h σ² = −c KL′(log α), and for θ h (θ − 1) = 2 c KL′ / θ.
  /// For little noise that is the variance 1 / (N h) of Laplace's approximation.
  @Test(arguments: [Float(0), 0.5, 0.9])
  func theNoiseIsThatOfTheEquilibrium(momentum: Float) {
    // No multiple of eight.
    let curvatures = (0..<203).map { Float([0.5, 1, 2][$0 % 3]) }
    let divergence: Float = 0.004
    let noisy = trained(
      curvatures: curvatures, momentum: momentum, divergence: divergence, steps: 6000)
    for (place, curvature) in [Float(0.5), 1, 2].enumerated() {
      let own = noisy.logVariances.indices.filter { $0 % 3 == place }
      let logVariance = own.reduce(0) { $0 + noisy.logVariances[$1] } / Float(own.count)
      let mean = own.reduce(0) { $0 + noisy.means[$1] } / Float(own.count)
      let ratio = own.reduce(0) { $0 + noisy.logRatios[$1] } / Float(own.count)
      let slope = LogUniformPrior.derivative(atLogRatio: Lanes(repeating: ratio))[0]
      #expect(abs(Glibc.exp(logVariance) / (-2 * divergence * slope / curvature) - 1) < 0.15)
      #expect(abs(mean - (1 + 2 * divergence * slope / mean / curvature)) < 0.02)
    }
  }

  @Test func aWeightWithoutEffectBecomesNoise() {
    let curvatures = (0..<40).map { Float($0 % 2) }
    let noisy = trained(curvatures: curvatures, momentum: 0.9, divergence: 0.004, steps: 4000)
    for (index, ratio) in noisy.logRatios.enumerated() {
      #expect(curvatures[index] == 0 ? ratio > 3 : ratio < -2)
    }
  }

  @Test func withoutNoiseTheMeansAreWritten() {
    var noisy = NoisyWeights([1, -2, 3], logVariance: -2)
    var weights: [Float] = [1, -2, 3]
    let rates = NoisyWeights.Rates(learning: 0.1, variance: 0, divergence: 0)
    let ones = [Lanes](repeating: Lanes(repeating: 1), count: 2)
    weights.withUnsafeMutableBufferPointer { noisy.step($0, rates, normals: ones) }
    let sigma = Float(Glibc.exp(-1.0))
    for (found, mean) in zip(weights, [Float(1), -2, 3]) {
      #expect(abs(found - mean - sigma) < 1e-6)
    }
    // What the optimiser adds goes to the means.
    weights[1] -= 0.5
    weights.withUnsafeMutableBufferPointer { noisy.step($0, rates, normals: []) }
    #expect(zip(weights, [Float(1), -2.5, 3]).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(noisy.means == weights)
  }
}
