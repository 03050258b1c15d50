/// What a C function can read: the signals of the interface that have a value for each weight, between
/// training periods.
///
/// Parser, errors and help all go by this table.
package enum ForeignSignal: String, CaseIterable, Sendable {
  case weight, mask, gradient
  case squaredGradient = "squared_gradient"
  case curvature
  case leCunCurvature = "lecun_curvature"

  package var meaning: String {
    switch self {
    case .weight: "the weight itself; 0 where it is masked"
    case .mask: "1 for a live weight, 0 for a masked one"
    case .gradient: "the mean gradient of the loss, at masked weights too"
    case .squaredGradient:
      "the mean of the samples' squared gradients: the empirical Fisher diagonal"
    case .curvature: "the diagonal of the Gauss-Newton matrix, exact"
    case .leCunCurvature: "the diagonal second derivative by LeCun, Denker and Solla's recursion"
    }
  }

  var signal: Signal {
    switch self {
    case .weight: .parameters
    case .mask: .mask
    case .gradient: .gradient
    case .squaredGradient: .fisherDiagonal
    case .curvature: .gaussNewtonDiagonal
    case .leCunCurvature: .leCunDiagonal
    }
  }

  /// Whether whole numbers hold its values.
  var isWhole: Bool { self == .mask }
}
