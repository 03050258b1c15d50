import Networks
import Numerics
import Testing

/// What Optimal Brain Damage and Optimal Brain Surgeon make of the quantities, on networks of at
/// most 50 parameters, to a millionth of each value.
@Suite struct SaliencyTests {
  private static let accuracy = 1e-6

  /// The largest relative error of any entry; entries that are nothing beside the largest must be
  /// nothing too.
  private func relativeError(_ values: [Double], _ reference: [Double]) -> Double {
    let scale = reference.map { abs($0) }.max() ?? 0
    return zip(values, reference).map { value, expected in
      abs(value - expected) / max(abs(expected), 1e-5 * scale)
    }.max() ?? .infinity
  }

  /// Linear in its parameters, so that the Gauss–Newton matrix is the whole Hessian.
  static func linear() throws -> [Problem] {
    try [
      Problem("linear", input: Shape(6), layout: .flat, samples: 40, loss: .squaredError) {
        $0.add(.dense(units: 3, bias: true))
      },
      Problem("softmax", input: Shape(6), layout: .flat, samples: 40, loss: .crossEntropy) {
        $0.add(.dense(units: 4, bias: true))
      },
    ]
  }

  @Test(arguments: try linear() + Problem.perceptrons())
  func brainDamageSaliencies(problem: Problem) throws {
    #expect(problem.network.values.count <= 50)
    let diagonal = try BruteForce(problem).gaussNewton().diagonal
    let saliencies = zip(
      Measurements(network: problem.network, samples: problem.samples, loss: problem.loss)
        .gaussNewtonDiagonal(), problem.network.values
    ).map { Double($0) * Double($1) * Double($1) / 2 }
    let expected = zip(diagonal, problem.network.values).map { $0 * Double($1) * Double($1) / 2 }
    #expect(relativeError(saliencies, expected) < Self.accuracy)
  }

  @Test(arguments: try linear())
  func brainDamageSalienciesOfTheWholeHessian(problem: Problem) throws {
    let measurements = Measurements(
      network: problem.network, samples: problem.samples, loss: problem.loss)
    let hessian = BruteForce(problem).hessian().diagonal
    for diagonal in [measurements.gaussNewtonDiagonal(), measurements.leCunDiagonal()] {
      #expect(relativeError(diagonal.map(Double.init), hessian) < Self.accuracy)
    }
  }

  @Test(arguments: try linear() + Problem.perceptrons())
  func brainSurgeonSalienciesAndChanges(problem: Problem) throws {
    let damping = 1e-3
    let measurements = Measurements(
      network: problem.network, samples: problem.samples, loss: problem.loss)
    let inverse = try measurements.inverseHessian(damping: damping)
    let count = inverse.parameters.count
    let weights = problem.network.values.map(Double.init)

    var matrix = try BruteForce(problem).gaussNewton()
    if problem.network.graph.weightedLayers.count == 1 { matrix = BruteForce(problem).hessian() }
    let ridge = damping * matrix.diagonal.reduce(0, +) / Double(count)
    for index in 0..<count {
      matrix[index, index] += ridge
      for other in 0..<index {
        let mean = (matrix[index, other] + matrix[other, index]) / 2
        matrix[index, other] = mean
        matrix[other, index] = mean
      }
    }

    for q in 0..<count {
      let pivot = inverse.values[q * count + q]
      let loss = weights[q] * weights[q] / (2 * pivot)
      let change = (0..<count).map { -weights[q] / pivot * inverse.values[$0 * count + q] }
      let solved = try removing(q, from: weights, curvature: matrix)
      #expect(abs(loss - solved.loss) < Self.accuracy * solved.loss)
      #expect(distance(change, solved.change) < Self.accuracy)
      #expect(abs(change[q] + weights[q]) < 1e-12)
    }
  }

  /// The cheapest change that zeroes weight `q`, found without an inverse of the whole matrix: with
  /// δ_q = −w_q given, the others solve H_rr δ_r = −H_rq δ_q.
  private func removing(
    _ q: Int, from weights: [Double], curvature: Matrix
  ) throws -> (loss: Double, change: [Double]) {
    let rest = weights.indices.filter { $0 != q }
    var block = Matrix(rows: rest.count, columns: rest.count)
    var right = Matrix(rows: rest.count, columns: 1)
    for (i, row) in rest.enumerated() {
      for (j, column) in rest.enumerated() { block[i, j] = curvature[row, column] }
      right[i, 0] = curvature[row, q] * weights[q]
    }
    let solution = try block.leastSquares(right)
    var change = [Double](repeating: -weights[q], count: weights.count)
    for (i, row) in rest.enumerated() { change[row] = solution[i, 0] }
    var loss = 0.0
    for i in change.indices {
      for j in change.indices { loss += change[i] * curvature[i, j] * change[j] / 2 }
    }
    return (loss, change)
  }
}
