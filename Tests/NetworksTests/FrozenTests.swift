import Networks
import Numerics
import Testing

@Suite("Frozen parameters")
struct FrozenTests {
  /// Every third parameter, all of the second layer with parameters, and all of a batch normalisation.
  private func freeze(_ network: inout Network) {
    network.frozen = (0..<network.layout.count).map { $0 % 3 == 0 }
    var whole = [network.layout.slots[1]]
    whole += network.layout.slots.suffix(3).filter(\.weights.isEmpty)
    for slot in whole {
      for index in slot.all { network.frozen[index] = true }
    }
  }

  @Test(arguments: Subject.allCases, Subject.optimizers)
  func frozenParametersStayAndOthersMove(subject: Subject, optimizer: OptimizerKind) throws {
    var problem = try Problem(subject, optimizer)
    freeze(&problem.network)
    let period = try problem.begin()
    for stop in [1, 8] {
      try period.advance(to: stop)
      let (network, state) = (period.network, period.state)
      var moved = 0
      for index in network.values.indices {
        if network.frozen[index] {
          #expect(network.values[index] == problem.network.values[index])
          #expect(state.first[index] == 0 && state.second[index] == 0)
        } else if network.values[index] != problem.network.values[index] {
          moved += 1
        }
      }
      #expect(moved > network.layout.count / 20)
    }
  }

  @Test(arguments: [Subject.residual, .sparseResidual])
  func theStatisticsOfAFrozenBatchNormStay(subject: Subject) throws {
    var problem = try Problem(subject, .adam)
    freeze(&problem.network)
    let period = try problem.begin()
    try period.advance(to: 8)
    let network = period.network
    for slot in network.layout.slots {
      guard let range = network.layout.statistics[slot.place] else { continue }
      let channels = range.count / 2
      for channel in 0..<channels {
        let scale = slot.biases.lowerBound + channel
        let isFrozen = network.frozen[scale] && network.frozen[scale + channels]
        let mean = range.lowerBound + channel
        for index in [mean, mean + channels] {
          #expect((network.statistics[index] == problem.network.statistics[index]) == isFrozen)
        }
      }
    }
  }

  @Test(arguments: Subject.allCases, Subject.optimizers)
  func nothingFrozenIsAsNothingSaid(subject: Subject, optimizer: OptimizerKind) throws {
    var problem = try Problem(subject, optimizer)
    let whole = try problem.uninterrupted()
    problem.network.frozen = [Bool](repeating: false, count: problem.network.layout.count)
    #expect(try problem.uninterrupted() == whole)
  }

  /// The frozen layer's gradient is by far the longest part; what is left alone has no length.
  @Test func aFrozenParameterHasNoPartInTheLengthOfTheGradient() throws {
    func moved(limit: Double?) throws -> [Float] {
      var problem = try Problem(.perceptron, .sgd(momentum: 0, nesterov: false))
      problem.network.frozen = [Bool](repeating: true, count: problem.network.layout.count)
      // The last two biases alone are trained.
      problem.network.frozen[problem.network.layout.count - 1] = false
      problem.network.frozen[problem.network.layout.count - 2] = false
      problem.recipe.decay = 0
      problem.recipe.longestGradient = limit
      let period = try problem.begin()
      try period.advance(to: 1)
      return zip(period.network.values, problem.network.values).suffix(2).map { $0 - $1 }
    }
    let free = try moved(limit: nil)
    let rate = 0.01
    let length = free.reduce(0) { $0 + Double($1 * $1) }.squareRoot() / rate
    #expect(length > 0)
    #expect(try moved(limit: 1.01 * length) == free)
    let short = try moved(limit: length / 2)
    #expect(abs(short[0] - free[0] / 2) < 1e-4 * abs(free[0]))
  }

  @Test func whatThawsBeginsAnew() throws {
    var problem = try Problem(.perceptron, .adam)
    problem.recipe.schedule = .constant
    freeze(&problem.network)
    let period = try problem.begin()
    try period.advance(to: 4)
    var network = period.network
    let before = network.values[3]
    network.frozen = []
    try period.update(Surgery(network: network, origin: network.inPlace))
    try period.advance(to: 5)
    let rate = Float(problem.recipe.learningRate)
    #expect(abs(abs(period.network.values[3] - before) - rate) < 1e-3 * rate)
    #expect(period.state.births[3] == 7 && period.state.births[4] == 0)
  }

  @Test func hooksCannotMoveThem() throws {
    var network = try Problem(.sparsePerceptron, .adam).network
    freeze(&network)
    let parameters = TrainedParameters(network)
    let raised = [Float](repeating: 2, count: network.layout.count)
    #expect(parameters.take(raised) == nil)
    let expected = network.values.indices.map {
      network.mask[$0] == 0 ? 0 : network.frozen[$0] ? network.values[$0] : 2
    }
    #expect(parameters.network.values == expected)
    let other = TrainedParameters(network)
    other.network.values = raised
    #expect(other.network.values == expected)
  }

  @Test func aWrongNumberOfThemIsRefused() throws {
    var problem = try Problem(.perceptron, .adam)
    problem.network.frozen = [true]
    let wrong = problem
    #expect(throws: TrainingError.self) { try wrong.begin() }
  }
}
