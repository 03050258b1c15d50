/// Candidates in training, each by itself, until the best one gets no better.
package struct CandidatePool {
  /// How candidates are trained.
  package struct Training: Sendable {
    package var candidates = 8
    /// Epochs at most.
    package var epochs = 100
    /// Epochs without a change that end training.
    package var patience = 8
    /// The share of the score that counts as a change.
    package var threshold = 0.03
    /// ε of quickprop over the samples and the weights of a candidate, for the paper's sigmoid.
    package var rate = 100.0
    /// μ of quickprop.
    package var growth = 2.0
    /// What is added of a weight to its slope.
    package var decay = 0.0
    /// First weights are drawn from −range to range, for the paper's sigmoid.
    package var range = 1.0

    package init() {}
  }

  /// One of them.
  package struct Candidate: Sendable {
    /// With the bias last, where there is one.
    package internal(set) var weights: [Double]
    /// With the error of each output, over Σ e².
    package internal(set) var covariances: [Double] = []
    fileprivate var values: [Double] = []
    fileprivate var steps: [Double]
    fileprivate var slopes: [Double]

    package var score: Double { covariances.reduce(0) { $0 + abs($1) } }

    fileprivate init(_ weights: [Double]) {
      self.weights = weights
      steps = weights.map { _ in 0 }
      slopes = steps
    }
  }

  private let problem: CandidateProblem
  private let training: Training
  private let quickprop: Quickprop
  package private(set) var candidates: [Candidate]
  /// Epochs done.
  package private(set) var epochs = 0

  /// - Parameter random: from 0 up to but not including 1, one for each weight of each candidate.
  package init(_ problem: CandidateProblem, _ training: Training, random: [Float]) {
    self.problem = problem
    self.training = training
    quickprop = Quickprop(growth: training.growth)
    let range = training.range * problem.activation.weightScale
    candidates = stride(from: 0, to: random.count, by: max(1, problem.width)).map { start in
      Candidate(
        random[start..<min(start + problem.width, random.count)].map {
          (2 * Double($0) - 1) * range
        })
    }
    for index in candidates.indices { candidates[index].count(problem) }
  }

  /// The best ones first, equal ones by index.
  package var ranked: [Candidate] {
    candidates.enumerated().sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }
      .map(\.element)
  }

  /// Trains until the best score has not changed for some epochs, or no more epochs are left.
  package mutating func train() {
    var (last, end) = (best, training.patience)
    while epochs < training.epochs {
      takeEpoch()
      if abs(best - last) > training.threshold * last {
        (last, end) = (best, epochs + training.patience)
      } else if epochs >= end {
        break
      }
    }
  }

  private static let largestWeight = 1e9

  private var best: Double { candidates.reduce(0) { max($0, $1.score) } }

  private mutating func takeEpoch() {
    epochs += 1
    for index in candidates.indices {
      var candidate = candidates[index]
      let signs = candidate.covariances.map { $0 < 0 ? -1.0 : $0 > 0 ? 1 : 0 }
      let slopes = problem.slope(of: candidate.values, signs: signs)
      for weight in candidate.weights.indices {
        // What is to fall is −S.
        let slope = -slopes[weight] + training.decay * candidate.weights[weight]
        let step = quickprop.step(
          slope: slope, previous: candidate.slopes[weight], last: candidate.steps[weight],
          rate: rate)
        candidate.weights[weight] += step
        candidate.steps[weight] = step
        candidate.slopes[weight] = slope
      }
      // One that ran away stays where it was last.
      guard candidate.weights.allSatisfy({ abs($0) < Self.largestWeight }) else { continue }
      candidate.count(problem)
      candidates[index] = candidate
    }
  }

  /// The paper's ε makes the same steps here as there: a weight is `weightScale` times one there, and S
  /// rises `valueScale` / `weightScale` times as steeply with it.
  private var rate: Double {
    let activation = problem.activation
    let scale = activation.weightScale * activation.weightScale / activation.valueScale
    return training.rate * scale / Double(max(1, problem.samples * problem.width))
  }
}

extension CandidatePool.Candidate {
  fileprivate mutating func count(_ problem: CandidateProblem) {
    values = problem.values(of: weights)
    covariances = problem.covariances(of: values)
  }
}
