import Networks
import Numerics
import Testing

@Suite struct InverseHessianTests {
  /// (G + damping · mean(diag G) · I)⁻¹ over some parameters, by one dense inversion.
  private func expected(
    _ problem: Problem, over places: [Int], damping: Double
  ) throws -> Matrix {
    let rows = factorRows(problem)
    var matrix = Matrix(rows: places.count, columns: places.count)
    for row in rows {
      for (i, first) in places.enumerated() {
        for (j, second) in places.enumerated() {
          matrix[i, j] += row[first] * row[second] / Double(problem.samples.count)
        }
      }
    }
    let mean = matrix.diagonal.reduce(0, +) / Double(places.count)
    for index in places.indices { matrix[index, index] += damping * mean }
    return try matrix.invertedPositiveDefinite()
  }

  private func factorRows(_ problem: Problem) -> [[Double]] {
    var rows: [[Double]] = []
    problem.curvature.forEachFactorRow { rows.append($0) }
    return rows
  }

  @Test(arguments: try Problem.all())
  func factorRowsMakeTheGaussNewtonMatrix(problem: Problem) throws {
    let expected = try BruteForce(problem).gaussNewton()
    var sum = [Double](repeating: 0, count: expected.values.count)
    for row in factorRows(problem) {
      for i in row.indices {
        for j in row.indices {
          sum[i * row.count + j] += row[i] * row[j] / Double(problem.samples.count)
        }
      }
    }
    #expect(distance(sum, expected.values) < 1e-8)
  }

  @Test(arguments: try Problem.all(), [1e-4, 1e-2, 1])
  func recursionIsTheInverseOfTheDampedMatrix(problem: Problem, damping: Double) throws {
    let inverse = try problem.measurements(precise: false).inverseHessian(damping: damping)
    let places = problem.measurements(precise: false).livePrunable
    #expect(inverse.parameters == places)
    #expect(inverse.usedDamping == damping)
    let reference = try expected(problem, over: places, damping: damping)
    #expect(distance(inverse.values, reference.values) < 1e-8)
  }

  @Test func onlyLivePrunableParametersCount() throws {
    let problem = try Problem.perceptrons()[0].masking([0, 3, 13])
    let measurements = problem.measurements(precise: true)
    let places = measurements.livePrunable
    #expect(places == problem.network.values.indices.filter { ![0, 3, 13].contains($0) })
    let inverse = try measurements.inverseHessian(damping: 1e-3)
    let reference = try expected(problem, over: places, damping: 1e-3)
    #expect(distance(inverse.values, reference.values) < 1e-8)

    let withoutBiases = try Network(
      graph: problem.network.graph, values: problem.network.values, mask: problem.network.mask,
      statistics: [], prunesBiases: false)
    let weightsOnly = Measurements(
      network: withoutBiases, samples: problem.samples, loss: problem.loss)
    #expect(weightsOnly.livePrunable == places.filter { $0 < 12 || (16..<24).contains($0) })
  }

  @Test func dampingIsRaisedUntilTheInverseIsFinite() throws {
    // Far below what the digits of a double can tell from a singular matrix.
    let problem = try Problem.perceptrons()[3]
    let inverse = try problem.measurements(precise: true).inverseHessian(damping: 1e-300)
    #expect(inverse.usedDamping > 1e-300 && inverse.usedDamping < 1e-6)
    #expect(inverse.values.allSatisfy { $0.isFinite })
  }

  @Test(arguments: [0, -1, .nan, .infinity])
  func dampingThatIsNoneIsRefused(damping: Double) throws {
    let measurements = try Problem.perceptrons()[0].measurements(precise: true)
    #expect(throws: InverseHessianError.self) { try measurements.inverseHessian(damping: damping) }
  }

  @Test func anInverseBeyondTheLimitIsRefusedBeforeItIsComputed() throws {
    let measurements = try Problem.perceptrons()[0].measurements(precise: true)
    #expect(throws: InverseHessianError.tooLarge(parameters: 26, bytes: 16_224, limit: 16_000)) {
      try measurements.inverseHessian(damping: 1e-3, memoryLimit: 16_000)
    }
  }

  @Test(arguments: [Float(0), .nan, .infinity])
  func aNetworkWithoutUsableCurvatureIsRefused(value: Float) throws {
    // Inputs of zero leave the one weight without influence.
    let graph = try Models.multilayerPerceptron(
      inputs: 1, widths: [], outputs: 1, activation: .relu)
    let samples = try Samples(shape: [1, 1, 1], inputs: [value], targets: .values([1], width: 1))
    let measurements = Measurements(
      network: Network(graph: graph), samples: samples, loss: .squaredError)
    #expect(throws: InverseHessianError.noCurvature) {
      try measurements.inverseHessian(damping: 1e-3)
    }
  }

  @Test func nothingAliveHasAnEmptyInverse() throws {
    let problem = try Problem.perceptrons()[2]
    let dead = problem.masking(Array(problem.network.values.indices))
    let inverse = try dead.measurements(precise: true).inverseHessian(damping: 1)
    #expect(inverse.values.isEmpty && inverse.parameters.isEmpty)
  }
}
