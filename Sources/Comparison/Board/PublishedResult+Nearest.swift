import Datasets
import Foundation

extension [PublishedResult] {
  /// The results of pruned networks whose ratio is at most a factor of two from one of `ratios`:
  /// the nearest of each ratio first, then the second of each, until there are `limit`. By rising
  /// ratio.
  ///
  /// Results without an error are of no use beside measured ones and left out.
  func nearest(to ratios: [Double], limit: Int) -> [PublishedResult] {
    typealias Candidate = (result: PublishedResult, distance: Double)
    var candidates: [Double: [Candidate]] = [:]
    for result in self where result.prunedError != nil {
      guard let ratio = result.ratio, ratio > 1,
        let nearest = ratios.min(by: { abs(log($0 / ratio)) < abs(log($1 / ratio)) })
      else { continue }
      let distance = abs(log(nearest / ratio))
      if distance <= log(2) { candidates[nearest, default: []].append((result, distance)) }
    }
    // Swift's sort is stable: equals stay in the order of the file.
    let sorted = ratios.compactMap { candidates[$0]?.sorted { $0.distance < $1.distance } }
    let most = sorted.map(\.count).max() ?? 0
    let taken = (0..<most).flatMap { place in
      sorted.compactMap { place < $0.count ? $0[place].result : nil }
    }
    return taken.prefix(limit).sorted { ($0.ratio ?? 0) < ($1.ratio ?? 0) }
  }
}
