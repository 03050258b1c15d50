/// Sizes from one to another in equal factors.
public struct SizeStages: Sendable {
  private let first: Int
  private let last: Int
  private let count: Int

  /// Sizes on the way.
  ///
  /// - Parameters:
  ///   - first: weights to begin with.
  ///   - last: weights at the end.
  ///   - count: steps from one to the other.
  public init(from first: Int, to last: Int, count: Int) {
    self.first = first
    self.last = last
    self.count = count
  }

  /// Weights after so many steps.
  ///
  /// - Parameter steps: from 0.
  /// - Returns: first · (last / first)^(steps / count), rounded down; the last size from `count` on.
  public func weights(after steps: Int) -> Int {
    guard steps < count else { return last }
    let ratio = Double(last) / Double(max(1, first))
    return Int(Double(first) * root(ratio, power: steps))
  }

  /// ratio^(power / count), by halving.
  private func root(_ ratio: Double, power: Int) -> Double {
    var (low, high) = (0.0, max(1, ratio))
    for _ in 0..<100 {
      let middle = (low + high) / 2
      let value = (0..<count).reduce(1.0) { product, _ in product * middle }
      if value < ratio { low = middle } else { high = middle }
    }
    return (0..<power).reduce(1.0) { product, _ in product * low }
  }
}
