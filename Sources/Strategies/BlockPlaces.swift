import StrategyKit

/// Where residual blocks may come: behind the last block of each stage of a residual network, else behind
/// each hidden layer with a ReLU.
struct BlockPlaces {
  private enum Anchor {
    case block(UInt64)
    case layer(UInt64)
  }

  private let anchors: [Anchor]
  var count: Int { anchors.count }

  init(_ network: NetworkView) {
    let model = WidthModel(network)
    // Sums tie the blocks of a stage to one width: they are a stage that share a group.
    var stages: [(group: Int, last: UInt64)] = []
    for block in network.blocks {
      guard let last = network.layers.last(where: { $0.block == block.id }),
        let group = model.groups.firstIndex(where: { $0.layers.contains { $0.id == last.id } })
      else { continue }
      if let stage = stages.firstIndex(where: { $0.group == group }) {
        stages[stage].last = block.id
      } else {
        stages.append((group, block.id))
      }
    }
    guard stages.isEmpty else {
      anchors = stages.map { .block($0.last) }
      return
    }
    anchors = network.layers.filter { layer in
      let readers = network.edges.filter { $0.from == layer.id }
      return layer.isRectified && layer.block == nil && !readers.isEmpty
        && readers.allSatisfy { $0.to != nil }
    }.map { .layer($0.id) }
  }

  /// The place whose turn it is, as the network is now; nil where it has gone.
  func place(_ turn: Int, in network: NetworkView) -> Place? {
    switch anchors[turn % anchors.count] {
    case .block(let id):
      let branch = network.layers.filter { $0.block == id }
      guard let block = network.blocks.first(where: { $0.id == id }), let first = branch.first,
        let last = branch.last
      else { return nil }
      return Place(anchor: .block(block), layer: last, inner: first.unitCount)
    case .layer(let id):
      guard let layer = network.layers.first(where: { $0.id == id }) else { return nil }
      return Place(anchor: .layer(layer), layer: layer, inner: layer.unitCount)
    }
  }

  /// What a block would follow, and what its branch is like.
  struct Place {
    enum Anchor {
      case block(Block)
      case layer(Layer)
    }

    let anchor: Anchor
    /// A layer that makes what the block reads, or a term of it.
    fileprivate let layer: Layer
    /// Units between the two layers of the branch.
    fileprivate let inner: Int
  }
}

extension BlockPlaces.Place {
  /// Two layers like the one that is there, a ReLU between them. Layers without biases are taken to be
  /// normalised, as that has shifts.
  func branch(in network: NetworkView) -> [NewLayer] {
    let units = layer.unitCount
    guard layer.biasCount == 0 else {
      return [
        new(inner, reading: units, isZero: false, in: network), .relu,
        new(units, reading: inner, isZero: true, in: network),
      ]
    }
    func norm(_ units: Int, scale: Float) -> NewLayer {
      .batchNorm(
        scales: [Float](repeating: scale, count: units),
        shifts: [Float](repeating: 0, count: units))
    }
    return [
      new(inner, reading: units, isZero: false, in: network), norm(inner, scale: 1), .relu,
      new(units, reading: inner, isZero: false, in: network), norm(units, scale: 0),
    ]
  }

  /// A layer that keeps the size of the map.
  private func new(
    _ outputs: Int, reading inputs: Int, isZero: Bool, in network: NetworkView
  ) -> NewLayer {
    let isOdd = layer.kernel.height % 2 == 1 && layer.kernel.width % 2 == 1
    let kernel = isOdd ? layer.kernel : Size(height: 3, width: 3)
    let fanIn = inputs * (layer.kind == .convolution ? kernel.height * kernel.width : 1)
    let weights =
      isZero
      ? [Float](repeating: 0, count: outputs * fanIn)
      : (0..<outputs).flatMap { _ in network.randomRow(fanIn) }
    let biases = [Float](repeating: 0, count: layer.biasCount > 0 ? outputs : 0)
    guard layer.kind == .convolution else {
      return .dense(outputs: outputs, inputs: inputs, weights: weights, biases: biases)
    }
    return .convolution(
      outputs: outputs, inputs: inputs, kernel: kernel, stride: Size(height: 1, width: 1),
      padding: Size(height: kernel.height / 2, width: kernel.width / 2), weights: weights,
      biases: biases)
  }
}
