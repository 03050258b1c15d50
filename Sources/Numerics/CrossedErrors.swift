/// Which samples two classifiers got wrong, in several replicates that share their test samples.
///
/// The difference d = wrong₁ − wrong₂ of replicate s and sample i lies in a crossed layout of two
/// random factors: a mean, an effect of the replicate, one of the sample, and a residual. So its mean
/// has a variance of σ²_replicate/S + σ²_sample/N + σ²_residual/(S·N), and the components follow from
/// the mean squares (Cornfield & Tukey 1956), those below 0 taken as 0.
package struct CrossedErrors: Sendable {
  package let replicates: Int
  package let samples: Int
  /// Samples that only the first, or only the second, got wrong, over all replicates.
  package let onlyFirst: Int
  package let onlySecond: Int
  /// Nil with one replicate, where it cannot be told from the residual.
  package let replicateMeanSquare: Double?
  package let sampleMeanSquare: Double
  /// Nil with one replicate.
  package let residualMeanSquare: Double?
  /// The mean difference in each replicate, as a fraction of the samples.
  private let replicateMeans: [Double]

  /// - Parameters:
  ///   - samples: At least two.
  ///   - first: Rows below `samples`, each once, that the first got wrong in each replicate.
  ///   - second: The same of the second.
  package init?(samples: Int, first: [[Int]], second: [[Int]]) {
    let replicates = first.count
    guard samples >= 2, replicates >= 1, second.count == replicates,
      (first + second).allSatisfy({ $0.allSatisfy((0..<samples).contains) })
    else { return nil }
    var bySample = [Int](repeating: 0, count: samples)
    var isWrong = [Bool](repeating: false, count: samples)
    var byReplicate: [Int] = []
    var both = 0
    for (first, second) in zip(first, second) {
      for row in first {
        isWrong[row] = true
        bySample[row] += 1
      }
      for row in second {
        if isWrong[row] { both += 1 }
        bySample[row] -= 1
      }
      for row in first { isWrong[row] = false }
      byReplicate.append(first.count - second.count)
    }
    self.replicates = replicates
    self.samples = samples
    onlyFirst = first.map(\.count).reduce(0, +) - both
    onlySecond = second.map(\.count).reduce(0, +) - both
    replicateMeans = byReplicate.map { Double($0) / Double(samples) }

    // Sums of squares from sums of whole numbers: nothing cancels before the last subtraction.
    let s = Double(replicates)
    let n = Double(samples)
    let total = Double(byReplicate.reduce(0, +))
    let correction = total * total / (s * n)
    let all = Double(onlyFirst + onlySecond) - correction
    let ofReplicates = byReplicate.reduce(0) { $0 + Double($1 * $1) } / n - correction
    let ofSamples = bySample.reduce(0) { $0 + Double($1 * $1) } / s - correction
    sampleMeanSquare = max(0, ofSamples) / (n - 1)
    guard replicates > 1 else {
      replicateMeanSquare = nil
      residualMeanSquare = nil
      return
    }
    replicateMeanSquare = max(0, ofReplicates) / (s - 1)
    residualMeanSquare = max(0, all - ofReplicates - ofSamples) / ((s - 1) * (n - 1))
  }

  /// The mean of d as a fraction of the samples.
  package var mean: Double {
    Double(onlyFirst - onlySecond) / (Double(samples) * Double(replicates))
  }

  /// The mean difference, its 95 % interval and its p-value, in per cent of the samples.
  ///
  /// With few replicates the layout alone finds too much: a component that is not 0 is often
  /// estimated as 0. So the interval is no narrower than Student's paired one over replicates, and p
  /// no smaller than that test's; nor than that of the exact sign test, since a handful of samples
  /// are not normal. With one replicate the interval knows of the sample alone, and there is no p.
  package var difference: Statistics.Difference {
    let crossed = Statistics.difference(
      mean: 100 * mean, standardError: 100 * variance.squareRoot(), degrees: degrees)
    guard replicates > 1,
      let paired = Statistics.pairedDifference(
        replicateMeans.map { 100 * $0 }, [Double](repeating: 0, count: replicates))
    else { return Statistics.Difference(interval: crossed.interval, p: nil) }
    let half = max(crossed.interval.halfWidth, paired.interval.halfWidth)
    let sign = Statistics.signTest(onlyFirst, onlySecond)
    return Statistics.Difference(
      interval: .init(mean: 100 * mean, low: 100 * mean - half, high: 100 * mean + half),
      p: max(crossed.p ?? 1, paired.p ?? 1, sign))
  }

  /// Of the mean: the components, each over what it is averaged over, so never below the residual's.
  package var variance: Double {
    terms.map(\.value).reduce(0, +) / (Double(replicates) * Double(samples))
  }

  /// Satterthwaite's degrees of freedom of ``variance`` (Satterthwaite 1946).
  package var degrees: Double {
    let sum = terms.map(\.value).reduce(0, +)
    let squares = terms.reduce(0) { $0 + $1.value * $1.value / $1.degrees }
    return squares > 0 ? sum * sum / squares : Double(samples - 1)
  }

  /// The variance times S·N as a sum of mean squares. A component of 0 takes its mean square out,
  /// and one that is not takes one residual out.
  private var terms: [(value: Double, degrees: Double)] {
    let samplesDegrees = Double(samples - 1)
    guard let replicate = replicateMeanSquare, let residual = residualMeanSquare
    else { return [(sampleMeanSquare, samplesDegrees)] }
    let replicatesDegrees = Double(replicates - 1)
    let hasReplicate = replicate > residual
    let hasSample = sampleMeanSquare > residual
    let residuals = 1.0 - (hasReplicate ? 1 : 0) - (hasSample ? 1 : 0)
    return [
      (hasReplicate ? replicate : 0, replicatesDegrees),
      (hasSample ? sampleMeanSquare : 0, samplesDegrees),
      (residuals * residual, replicatesDegrees * samplesDegrees),
    ]
  }
}
