import Networks
import Numerics

extension Structure {
  /// The network that a control begins with.
  ///
  /// - Parameters:
  ///   - control: Which one.
  ///   - benchmark: Whose initialisation is used.
  ///   - seed: Of the fresh weights: one for all controls and strategies of a replicate.
  ///   - early: The dense network early in its training, for those that rewind.
  /// - Throws: ``CellFailure`` where the structure leaves nothing to this control.
  func start(
    of control: Control, on benchmark: Benchmark, seed: UInt64, early: Network?
  ) throws(CellFailure) -> Network {
    let network: Network
    do {
      network = try self.network(prunesBiases: benchmark.prunesBiases)
    } catch {
      throw CellFailure(.stopped, "the structure at \(ratio)× cannot be run: \(error)")
    }
    func fresh(_ network: Network) -> Network {
      network.initialized(seed: seed, by: benchmark.initialization).maskedValues
    }
    switch control {
    case .scratch, .scratchOperations:
      return fresh(network.compacted().network).scaledToLiveFanIn()
    case .reinit: return fresh(network)
    case .shuffled:
      guard live.total < live.count else {
        throw CellFailure(.skipped, "whole units went, and there is no mask to shuffle")
      }
      return fresh(network.shuffled(seed: seed))
    case .rewind: return try rewound(network, to: early)
    case .smallDense: return fresh(try benchmark.network(ofAtMost: network.counts.weights))
    }
  }

  private func rewound(_ network: Network, to early: Network?) throws(CellFailure) -> Network {
    guard let early else {
      throw CellFailure(.stopped, "the dense network's early weights are missing")
    }
    var network = network
    for (index, place) in places(in: early.values.count).enumerated() where live[index] {
      guard let place else {
        throw CellFailure(
          .skipped, "not all that is live was in the dense network, so nothing can be rewound")
      }
      network.values[index] = early.values[place]
    }
    return network
  }
}

extension Benchmark {
  /// The network with all layers narrower by one share, as large as a number of weights allows.
  fileprivate func network(ofAtMost weights: Int) throws(CellFailure) -> Network {
    do {
      let whole = try network()
      var best = try whole.narrowed(to: 0)
      guard best.counts.weights <= weights else {
        throw CellFailure(
          .skipped,
          "with one unit a layer the network has \(best.counts.weights) weights, and \(weights) were left"
        )
      }
      var (low, high) = (0.0, 1.0)
      for _ in 0..<20 {
        let share = (low + high) / 2
        let network = try whole.narrowed(to: share)
        if network.counts.weights <= weights {
          (low, best) = (share, network)
        } else {
          high = share
        }
      }
      return best
    } catch let failure as CellFailure {
      throw failure
    } catch {
      throw CellFailure(.stopped, "no smaller network can be made: \(error)")
    }
  }
}

extension Network {
  /// With zeros where nothing is live.
  fileprivate var maskedValues: Network {
    var network = self
    for index in mask.indices where mask[index] == 0 { network.values[index] = 0 }
    return network
  }

  /// With the masks of each layer's weights in another order, and those of its biases.
  fileprivate func shuffled(seed: UInt64) -> Network {
    var network = self
    for slot in layout.slots where graph.nodes[slot.place].operation.isWeighted {
      var random = RandomStream(seed: seed, name: "mask of \(graph.nodes[slot.place].name)")
      for range in [slot.weights, slot.biases] {
        let order = random.permutation(range.count)
        for (index, from) in zip(range, order) {
          network.mask[index] = mask[range.lowerBound + Int(from)]
        }
      }
    }
    return network
  }
}
