import CKernels
import Numerics

extension BatchedCurvature {
  /// Of all weighted layers, by place, in one sweep: at ``Graph/observedNode(of:)``.
  func activations() -> [Int: UnitStatistics] {
    let places = network.graph.weightedLayers
    var sums = places.map { place in
      let node = network.graph.observedNode(of: place)
      return ChannelSums(node: node, channels: network.graph.shapes[node].channels)
    }
    forEachBatch { _ in
      for index in sums.indices { sums[index].add(executor) }
    }
    return Dictionary(
      uniqueKeysWithValues: zip(places, sums).map { place, sums in
        let positions = network.graph.shapes[sums.node].plane
        return (place, sums.statistics(of: Double(max(samples.count * positions, 1))))
      })
  }
}

/// Sums over samples and positions of a node's channels.
private struct ChannelSums {
  let node: Int
  private var zeros: [Double]
  private var sums: [Double]
  private var squares: [Double]

  init(node: Int, channels: Int) {
    self.node = node
    zeros = [Double](repeating: 0, count: channels)
    (sums, squares) = (zeros, zeros)
  }

  /// Adds the batch that the executor holds.
  mutating func add(_ executor: Executor) {
    let view = executor.view(node)
    wbk_channel_statistics(
      view.blocks, view.channels, view.plane, view.lanes, Int64(executor.batch.valid),
      executor.activation(node), &zeros, &sums, &squares)
  }

  func statistics(of count: Double) -> UnitStatistics {
    UnitStatistics(
      zeroRate: zeros.map { Float($0 / count) }, mean: sums.map { Float($0 / count) },
      variance: zip(sums, squares).map { Float(max(0, $1 / count - $0 / count * ($0 / count))) })
  }
}
