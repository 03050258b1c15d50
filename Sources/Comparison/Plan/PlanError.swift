/// Why a comparison cannot be planned: the word that is wrong and the nearest right one.
package struct PlanError: Error, Equatable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }

  static func unknownBenchmark(_ name: String, known: [String]) -> PlanError {
    let hint =
      nearestWord(to: name, among: known).map { "did you mean '\($0)'?" }
      ?? "there are \(known.joined(separator: ", "))"
    return PlanError("there is no benchmark '\(name)'; \(hint)")
  }
}

/// The word that takes the fewest edits to reach from `word`, when they are few for its length.
func nearestWord(to word: String, among words: [String]) -> String? {
  let distances = words.map { (word: $0, distance: editDistance(word.lowercased(), $0)) }
  guard let nearest = distances.min(by: { $0.distance < $1.distance }),
    nearest.distance <= max(2, word.count / 2)
  else { return nil }
  return nearest.word
}

/// Levenshtein 1966: insertions, deletions and substitutions between two words.
private func editDistance(_ first: String, _ second: String) -> Int {
  let second = Array(second)
  var row = Array(0...second.count)
  for (index, letter) in first.enumerated() {
    var diagonal = row[0]
    row[0] = index + 1
    for column in second.indices {
      let substituted = diagonal + (letter == second[column] ? 0 : 1)
      diagonal = row[column + 1]
      row[column + 1] = min(substituted, row[column] + 1, row[column + 1] + 1)
    }
  }
  return row[second.count]
}
