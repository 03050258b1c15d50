import Comparison
import Datasets

extension Board {
  /// What papers report at ratios near to those of the tables: a statement a result.
  ///
  /// - Parameter sources: Where a reader finds where they come from.
  func publishedStatements(sources: String) -> [Statement] {
    guard !nearestPublished.isEmpty else { return [] }
    let others =
      published.count == nearestPublished.count ? "their" : "all \(published.count) with their"
    let start =
      "by papers near these ratios, each counted and trained in its own way; "
      + "\(sources) has \(others) sources"
    return ([start] + nearestPublished.map(\.words)).map { Statement(label: "published", text: $0) }
  }
}

extension PublishedResult {
  /// Such as `12×, 1.59 %: Magnitude prune+retrain, 2015`, and how it was trained, where that is known.
  fileprivate var words: String {
    let numbers = [
      ratio.map(NumberText.ratio), prunedError.map { NumberText.plain($0) + " %" },
    ].compactMap { $0 }.joined(separator: ", ")
    return "\(numbers): \(printable(method)), \(year)" + (isVerified ? "" : ", unverified")
      + conditions.map { "; \($0)" }.joined()
  }

  /// How it was trained and which of its networks was measured, as far as that is known.
  var conditions: [String] {
    [
      epochs.map { "\(printable($0)) epochs" },
      augmentation.map { "\(printable($0)) augmentation" },
      checkpoint.map { $0 == .last ? "end of training" : "the best error seen in training" },
    ].compactMap { $0 }
  }
}
