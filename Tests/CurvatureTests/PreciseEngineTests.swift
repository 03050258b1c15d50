import Networks
import Numerics
import Testing

@Suite struct PreciseEngineTests {
  @Test(arguments: try Problem.all())
  func gradientIsThatOfFiniteDifferences(problem: Problem) {
    let force = BruteForce(problem)
    let expected = force.differences(force.meanLoss) { ($0 - $1) / $2 }
    #expect(distance(problem.curvature.gradient(), expected) < 1e-8)
  }

  @Test(arguments: try Problem.all())
  func jacobianRowsAreTheOutputsDerivatives(problem: Problem) {
    let force = BruteForce(problem)
    let engine = PreciseEngine<Double>(problem.network)
    for (sample, jacobian) in force.jacobians().enumerated() {
      engine.forward(problem.samples.input(sample))
      let rows = (0..<problem.network.graph.outputs).flatMap { engine.jacobianRow(output: $0) }
      #expect(distance(rows, jacobian.values) < 1e-8)
    }
  }

  @Test(arguments: try Problem.all())
  func hessianProductIsThatOfFiniteDifferences(problem: Problem) throws {
    var random = RandomStream(seed: 3, name: "direction")
    let direction = problem.network.values.map { _ in random.normal() }
    let expected = try BruteForce(problem).hessian().multiplied(
      by: Matrix(rows: direction.count, columns: 1, values: direction))
    let product = problem.measurements(precise: true).hessianProduct(direction)
    #expect(distance(product, expected.values) < 1e-7)
  }

  @Test(arguments: [Loss.crossEntropy, .squaredError])
  func hessianFactorIsARootOfTheLossesHessian(loss: Loss) throws {
    let outputs = [0.3, -1.2, 2.0]
    let labels = try Samples(
      shape: [1, 1, 1], inputs: [0], targets: .labels([1], classes: 3))
    let factor = loss.hessianFactor(outputs)
    let diagonal = loss.hessianDiagonal(outputs)
    for row in 0..<3 {
      var (above, below) = (outputs, outputs)
      above[row] += 1e-5
      below[row] -= 1e-5
      let slopes = (
        loss.slope(of: above, labels, sample: 0).gradient,
        loss.slope(of: below, labels, sample: 0).gradient
      )
      for column in 0..<3 {
        let expected = (slopes.0[column] - slopes.1[column]) / 2e-5
        let product = (0..<3).reduce(0) { $0 + factor[$1][row] * factor[$1][column] }
        #expect(abs(product - expected) < 1e-9)
        if row == column { #expect(abs(diagonal[row] - expected) < 1e-9) }
      }
    }
  }

  @Test func lossesAreWhatTheirNamesSay() throws {
    let samples = try Samples(shape: [1, 1, 1], inputs: [0], targets: .values([1, 3], width: 2))
    let squared = Loss.squaredError.slope(of: [2.0, 0.0], samples, sample: 0)
    #expect(squared.loss == 5)
    #expect(squared.gradient == [1, -3])
    let labels = try Samples(shape: [1, 1, 1], inputs: [0], targets: .labels([0], classes: 2))
    let entropy = Loss.crossEntropy.slope(of: [0.0, 0.0], labels, sample: 0)
    #expect(abs(entropy.loss - 0.693_147_180_559_945_3) < 1e-15)
    #expect(entropy.gradient == [-0.5, 0.5])
  }

  @Test func crossEntropyHoldsForLargeOutputs() throws {
    let labels = try Samples(shape: [1, 1, 1], inputs: [0], targets: .labels([1], classes: 2))
    let entropy = Loss.crossEntropy.slope(of: [1_000.0, 0.0], labels, sample: 0)
    #expect(entropy.loss == 1_000 && entropy.gradient == [1, -1])
  }
}
