import Comparison
import Networks
import Numerics

/// With how many digits a board writes its errors.
struct BoardDigits {
  let metric: Metric
  /// After the point, of numbers whose interval is not known.
  let ordinary: Int

  func text(_ error: Double) -> String { NumberText.fixed(error, decimals: ordinary) }

  /// A mean and half its interval, with the digits that this supports.
  func parts(_ estimate: Board.Estimate) -> (left: String, right: String?) {
    let half = estimate.interval?.halfWidth
    let decimals = decimals(half)
    return (
      NumberText.fixed(estimate.mean, decimals: decimals),
      half.map { NumberText.fixed($0, decimals: decimals) }
    )
  }

  /// A difference and half its interval.
  func parts(_ interval: Statistics.Interval) -> (left: String, right: String?) {
    let decimals = decimals(interval.halfWidth)
    return (
      NumberText.signed(interval.mean, decimals: decimals),
      NumberText.fixed(interval.halfWidth, decimals: decimals)
    )
  }

  private func decimals(_ halfWidth: Double?) -> Int {
    NumberText.decimals(supportedBy: halfWidth, metric: metric, ordinary: ordinary)
  }
}
