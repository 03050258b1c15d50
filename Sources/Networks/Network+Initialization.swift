import Numerics

/// From which distribution fresh weights are drawn.
package enum Initialization: String, Codable, Hashable, Sendable {
  /// N(0, 2 / fan-in) (He et al. 2015); layers before tanh or sigmoid by ``glorot``.
  case he
  /// U(±√(6 / (fan-in + fan-out))) (Glorot & Bengio 2010), Caffe's "xavier".
  case glorot
  /// U(±1/√fan-in), the customary rule that Glorot & Bengio 2010 start from (their equation 1): a
  /// third of the variance that keeps the signal of linear units, a sixth of ``he``'s.
  case fanIn
}

extension Network {
  /// The network with fresh weights, biases 0 and batch normalisation at the identity.
  ///
  /// - Parameters:
  ///   - seed: every layer draws from a stream of its own, named by the layer.
  ///   - rule: how widely.
  package func initialized(seed: UInt64, by rule: Initialization = .he) -> Network {
    var network = self
    for slot in layout.slots {
      let node = graph.nodes[slot.place]
      let channels = graph.shapes[slot.place].channels
      for (block, value) in node.operation.kind.initialBiases.enumerated() {
        let first = slot.biases.lowerBound + block * channels
        for index in first..<first + channels { network.values[index] = value }
      }
      guard !slot.weights.isEmpty else { continue }
      var random = RandomStream(seed: seed, name: "initial weights of \(node.name)")
      let fans = graph.fans(at: slot.place)
      // He's rule is ReLU's.
      switch rule == .he && graph.saturates(after: slot.place) ? .glorot : rule {
      case .he:
        let deviation = (2 / Double(fans.in)).squareRoot()
        for index in slot.weights { network.values[index] = Float(deviation * random.normal()) }
      case .glorot:
        let bound = (6 / Double(fans.in + fans.out)).squareRoot()
        for index in slot.weights { network.values[index] = random.uniform(within: bound) }
      case .fanIn:
        let bound = (1 / Double(fans.in)).squareRoot()
        for index in slot.weights { network.values[index] = random.uniform(within: bound) }
      }
    }
    return network
  }
}

extension Network {
  /// The network with the weights of each unit multiplied by √(fan-in / live ones): as if they had been
  /// drawn for the fan-in that is left.
  ///
  /// U. Evci et al.: Gradient Flow in Sparse Neural Networks. AAAI 2022, arXiv:2010.03533.
  package func scaledToLiveFanIn() -> Network {
    var network = self
    for slot in layout.slots {
      let geometry = graph.weightGeometry(of: slot)
      guard geometry.row > 0 else { continue }
      for first in stride(
        from: slot.weights.lowerBound, to: slot.weights.upperBound, by: geometry.row)
      {
        let row = first..<first + geometry.row
        let live = row.count { mask[$0] != 0 }
        let factor = (Float(geometry.row) / Float(max(1, live))).squareRoot()
        for index in row { network.values[index] *= factor }
      }
    }
    return network
  }
}

extension Graph {
  fileprivate func fans(at place: Int) -> (in: Int, out: Int) {
    nodes[place].operation.kind.fans(
      reading: shapes[nodes[place].inputs[0]], making: shapes[place])
  }

  /// Whether a saturating activation follows the layer at `place`.
  fileprivate func saturates(after place: Int) -> Bool {
    var place = place
    while consumers[place].count == 1 {
      place = consumers[place][0]
      let kind = nodes[place].operation.kind
      switch kind.role {
      case .normalization, .pooling, .noise: continue
      default: return kind.saturates
      }
    }
    return false
  }
}

extension RandomStream {
  fileprivate mutating func uniform(within bound: Double) -> Float {
    Float(uniform(in: -bound..<bound))
  }
}
