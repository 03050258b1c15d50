/// `; did you mean 'x'?` for the name that `word` is most probably a slip of, or nothing when none
/// is near.
func suggestion(for word: String, among names: [String]) -> String {
  guard let name = nearest(to: word, among: names) else { return "" }
  return "; did you mean '\(name)'?"
}

/// The name that takes the fewest insertions, removals, replacements and swaps of neighbours to
/// become `word`, the first of several; nil when that takes more than half of its letters.
package func nearest(to word: String, among names: [String]) -> String? {
  // A longer word is no slip of the keyboard, and the table below grows with the square.
  guard word.count <= 256 else { return nil }
  let distances = names.map { (name: $0, distance: editDistance(Array(word), Array($0))) }
  guard let best = distances.min(by: { $0.distance < $1.distance }),
    best.distance <= max(best.name.count, word.count) / 2
  else { return nil }
  return best.name
}

private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var least = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        least = min(least, beforeLast[j - 1] + 1)
      }
      row.append(least)
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}
