/// Fahlman's rule for the step of one weight, downhill.
///
/// With the slope s here, the slope p one step before and that step d, and shrink = μ / (1 + μ): where
/// a parabola through both slopes says that the lowest point is near, the step leads there, d · s / (p − s);
/// where it would be further than μ times the last one, it is μ · d. Downhill beyond that, or where the
/// last step was 0, the slope itself moves the weight, by −ε · s.
///
/// S. E. Fahlman: Faster-Learning Variations on Back-Propagation: An Empirical Study. Proceedings of
/// the 1988 Connectionist Models Summer School. As his program for cascade correlation has it.
package struct Quickprop {
  /// μ: how many times the last step a step may be.
  private let growth: Double
  private let shrink: Double

  package init(growth: Double) {
    self.growth = growth
    shrink = growth / (1 + growth)
  }

  /// The step of a weight.
  ///
  /// - Parameters:
  ///   - slope: of what is to fall, here.
  ///   - previous: the slope before the last step.
  ///   - last: the last step.
  ///   - rate: ε.
  package func step(slope: Double, previous: Double, last: Double, rate: Double) -> Double {
    guard last != 0 else { return -rate * slope }
    // A step upwards is one downwards in the mirror.
    let side: Double = last < 0 ? 1 : -1
    let (s, p) = (side * slope, side * previous)
    let direct = s > 0 ? -rate * slope : 0
    // Where the slopes are equal no parabola has a lowest point.
    let isFar = s >= shrink * p || slope == previous
    return direct + (isFar ? growth * last : last * slope / (previous - slope))
  }
}
