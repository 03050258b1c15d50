import Foundation

/// The activation behind a layer, found out from what goes into it and what comes out.
enum UnitActivation: CaseIterable {
  case tanh
  case sigmoid
  case rectifier

  /// The one that makes `outputs` of `sums`; nil for none that is known, and where the values fit a layer
  /// without an activation better.
  ///
  /// - Parameters:
  ///   - sums: pre-activations.
  ///   - outputs: as many values in the same order.
  init?(from sums: [Double], to outputs: [Double]) {
    guard !sums.isEmpty, sums.count == outputs.count else { return nil }
    func distance(_ function: (Double) -> Double) -> Double {
      var largest = 0.0
      for (sum, output) in zip(sums, outputs) {
        largest = max(largest, abs(function(sum) - output) / max(1, abs(output)))
      }
      return largest
    }
    let distances = Self.allCases.map { activation in distance { activation.value(at: $0) } }
    guard let least = distances.min(), least < Self.tolerance, least <= distance({ $0 }),
      let index = distances.firstIndex(of: least)
    else { return nil }
    self = Self.allCases[index]
  }

  /// Signals are of single precision, and sums over hundreds of inputs.
  private static let tolerance = 1e-3
  /// Of the softplus in a ReLU's place: Liu et al.'s.
  private static let sharpness = 3.0

  private func value(at sum: Double) -> Double {
    switch self {
    case .tanh: Foundation.tanh(sum)
    case .sigmoid: Self.logistic(sum)
    case .rectifier: max(0, sum)
    }
  }

  /// σ'' at a pre-activation; of a ReLU that of the softplus log(1 + exp(β u)) / β.
  func curvature(at sum: Double) -> Double {
    switch self {
    case .tanh:
      let value = Foundation.tanh(sum)
      return -2 * value * (1 - value * value)
    case .sigmoid:
      let value = Self.logistic(sum)
      return value * (1 - value) * (1 - 2 * value)
    case .rectifier:
      let value = Self.logistic(Self.sharpness * sum)
      return Self.sharpness * value * (1 - value)
    }
  }

  private static func logistic(_ sum: Double) -> Double { 1 / (1 + exp(-sum)) }
}
