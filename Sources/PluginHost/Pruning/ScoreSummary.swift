/// The scores of a round in four numbers.
package struct ScoreSummary: Codable, Hashable, Sendable {
  package private(set) var count = 0
  package private(set) var least = 0.0
  package private(set) var mean = 0.0
  package private(set) var largest = 0.0

  init() {}

  /// Takes the scores that matter: those of masked weights do not.
  mutating func add(_ scores: [Float], where matters: (Int) -> Bool) {
    var sum = mean * Double(count)
    for index in scores.indices where matters(index) {
      let score = Double(scores[index])
      least = count == 0 ? score : min(least, score)
      largest = count == 0 ? score : max(largest, score)
      sum += score
      count += 1
    }
    mean = count > 0 ? sum / Double(count) : 0
  }

  /// Nil without any score.
  var ifAny: ScoreSummary? { count > 0 ? self : nil }
}
