package import Datasets
import Foundation
import Numerics

/// Data that the program has or makes.
package enum BuiltInData: String, Codable, Hashable, Sendable, CaseIterable {
  case sine, friedman1, friedman2, friedman3, teacher
  case multiSine = "multi-sine"
  case firstMonks = "monks-1"
  case secondMonks = "monks-2"
  case thirdMonks = "monks-3"
  case exclusiveOr = "xor"
  case twoSpirals = "two-spirals"
  case parity4 = "parity-4"
  case parity6 = "parity-6"
  case parity8 = "parity-8"
  case mnist
  case fashionMNIST = "fashion-mnist"

  /// What the data are drawn from; nil where they are read from files or are a list of points.
  package var task: FunctionTask? {
    switch self {
    case .sine: .sine
    case .friedman1: .friedman1
    case .friedman2: .friedman2
    case .friedman3: .friedman3
    case .teacher: Teacher.standard.task
    case .multiSine: .multiSine
    default: nil
    }
  }

  var monks: Monks.Problem? {
    switch self {
    case .firstMonks: .first
    case .secondMonks: .second
    case .thirdMonks: .third
    default: nil
    }
  }

  /// Whether ``splits(seed:_:)`` reads files of the data folder.
  var readsFiles: Bool { self == .mnist || self == .fashionMNIST || monks != nil }

  /// The training samples of each replicate where they are many, so that nothing is read to count them; nil
  /// where they are few.
  var trainingCount: Int? {
    switch self {
    case .mnist, .fashionMNIST: 60_000 - Self.validationSamples
    default: nil
    }
  }

  /// The splits of one replicate.
  ///
  /// - Parameter directory: Finds the data folder, for those that read files.
  func splits(seed: UInt64, _ directory: () throws -> URL) throws -> Splits {
    switch self {
    case .sine, .friedman1, .friedman2, .friedman3, .teacher:
      try drawn(seed, training: 4000)
    case .multiSine: try drawn(seed, training: 10_000)
    case .firstMonks, .secondMonks, .thirdMonks: try monks(from: directory())
    case .exclusiveOr: try Self.exclusiveOr()
    case .twoSpirals: try TwoSpirals.splits()
    case .parity4: try Parity.splits(inputs: 4)
    case .parity6: try Parity.splits(inputs: 6)
    case .parity8: try Parity.splits(inputs: 8)
    case .mnist: Self.heldOut(try MNIST.load(from: directory()), seed: seed)
    case .fashionMNIST: Self.heldOut(try FashionMNIST.load(from: directory()), seed: seed)
    }
  }

  private func drawn(_ seed: UInt64, training count: Int) throws -> Splits {
    guard let task else { throw PlanError("'\(rawValue)' is not drawn from a function") }
    return try task.splits(seed: seed, training: count, validation: 1000, test: 4000)
  }

  /// The data sets give no validation samples and are too small to give any away.
  private func monks(from directory: URL) throws -> Splits {
    guard let monks else { throw PlanError("'\(rawValue)' is none of the MONK's problems") }
    let (training, test) = try Monks.load(problem: monks, from: directory)
    return Splits(training: training, validation: training, test: test)
  }

  private static func exclusiveOr() throws -> Splits {
    let points = try Samples(
      shape: [2, 1, 1], inputs: [0, 0, 0, 1, 1, 0, 1, 1],
      targets: .values([0, 1, 1, 0], width: 1))
    return Splits(training: points, validation: points, test: points)
  }

  private static let validationSamples = 5000

  /// 5,000 of the 60,000 training images, drawn by the replicate, are held out for validation.
  private static func heldOut(
    _ data: (training: Samples, test: Samples), seed: UInt64
  ) -> Splits {
    var random = RandomStream(seed: seed, name: "validation split")
    let order = random.permutation(data.training.count).map { Int($0) }
    return Splits(
      training: data.training.selecting(order[validationSamples...]),
      validation: data.training.selecting(order[..<validationSamples]), test: data.test)
  }
}
