import CWorkbench

/// What a strategy can read. The numbers are the header's.
enum Signal: Int32, CaseIterable, Sendable {
  case parameters, mask, gradient, fisherDiagonal, gaussNewtonDiagonal, leCunDiagonal
  case activationZeroRate, activationMean, activationVariance
  case outputCurvature, inputMoment, inverseHessian
  case momentum, inputs, outputGradients, bypassGradient, hessianGradient
  case sampleGradients

  /// The name in lists and messages.
  var word: String {
    switch self {
    case .parameters: "parameters"
    case .mask: "mask"
    case .gradient: "gradient"
    case .fisherDiagonal: "fisher-diagonal"
    case .gaussNewtonDiagonal: "gauss-newton-diagonal"
    case .leCunDiagonal: "lecun-diagonal"
    case .activationZeroRate: "activation-zero-rate"
    case .activationMean: "activation-mean"
    case .activationVariance: "activation-variance"
    case .outputCurvature: "output-curvature"
    case .inputMoment: "input-moment"
    case .inverseHessian: "inverse-hessian"
    case .momentum: "momentum"
    case .inputs: "inputs"
    case .outputGradients: "output-gradients"
    case .bypassGradient: "bypass-gradient"
    case .hessianGradient: "hessian-gradient"
    case .sampleGradients: "sample-gradients"
    }
  }

  var bit: UInt64 { 1 << UInt64(rawValue) }
}

/// What a strategy can change. The numbers are the header's.
enum EditKind: Int32, CaseIterable, Sendable {
  case maskOff = 0
  case maskOn = 1
  case setWeights = 2
  case removeUnits = 3
  case widen = 4
  case replace = 5
  case insertAfter = 6
  case removeLayer = 7
  case scaleBlock = 8
  case dropBlock = 9
  case insertBlock = 10
  case freeze = 11
  case thaw = 12
  case insertBeside = 13

  /// The name in lists and messages.
  var word: String {
    switch self {
    case .maskOff: "mask-off"
    case .maskOn: "mask-on"
    case .setWeights: "set-weights"
    case .removeUnits: "remove-units"
    case .widen: "widen"
    case .replace: "replace"
    case .insertAfter: "insert-after"
    case .removeLayer: "remove-layer"
    case .scaleBlock: "scale-block"
    case .dropBlock: "drop-block"
    case .insertBlock: "insert-block"
    case .freeze: "freeze"
    case .thaw: "thaw"
    case .insertBeside: "insert-beside"
    }
  }

  var bit: UInt64 { 1 << UInt64(rawValue) }
}
