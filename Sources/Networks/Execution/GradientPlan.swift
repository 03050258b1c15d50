/// Which buffer the gradient of each activation lies in.
///
/// A backward pass needs a gradient from the moment the last of a node's readers leaves one until the node
/// has brought it to its inputs. Nodes that are far enough apart take turns in a few buffers, which are
/// still near the processor when they are written again: a residual network's step is bound by memory,
/// and its gradients, each in a place of its own, are as large as all that it has to keep.
struct GradientPlan {
  /// For each storage the number of its buffer.
  let buffers: [Int]
  /// The floats of each buffer.
  let counts: [Int]

  /// A buffer for each storage, so that all gradients are there when the pass is over.
  ///
  /// - Parameter counts: the floats of each storage.
  init(keepingAll counts: [Int]) {
    buffers = Array(counts.indices)
    self.counts = counts
  }

  /// Buffers that storages have in turns: a gradient is gone once the backward pass has met the last step
  /// that asks for it.
  ///
  /// - Parameters:
  ///   - counts: the floats of each storage.
  ///   - storage: for each step the number of its storage.
  ///   - needsGradient: for each step whether a gradient must reach it.
  init(
    sharing counts: [Int], storage: [Int], steps: [Step], of graph: Graph, needsGradient: [Bool]
  ) {
    let lives = GradientLives(
      storage: storage, steps: steps, of: graph, needsGradient: needsGradient)
    var buffers = [Int](repeating: 0, count: counts.count)
    // The first is empty, and of whoever has no gradient.
    var sizes = [0]
    // The one that was given back last is the nearest.
    var free: [Int] = []
    for place in steps.indices.reversed() {
      var own: Int? = buffers[storage[place]]
      if !steps[place].kind.propagatesInPlace || lives.end[storage[place]] != place { own = nil }
      for born in lives.born[place] {
        if let present = own, present > 0, sizes[present] == counts[born] {
          buffers[born] = present
          own = nil
        } else if let index = free.lastIndex(where: { sizes[$0] >= counts[born] }) {
          buffers[born] = free.remove(at: index)
        } else {
          buffers[born] = sizes.count
          sizes.append(counts[born])
        }
      }
      let taken = lives.born[place].map { buffers[$0] }
      free += lives.dead[place].map { buffers[$0] }.filter { !taken.contains($0) }
    }
    self.buffers = buffers
    self.counts = sizes
  }
}

/// Where the backward pass, which goes from the last step to the first, meets each storage's gradient first
/// and last. A block that is left out meets fewer.
private struct GradientLives {
  /// For each step the storages that nobody writes to before it.
  var born: [[Int]]
  /// For each step the storages that nobody asks for after it.
  var dead: [[Int]]
  /// For each storage the step after which nobody asks for it.
  var end: [Int]

  init(storage: [Int], steps: [Step], of graph: Graph, needsGradient: [Bool]) {
    let count = (storage.max() ?? -1) + 1
    var start = [Int](repeating: -1, count: count)
    end = [Int](repeating: steps.count, count: count)
    for (place, step) in steps.enumerated() {
      // The loss leaves a gradient whether or not somebody asks for it. That of a convolution whose output
      // a pool takes at once is never whole, and it asks for the pool's.
      let holder = step.pool >= 0 ? step.pool : place
      guard needsGradient[place] || place == steps.count - 1 else { continue }
      let own = storage[holder]
      start[own] = max(start[own], holder, graph.consumers[holder].max() ?? 0)
      end[own] = min(end[own], place)
    }
    born = [[Int]](repeating: [], count: steps.count)
    dead = born
    for index in 0..<count where start[index] >= 0 {
      born[start[index]].append(index)
      dead[end[index]].append(index)
    }
  }
}
