import Foundation
import Strategies
import Testing

struct CandidateTests {
  private static let samples = 23

  /// Random samples with `outputs` errors each.
  private func problem(_ activation: Squashing, outputs: Int, seed: UInt64 = 4) -> CandidateProblem
  {
    var random = SplitMix(state: seed)
    func draw(_ count: Int) -> [Float] {
      (0..<count).map { _ in Float.random(in: -1..<1, using: &random) }
    }
    return CandidateProblem(
      inputs: draw(3 * Self.samples), errors: draw(outputs * Self.samples).map { $0 + 0.3 },
      outputs: outputs, isBiased: true, activation: activation)
  }

  private func pool(
    _ problem: CandidateProblem, _ training: CandidatePool.Training, seed: UInt64 = 9
  ) -> CandidatePool {
    var random = SplitMix(state: seed)
    return CandidatePool(
      problem, training,
      random: (0..<4 * training.candidates).map { _ in Float.random(in: 0..<1, using: &random) })
  }

  @Test(arguments: [-40, -20.5, -3, -1e-3, 0, 1e-9, 0.4, 2, 19, 60])
  func activationsAreThoseOfTheLibrary(_ x: Double) {
    #expect(abs(exponential(x) / exp(x) - 1) < 4e-16)
    #expect(abs(Squashing.tanh.value(at: x) - tanh(x)) < 3e-16)
    #expect(abs(Squashing.logistic.value(at: x) - 1 / (1 + exp(-x))) < 3e-16)
    for activation in Squashing.allCases {
      let (above, below) = (activation.value(at: x + 1e-5), activation.value(at: x - 1e-5))
      let slope = activation.slope(atValue: activation.value(at: x))
      #expect(abs(slope - (above - below) / 2e-5) < 1e-9)
    }
  }

  @Test func largeNumbersDoNotOverflow() {
    #expect(exponential(710) == .infinity && exponential(-1000) == 0)
    #expect(exponential(.nan).isNaN)
    #expect(Squashing.tanh.value(at: 1e9) == 1 && Squashing.tanh.value(at: -1e9) == -1)
  }

  /// S as the paper prints it, in plain sums: |Σ v e − ē Σ v| / Σ e², over outputs.
  @Test(arguments: Squashing.allCases, [1, 3])
  func theScoreIsThePapers(_ activation: Squashing, _ outputs: Int) {
    var random = SplitMix(state: 4)
    func draw(_ count: Int) -> [Float] {
      (0..<count).map { _ in Float.random(in: -1..<1, using: &random) }
    }
    let inputs = draw(3 * Self.samples)
    let errors = draw(outputs * Self.samples).map { Double($0 + 0.3) }
    let weights = [0.7, -1.2, 0.4, 0.2]
    let values = (0..<Self.samples).map { sample in
      let sum = (0..<3).reduce(weights[3]) { $0 + weights[$1] * Double(inputs[3 * sample + $1]) }
      return activation == .tanh ? tanh(sum) : 1 / (1 + exp(-sum))
    }
    let mean = errors.reduce(0, +) / Double(errors.count)
    let squares = errors.reduce(0) { $0 + $1 * $1 }
    let wanted = (0..<outputs).map { output in
      let product = (0..<Self.samples).reduce(0) { $0 + values[$1] * errors[outputs * $1 + output] }
      return (product - mean * values.reduce(0, +)) / squares
    }
    let problem = problem(activation, outputs: outputs)
    let found = problem.covariances(of: problem.values(of: weights))
    #expect(zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-7 }, "\(found), \(wanted)")
  }

  @Test(arguments: Squashing.allCases, [1, 3])
  func theSlopeIsThatOfTheScore(_ activation: Squashing, _ outputs: Int) {
    let problem = problem(activation, outputs: outputs)
    let weights = [0.7, -1.2, 0.4, 0.2]
    func score(_ weights: [Double]) -> Double {
      problem.covariances(of: problem.values(of: weights)).reduce(0) { $0 + abs($1) }
    }
    let values = problem.values(of: weights)
    let slope = problem.slope(
      of: values, signs: problem.covariances(of: values).map { $0 < 0 ? -1 : 1 })
    for index in weights.indices {
      var (above, below) = (weights, weights)
      above[index] += 1e-6
      below[index] -= 1e-6
      let wanted = (score(above) - score(below)) / 2e-6
      #expect(abs(slope[index] - wanted) < 1e-7, "weight \(index): \(slope[index]), \(wanted)")
    }
  }

  @Test(arguments: Squashing.allCases)
  func trainingRaisesEveryScore(_ activation: Squashing) {
    var training = CandidatePool.Training()
    training.rate = 10
    training.threshold = 0
    var pool = pool(problem(activation, outputs: 2), training)
    let before = pool.candidates
    #expect(before.count == 8 && before.allSatisfy { $0.weights.count == 4 })
    pool.train()
    #expect(pool.epochs == training.epochs)
    for (before, after) in zip(before, pool.candidates) { #expect(after.score > before.score) }
    let ranked = pool.ranked.map(\.score)
    #expect(ranked == pool.candidates.map(\.score).sorted(by: >))
  }

  @Test func trainingEndsWhenNothingChanges() {
    var training = CandidatePool.Training()
    training.rate = 0
    training.patience = 5
    var pool = pool(problem(.tanh, outputs: 1), training)
    let before = pool.candidates.map(\.weights)
    pool.train()
    #expect(pool.epochs == 5)
    #expect(pool.candidates.map(\.weights) == before)
  }

  /// tanh x is twice the paper's sigmoid at 2x: half its weights give twice its values, along all of
  /// training.
  @Test func stepsAreThoseOfThePapersSigmoid() {
    var training = CandidatePool.Training()
    training.candidates = 1
    training.epochs = 7
    training.threshold = 0
    training.rate = 3
    // One error of mean 0, so that the ½ between the two sigmoids does nothing.
    let errors: [Float] = [1, -2, 0.5, 1.5, -1]
    let inputs: [Float] = [
      0.3, -1, 0.2, 0.7, 1, 0.1, -0.4, 0.9, -0.8, 0.5, 0.2, 1.1, 0.6, -0.3, 0.4,
    ]
    func trained(_ activation: Squashing) -> CandidatePool.Candidate {
      var pool = pool(
        CandidateProblem(
          inputs: inputs, errors: errors, outputs: 1, isBiased: true, activation: activation),
        training)
      pool.train()
      return pool.candidates[0]
    }
    let (tanh, logistic) = (trained(.tanh), trained(.logistic))
    for (half, whole) in zip(tanh.weights, logistic.weights) {
      #expect(abs(2 * half - whole) < 1e-9 * (1 + abs(whole)))
    }
    #expect(abs(tanh.score - 2 * logistic.score) < 1e-9)
  }

  @Test func withoutAnErrorNothingIsUndefined() {
    let problem = CandidateProblem(
      inputs: [1, 2, 3], errors: [0, 0, 0], outputs: 1, isBiased: false, activation: .tanh)
    var pool = CandidatePool(problem, CandidatePool.Training(), random: [0.3, 0.6])
    pool.train()
    #expect(pool.candidates.allSatisfy { $0.score == 0 && $0.weights.allSatisfy(\.isFinite) })
  }
  @Test func candidatesThatRunAwayStayFinite() {
    var training = CandidatePool.Training()
    training.rate = 1e12
    training.growth = 100
    training.threshold = 0
    var pool = pool(problem(.logistic, outputs: 1), training)
    pool.train()
    for candidate in pool.candidates {
      #expect(candidate.score.isFinite && candidate.weights.allSatisfy { abs($0) < 1e9 })
    }
  }
}
