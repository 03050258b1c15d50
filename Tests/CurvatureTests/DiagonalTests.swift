import Networks
import Numerics
import Testing

/// Every diagonal against its definition, by both engines.
@Suite struct DiagonalTests {
  /// What single precision may lose, relative to the largest entry.
  private func tolerance(_ precise: Bool) -> Double { precise ? 2e-7 : 5e-6 }

  /// `values` with zeros at what belongs to batch normalisations.
  private func layersOnly(_ values: [Double], _ network: Network) -> [Double] {
    let layers = Set(
      network.graph.weightedLayers.flatMap { Array(network.layout[$0]?.all ?? 0..<0) })
    return values.indices.map { layers.contains($0) ? values[$0] : 0 }
  }

  @Test(arguments: try Problem.all(), [true, false])
  func lossAndGradient(problem: Problem, precise: Bool) {
    let force = BruteForce(problem)
    let measurements = problem.measurements(precise: precise)
    let expected = force.meanLoss(force.parameters)
    #expect(abs(measurements.loss() - expected) < tolerance(precise) * abs(expected))
    #expect(
      distance(measurements.gradient(), force.gradient(force.parameters)) < tolerance(precise))
  }

  @Test(arguments: try Problem.all(), [true, false])
  func fisherIsTheMeanOfSquaredSampleGradients(problem: Problem, precise: Bool) {
    var expected = [Double](repeating: 0, count: problem.network.layout.count)
    for sample in 0..<problem.samples.count {
      let alone = Problem(
        name: "one sample", network: problem.network, samples: problem.samples.selecting([sample]),
        loss: problem.loss)
      let force = BruteForce(alone)
      let gradient = force.differences(force.meanLoss) { ($0 - $1) / $2 }
      for (index, value) in gradient.enumerated() {
        expected[index] += value * value / Double(problem.samples.count)
      }
    }
    let fisher = problem.measurements(precise: precise).fisherDiagonal()
    #expect(distance(fisher, layersOnly(expected, problem.network)) < tolerance(precise))
  }

  @Test(arguments: try Problem.all(), [true, false])
  func gaussNewtonIsThatOfTheDenseMatrix(problem: Problem, precise: Bool) throws {
    let expected = try BruteForce(problem).gaussNewton().diagonal
    let diagonal = problem.measurements(precise: precise).gaussNewtonDiagonal()
    #expect(distance(diagonal, layersOnly(expected, problem.network)) < tolerance(precise))
  }

  /// Threads take batches of their own, of which one is left over, or parts of layers.
  @Test(arguments: try Problem.all(), [2, 3])
  func threadsDoNotChangeABit(problem: Problem, threads: Int) {
    func diagonals(_ threads: Int) -> [[Float]] {
      let samples = problem.samples
      let measurements = Measurements(
        network: problem.network,
        samples: samples.selecting((0..<37).map { $0 % samples.count }), loss: problem.loss,
        batchSize: 8, preciseWork: -1, team: Team(threads: threads))
      let units = problem.network.graph.weightedLayers.map(measurements.outputCurvature(at:))
      return [
        measurements.gradient(), measurements.fisherDiagonal(), measurements.gaussNewtonDiagonal(),
        measurements.leCunDiagonal(),
      ] + units
    }
    let alone = diagonals(1)
    #expect(alone.allSatisfy { $0.contains { $0 != 0 } })
    #expect(diagonals(threads) == alone)
  }

  @Test(arguments: try Problem.all())
  func sampleGradientsAddUpToTheGradient(problem: Problem) {
    var sum = [Double](repeating: 0, count: problem.network.layout.count)
    var count = 0
    problem.measurements(precise: true).forEachSampleGradient { sample, gradient in
      #expect(sample == count)
      count += 1
      for index in sum.indices { sum[index] += gradient[index] }
    }
    #expect(count == problem.samples.count)
    let force = BruteForce(problem)
    #expect(distance(sum.map { $0 / Double(count) }, force.gradient(force.parameters)) < 1e-12)
  }

  @Test(arguments: try Problem.all())
  func maskedParametersHaveTheirEntries(problem: Problem) throws {
    let masked = problem.masking([1, 4])
    for precise in [true, false] {
      let measurements = masked.measurements(precise: precise)
      let force = BruteForce(masked)
      let gradient = force.gradient(force.parameters)
      #expect(distance(measurements.gradient(), gradient) < tolerance(precise))
      #expect(gradient[1] != 0 || gradient[4] != 0)
    }
  }

  @Test(arguments: try Problem.all())
  func batchesOfAnySizeGiveTheSame(problem: Problem) throws {
    let problem = Problem(
      name: problem.name, network: problem.network,
      samples: problem.samples.selecting((0..<20).map { ($0 * 3) % problem.samples.count }),
      loss: problem.loss)
    let whole = problem.measurements(precise: false, batchSize: 20)
    for size in [1, 7, 16] {
      let parts = problem.measurements(precise: false, batchSize: size)
      #expect(abs(parts.loss() - whole.loss()) < 1e-6 * abs(whole.loss()))
      for quantity in [
        { $0.gradient() }, { $0.fisherDiagonal() }, { $0.gaussNewtonDiagonal() },
        { $0.leCunDiagonal() },
      ] as [(Measurements) -> [Float]] {
        #expect(distance(quantity(parts), quantity(whole).map(Double.init)) < 2e-6)
      }
      for place in problem.network.graph.weightedLayers {
        let reference = whole.outputCurvature(at: place).map(Double.init)
        #expect(distance(parts.outputCurvature(at: place), reference) < 2e-6)
        let moment = whole.inputMoment(at: place).values.map(Double.init)
        #expect(distance(parts.inputMoment(at: place).values, moment) < 2e-6)
      }
    }
  }

  @Test func sameQuestionTwiceGivesTheSameBits() throws {
    for problem in try Problem.all() {
      let (first, second) = (
        problem.measurements(precise: false), problem.measurements(precise: false)
      )
      #expect(first.gaussNewtonDiagonal() == second.gaussNewtonDiagonal())
      #expect(first.leCunDiagonal() == second.leCunDiagonal())
      #expect(first.gradient() == first.gradient())
    }
  }
}
