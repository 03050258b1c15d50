import CKernels

/// A node as an executor runs it: what a batch would otherwise look up in the graph.
struct Step {
  let kind: any OperationKind
  /// Of a residual sum: what its branch is multiplied by at evaluation.
  let blockScale: Float?
  /// The node's first two inputs; −1 where there is none.
  let first: Int
  let second: Int
  let shape: Shape
  let layout: Layout
  /// Of a convolution.
  let convolution: wbk_convolution
  /// Of a pool.
  let pooling: wbk_pooling
  /// Of a convolution: the max pool that takes its output a block at a time, or −1. The output
  /// is then never whole in memory.
  let pool: Int
  /// Whether the node is such a pool.
  let isPooledAtOnce: Bool
  /// Of a convolution: the batch normalisation whose output it makes for itself, some blocks at a time, from
  /// what that reads; or −1.
  let normalisation: Int
  /// Whether the node's output is made so, or is the rectifier's behind it: it is then never whole in memory.
  let isMadeByReader: Bool
  /// Of a batch normalisation or residual sum: whether it is rectified on the way, for the ReLU that
  /// alone reads it and works in its place.
  let rectifies: Bool
  /// Whether the node is such a ReLU.
  let isRectifiedAtOnce: Bool
}

extension Graph {
  /// - Parameter fuses: Whether nodes may take others' output block by block, which nobody else can then
  ///   see.
  func steps(fuses: Bool) -> [Step] {
    let pools = nodes.indices.map { fuses ? poolThatTakes($0) : nil }
    let rectified = nodes.indices.map { fuses ? rectifierThatTakes($0) : nil }
    let normalisations = nodes.indices.map { place in
      fuses && pools[place] == nil ? normalisationAlone(before: place) : nil
    }
    return nodes.indices.map { place in
      let node = nodes[place]
      let kind = node.operation.kind
      return Step(
        kind: kind, blockScale: kind.blockScale, first: node.inputs.first ?? -1,
        second: node.inputs.count > 1 ? node.inputs[1] : -1, shape: shapes[place],
        layout: layouts[place], convolution: convolutionGeometry(at: place) ?? wbk_convolution(),
        pooling: kind.pooling(
          reading: shapes[node.inputs.first ?? place], making: shapes[place]),
        pool: pools[place] ?? -1, isPooledAtOnce: pools.contains(place),
        normalisation: normalisations[place] ?? -1,
        isMadeByReader: normalisations.contains(place)
          || (rectified.contains(place) && normalisations.contains(node.inputs.first)),
        rectifies: rectified[place] != nil, isRectifiedAtOnce: rectified.contains(place))
    }
  }

  /// The max pool that alone reads the convolution at `place`. Padded pools are left out: their
  /// windows may have no winner, so that sums over them and over their input differ.
  private func poolThatTakes(_ place: Int) -> Int? {
    guard nodes[place].operation.convolution != nil, consumers[place].count == 1,
      let pool = nodes[consumers[place][0]].operation.maxPool, pool.pool.padding.isZero
    else { return nil }
    return consumers[place][0]
  }

  /// The ReLU that alone reads a node which can do its work.
  private func rectifierThatTakes(_ place: Int) -> Int? {
    guard nodes[place].operation.kind.canRectify, consumers[place].count == 1,
      nodes[consumers[place][0]].operation == .relu
    else { return nil }
    return consumers[place][0]
  }

  /// The batch normalisation, rectified or not, that the convolution at `place` alone reads.
  private func normalisationAlone(before place: Int) -> Int? {
    guard nodes[place].operation.convolution != nil, let input = nodes[place].inputs.first,
      consumers[input].count == 1
    else { return nil }
    if nodes[input].operation.kind is BatchNorm { return input }
    guard nodes[input].operation == .relu, let normalisation = nodes[input].inputs.first,
      nodes[normalisation].operation.kind is BatchNorm, consumers[normalisation].count == 1
    else { return nil }
    return normalisation
  }

  /// For each node the number of its buffer, which some share with an input that nobody else reads.
  ///
  /// - Parameter fuses: Whether sums may do so, too: their input is then not to be seen any more.
  func sharedStorage(fuses: Bool) -> [Int] {
    var storage: [Int] = []
    var next = 0
    for place in nodes.indices {
      if let input = inputThatMakesRoom(for: place, fuses: fuses) {
        storage.append(storage[input])
      } else {
        storage.append(next)
        next += 1
      }
    }
    return storage
  }

  /// An input whose buffer the node may write to: it is the only reader, and no backward pass asks for what
  /// was there. A branch gives its buffer to a sum that it is left out with: else it would take the sum's
  /// gradient for its own where the sum has none for it.
  private func inputThatMakesRoom(for place: Int, fuses: Bool) -> Int? {
    let node = nodes[place]
    let kind = node.operation.kind
    let works = kind.role == .activation || (fuses && kind.role == .joining)
    guard works, !kind.readsInputBackward else { return nil }
    return node.inputs.last { input in
      input != 0 && consumers[input].count == 1 && !nodes[input].operation.isActivation
        && (input == node.inputs.first || nodes[input].block == node.id)
    }
  }

  /// Nodes through which a gradient flows to some parameter.
  func nodesOnGradientPaths() -> [Bool] {
    var needed = [Bool](repeating: false, count: nodes.count)
    for (place, node) in nodes.enumerated() {
      let counts = parameterCounts(at: place)
      needed[place] = counts.weights + counts.biases > 0 || node.inputs.contains { needed[$0] }
    }
    return needed
  }
}
