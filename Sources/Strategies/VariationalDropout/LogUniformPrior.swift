/// The divergence of a weight's noise from the log-uniform prior, in an approximation that holds for all
/// noise.
///
///     KL(α) = −(k₁ sigmoid(k₂ + k₃ log α) − ½ log(1 + 1/α) − k₁)
///     k₁ = 0.63576, k₂ = 1.87320, k₃ = 1.48695
///
/// D. Molchanov, A. Ashukha, D. Vetrov: Variational Dropout Sparsifies Deep Neural Networks. ICML 2017,
/// arXiv:1701.05369, equation 14. It falls as α grows: what is all noise carries no information.
package enum LogUniformPrior {
  private static let height: Float = 0.63576
  private static let place: Float = 1.87320
  private static let slope: Float = 1.48695

  /// The divergence at log α.
  package static func divergence(atLogRatio logRatio: Lanes) -> Lanes {
    let sigmoid = 1 / (1 + FloatFunctions.exponential(-(place + slope * logRatio)))
    let part = FloatFunctions.logarithm(1 + FloatFunctions.exponential(-logRatio)) * 0.5
    return -(height * sigmoid - part - height)
  }

  /// Its derivative by log α, which is never positive.
  @inline(__always)
  package static func derivative(atLogRatio logRatio: Lanes) -> Lanes {
    let sigmoid = 1 / (1 + FloatFunctions.exponential(-(place + slope * logRatio)))
    let rest = 0.5 / (1 + FloatFunctions.exponential(logRatio))
    return -height * slope * sigmoid * (1 - sigmoid) - rest
  }
}
