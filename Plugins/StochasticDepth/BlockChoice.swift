import StrategyKit

/// Which residual blocks go to meet a budget.
///
/// Blocks are few and of unequal size, so the choice is one of subsets. Among those that leave no
/// more weights than the goal and at least 99 % of it, the one whose blocks have the least summed
/// score goes: so near to the goal, sizes no longer matter. Where there is none, the one that leaves
/// the most weights within the goal goes, of equals the one with the least summed score. Every
/// subset is looked at while no more than 20 blocks may go. Beyond that, the blocks of least score
/// go until the goal is met, and those that this turns out not to need come back.
///
/// The choice is for one round; blocks that went in an earlier one do not come back.
struct BlockChoice {
  /// The share of the goal that is as good as all of it.
  private static let nearShare = 0.99
  private static let mostExact = 20

  private let candidates: [(place: Int, weights: Int, score: Double)]
  private let weights: Int
  private let goal: Int

  /// - Parameters:
  ///   - scores: one a block.
  ///   - weights: the live weights of the network.
  ///   - goal: the weights to leave.
  init(_ blocks: [Block], scores: [Float], weights: Int, goal: Int) {
    candidates = blocks.indices.filter { blocks[$0].isDroppable }
      .map { ($0, blocks[$0].weightCount, Double(scores[$0])) }
    self.weights = weights
    self.goal = goal
  }

  /// The weights that are left when all blocks go that may.
  var least: Int { weights - candidates.reduce(0) { $0 + $1.weights } }

  /// The places of the blocks that go, rising; nil where the goal is out of reach.
  var going: [Int]? {
    guard least <= goal else { return nil }
    guard weights > goal else { return [] }
    return (candidates.count <= Self.mostExact ? exact : greedy).sorted()
  }

  /// The same.
  ///
  /// - Throws: `SkipStrategy` where the goal is out of reach.
  func required() throws -> [Int] {
    guard let going else {
      throw SkipStrategy(
        candidates.isEmpty
          ? "no residual block is left to drop: \(weights) weights are outside of such blocks, and "
            + "the goal is \(goal)"
          : "without any block that may be dropped \(least) weights would be left, and the goal is "
            + "\(goal)")
    }
    return going
  }

  // MARK: - Every subset

  private struct Subset {
    var places: [Int] = []
    var left: Int
    var score = 0.0
  }

  private var exact: [Int] {
    var best: Subset?
    search(from: 0, Subset(left: weights), &best)
    return best?.places ?? []
  }

  /// Goes through the subsets that add candidates from `start` on.
  private func search(from start: Int, _ subset: Subset, _ best: inout Subset?) {
    // With the goal met, another block would only cost more.
    guard subset.left > goal else {
      if let known = best, !isBetter(subset, known) { return }
      best = subset
      return
    }
    for index in candidates.indices[start...] {
      var larger = subset
      larger.places.append(candidates[index].place)
      larger.left -= candidates[index].weights
      larger.score += candidates[index].score
      search(from: index + 1, larger, &best)
    }
  }

  private func isBetter(_ a: Subset, _ b: Subset) -> Bool {
    let near = Int((Double(goal) * Self.nearShare).rounded(.up))
    let (first, second) = (min(a.left, near), min(b.left, near))
    return first == second
      ? (a.score, -a.left) < (b.score, -b.left) : first > second
  }

  // MARK: - Too many for that

  private var greedy: [Int] {
    var left = weights
    var going: [(place: Int, weights: Int, score: Double)] = []
    for candidate in candidates.sorted(by: { ($0.score, $0.place) < ($1.score, $1.place) })
    where left > goal {
      going.append(candidate)
      left -= candidate.weights
    }
    // A large one may make some that were chosen before it needless: the most useful come back.
    for candidate in going.reversed() where left + candidate.weights <= goal {
      going.removeAll { $0.place == candidate.place }
      left += candidate.weights
    }
    return going.map(\.place)
  }
}
