extension CellResult {
  /// Bytes of a reason, of which a board shows every one.
  package static let longestReason = 2000
}

extension String {
  /// The text itself, or its beginning with an ellipsis in at most `limit` bytes, of at least three.
  package func shortened(toBytes limit: Int) -> String {
    guard utf8.count > limit else { return self }
    var scalars = String.UnicodeScalarView()
    var bytes = "…".utf8.count
    for scalar in unicodeScalars {
      bytes += UTF8.width(scalar)
      guard bytes <= limit else { break }
      scalars.append(scalar)
    }
    return String(scalars) + "…"
  }
}
