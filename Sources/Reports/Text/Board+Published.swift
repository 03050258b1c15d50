import Comparison
import Datasets

extension Board {
  /// What papers report at ratios near to those of the tables: a line a result.
  var publishedRemarks: [Remark] {
    guard !nearestPublished.isEmpty else { return [] }
    let start =
      "by papers near these ratios, each counted and trained in its own way; --format json has "
      + "\(published.count == nearestPublished.count ? "their" : "all \(published.count) with their")"
      + " sources"
    return [("published", start)] + nearestPublished.map { ("", $0.text) }
  }
}

extension PublishedResult {
  /// Such as `12×, 1.59 %: Magnitude prune+retrain, 2015`, and how it was trained, where that is known.
  fileprivate var text: String {
    let numbers = [
      ratio.map(NumberText.ratio), prunedError.map { NumberText.plain($0) + " %" },
    ].compactMap { $0 }.joined(separator: ", ")
    let training = [
      epochs.map { "\(printable($0)) epochs" },
      augmentation.map { "\(printable($0)) augmentation" },
      checkpoint.map { $0 == .last ? "end of training" : "the best error seen in training" },
    ].compactMap { $0 }
    return "\(numbers): \(printable(method)), \(year)" + (isVerified ? "" : ", unverified")
      + training.map { "; \($0)" }.joined()
  }
}
