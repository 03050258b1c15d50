import Networks
import Numerics
import Testing

@Suite struct LeCunTests {
  /// Where no unit has two ways to the loss, the recursion drops nothing.
  static func exactCases() throws -> [Problem] {
    try [
      Problem("one layer, tanh", input: Shape(4), layout: .flat, loss: .squaredError) {
        $0.add(.dense(units: 3, bias: true))
        $0.add(.tanh)
      },
      Problem("one layer, sigmoid", input: Shape(4), layout: .flat, loss: .squaredError) {
        $0.add(.dense(units: 2, bias: true))
        $0.add(.sigmoid)
      },
      Problem("one layer, softmax", input: Shape(5), layout: .flat, loss: .crossEntropy) {
        $0.add(.dense(units: 3, bias: true))
      },
      Problem("one unit a layer", input: Shape(1), layout: .flat, loss: .squaredError) {
        for _ in 0..<3 {
          $0.add(.dense(units: 1, bias: true))
          $0.add(.tanh)
        }
        $0.add(.dense(units: 1, bias: true))
        $0.add(.sigmoid)
      },
    ]
  }

  @Test(arguments: try exactCases())
  func isTheDiagonalOfTheHessianWhereNothingIsDropped(problem: Problem) {
    let expected = BruteForce(problem).hessian().diagonal
    #expect(distance(problem.measurements(precise: true).leCunDiagonal(), expected) < 2e-7)
    #expect(distance(problem.measurements(precise: false).leCunDiagonal(), expected) < 5e-6)
  }

  @Test(arguments: try Problem.all())
  func bothEnginesAgree(problem: Problem) {
    let precise = problem.measurements(precise: true).leCunDiagonal().map(Double.init)
    #expect(distance(problem.measurements(precise: false).leCunDiagonal(), precise) < 5e-6)
  }

  /// The recursion of the paper, written out for 2-2-1 with tanh in both layers.
  @Test(arguments: [true, false])
  func twoTwoOneByHand(precise: Bool) throws {
    let graph = try Models.multilayerPerceptron(
      inputs: 2, widths: [2], outputs: 1, activation: .tanh, outputActivation: .tanh)
    // w11 w12 w21 w22 b1 b2, v1 v2 c
    let network = try Network(
      graph: graph, values: [0.5, -0.3, 0.8, 0.2, 0.1, -0.2, 0.7, -0.4, 0.3],
      mask: [Float](repeating: 1, count: 9), statistics: [], prunesBiases: true)
    let samples = try Samples(
      shape: [2, 1, 1], inputs: [0.6, -1.1], targets: .values([0.25], width: 1))
    let problem = Problem(name: "2-2-1", network: network, samples: samples, loss: .squaredError)

    let w = network.values.map(Double.init)
    let x = samples.inputs.map(Double.init)
    let y = [0, 1].map { (w[2 * $0] * x[0] + w[2 * $0 + 1] * x[1] + w[4 + $0]).hyperbolicTangent }
    let o = (w[6] * y[0] + w[7] * y[1] + w[8]).hyperbolicTangent
    let slope = 1 - o * o
    // ∂²E/∂a² = 2 f'² − 2 (d − x) f'' at the output, with f'' = −2 x f'.
    let output = 2 * slope * slope - 2 * (0.25 - o) * (-2 * o * slope)
    let outputSlope = 2 * (o - 0.25) * slope
    let hidden = [0, 1].map { unit in
      let f = 1 - y[unit] * y[unit]
      return f * f * w[6 + unit] * w[6 + unit] * output
        + (-2 * y[unit] * f) * (w[6 + unit] * outputSlope)
    }
    let expected =
      [0, 1].flatMap { unit in x.map { hidden[unit] * $0 * $0 } } + hidden
      + [output * y[0] * y[0], output * y[1] * y[1], output]
    #expect(distance(problem.measurements(precise: precise).leCunDiagonal(), expected) < 1e-6)
  }

  @Test func sharedWeightsSumTheirConnections() throws {
    // A 1×1 convolution of one weight on a map of three, each output squared error of its own.
    let problem = try Problem("shared", input: Shape(1, 1, 3), samples: 1, loss: .squaredError) {
      $0.add(.convolution(.init(channels: 1, kernel: Extent(1), bias: false)))
      $0.add(.flatten)
    }
    let expected = problem.samples.inputs.reduce(0) { $0 + 2 / 3 * Double($1) * Double($1) }
    for precise in [true, false] {
      let diagonal = problem.measurements(precise: precise).leCunDiagonal()
      #expect(distance(diagonal, [expected]) < 1e-6)
    }
  }
}
