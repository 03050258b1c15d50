import Networks
import Numerics
import PluginHost
import Testing

/// The teacher–student experiment of Evci et al. 2022 ("GradMax", section 4.1 and the notebook of its
/// repository): a teacher of 10-10-10 with weights from U[−1, 1], a student of 10-5-10 that gets a unit at
/// a time, 1,000 samples from N(0, I), full-batch descent at 0.05, ReLU. From the checkpoints of the run
/// that grows at random each growth is trained for 500 steps, and the mean squared errors of those steps
/// are averaged.
///
/// The published figures are of one run, at 5 to 9 units. How long the first student is trained is not said;
/// here it is 500 steps, and errors are higher than those (0.76 and 0.86 at first, means of 8). Held
/// against each other are the gains: GradMax's error over that of random units. Ours have biases, 0 at
/// first.
@Suite struct TeacherStudentTests {
  private static let steps = 500
  private static let published: [(gradMax: Double, random: Double)] = [
    (gradMax: 0.460, random: 0.510), (0.372, 0.428), (0.309, 0.355), (0.279, 0.287), (0.236, 0.261),
  ]

  private struct Experiment {
    let samples: Samples
    let student: Network

    init(seed: UInt64) throws {
      var random = RandomStream(seed: seed, name: "teacher")
      func uniform(_ count: Int) -> [Double] { (0..<count).map { _ in 2 * random.uniform() - 1 } }
      let (first, second) = (uniform(100), uniform(100))
      let rows = (0..<1000).map { _ in (0..<10).map { _ in random.normal() } }
      func product(_ weights: [Double], _ input: [Double]) -> [Double] {
        (0..<10).map { row in (0..<10).reduce(0.0) { $0 + weights[row * 10 + $1] * input[$1] } }
      }
      let targets = rows.flatMap { product(second, product(first, $0).map { max(0, $0) }) }
      samples = try Samples(
        shape: [10, 1, 1], inputs: rows.joined().map { Float($0) },
        targets: .values(targets.map { Float($0) }, width: 10))
      student = Network(
        graph: try Models.multilayerPerceptron(
          inputs: 10, widths: [5], outputs: 10, activation: .relu)
      ).initialized(seed: seed, by: .he)
    }

    /// The network after the steps, and the mean of their errors.
    func trained(_ network: Network, seed: UInt64) throws -> (network: Network, mean: Double) {
      let recipe = TrainingRecipe(
        optimizer: .sgd(momentum: 0, nesterov: false), learningRate: 0.05, schedule: .constant,
        batchSize: 1000, epochs: Double(TeacherStudentTests.steps), decay: 0)
      var random = RandomStream(seed: seed, name: "batches")
      let period = try Trainer(loss: .squaredError).begin(
        network, state: OptimizerState(parameters: network.layout.count), on: samples,
        recipe: recipe, random: &random)
      let losses = Losses()
      try period.advance(to: period.total, hooks: losses)
      return (period.network, losses.mean)
    }

    func grown(_ network: Network, by id: String) throws -> Network {
      // One unit: 10 weights into it, 10 out of it.
      let goal = network.counts.weights + 20
      let instance = try StrategyInstance(
        StrategyCatalogue().entry(named: id), parameters: ["stages": "1"],
        random: RandomStream(seed: 5, name: "strategy"))
      _ = try instance.updatePoints(
        of: PeriodOutline(index: 0, total: 1, steps: 100, stepsPerEpoch: 1, weightsGoal: goal),
        in: network)
      return try instance.plan(
        Round(
          index: 0, total: 1, weightsGoal: goal,
          step: TrainingStep(index: 50, total: 100, learningRate: 0.05, loss: 1)),
        network: network,
        measurements: Measurements(network: network, samples: samples, loss: .squaredError)
      ).surgery.network
    }
  }

  private final class Losses: TrainingHooks {
    private var sum = 0.0
    private var count = 0
    var mean: Double { sum / Double(max(1, count)) }
    var actsAfterSteps: Bool { false }

    func beginStep(_ step: TrainingStep, gates: inout [Float]) {
      guard step.index > 0 else { return }
      sum += step.loss
      count += 1
    }

    func endStep(_ step: TrainingStep, parameters: TrainedParameters) {}
  }

  @Test("GradMax's units learn faster than random ones, as in its paper's table")
  func table() throws {
    var runs: [[(gradMax: Double, random: Double)]] = Array(repeating: [], count: 5)
    for seed in 1...10 as ClosedRange<UInt64> {
      let experiment = try Experiment(seed: seed)
      var checkpoint = try experiment.trained(experiment.student, seed: seed).network
      for width in 0..<5 {
        let gradMax = try experiment.trained(
          experiment.grown(checkpoint, by: "gradmax"), seed: seed)
        let random = try experiment.trained(
          experiment.grown(checkpoint, by: "random-growth"), seed: seed)
        #expect(random.network.counts.weights == 20 * (6 + width))
        runs[width].append((gradMax.mean, random.mean))
        checkpoint = random.network
      }
    }
    let ratios = runs.map { $0.map { $0.gradMax / $0.random } }
    for ratios in ratios { #expect(mean(ratios) < 1, "\(ratios)") }
    // The published run's mean gain over the five widths lies among ours; at 8 units it has less than any.
    let gains = ratios[0].indices.map { seed in mean(ratios.map { $0[seed] }) }
    let published = mean(Self.published.map { $0.gradMax / $0.random })
    #expect(
      published > gains.min() ?? 1 && published < gains.max() ?? 0, "\(published) of \(gains)")
    #expect(abs(mean(gains) - published) < 0.05, "\(published) of \(gains)")
  }

  private func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(max(1, values.count))
  }
}
