/// A linear layer that leads from the inputs of a weighted layer past its units to the pre-activations
/// of the layer that reads them: what Evci et al. 2022 ("GradMax", arXiv:2201.05125) grow by.
///
/// Two layers in a row that are linear are one convolution, with
///
///     kernel = stride₁ · (kernel₂ − 1) + kernel₁,  stride = stride₁ · stride₂,
///     padding = padding₁ + stride₁ · padding₂
///
/// in each direction. Dense layers have a kernel of 1; one that reads a flattened map has the map.
package struct Bypass: Hashable, Sendable {
  /// The place of the layer whose units are passed by.
  package let producer: Int
  /// The place of the layer that reads them.
  package let consumer: Int
  /// Units of the consumer.
  package let outputs: Int
  /// Features into a dense producer, channels into a convolution.
  package let inputs: Int
  package let kernel: Extent
  package let stride: Extent
  package let padding: Extent

  /// Weights into one output.
  package var columns: Int { inputs * kernel.area }
  /// Weights, in the order outputs, inputs, kernel height, kernel width.
  package var count: Int { outputs * columns }
}

/// Why no linear layer leads past the units of a layer, in words.
package struct NoBypass: Error, Equatable, CustomStringConvertible {
  package let description: String
}

extension Graph {
  /// What leads past the units of the weighted layer at `place`.
  ///
  /// Between it and its only reader there may be what keeps units and positions apart: activations,
  /// batch normalisations, concatenations and flatten.
  ///
  /// - Throws: ``NoBypass`` where something else lies between, or more than one layer or none reads
  ///   the units.
  package func bypass(of place: Int) throws(NoBypass) -> Bypass {
    guard nodes.indices.contains(place), nodes[place].operation.isWeighted else {
      throw NoBypass(description: "there is no layer with units")
    }
    var here = place
    var window = Window(size: Extent(1))
    while let reader = consumers[here].first {
      guard consumers[here].count == 1 else {
        throw NoBypass(description: "more than one layer reads its units")
      }
      let node = nodes[reader]
      let kind = node.operation.kind
      if kind.mixesChannels {
        throw NoBypass(description: "'\(node.name)' makes each of its channels of all of them")
      }
      switch kind.role {
      case .activation, .normalization, .noise: break
      case .joining where kind.flow == .concatenate: break
      case .reshaping: window.size = Extent(shapes[here].height, shapes[here].width)
      case .layer:
        let own = layouts[reader] == .flat ? window : kind.window
        return bypass(from: place, to: reader, own ?? window)
      case .pooling:
        throw NoBypass(
          description: "'\(node.name)' pools its units, and no linear layer leads past that")
      case .joining:
        throw NoBypass(description: "'\(node.name)' adds its units to those of other layers")
      case .input: throw NoBypass(description: "there is no layer with units")
      }
      here = reader
    }
    throw NoBypass(description: "its units are the network's output")
  }

  private func bypass(from producer: Int, to consumer: Int, _ second: Window) -> Bypass {
    let first = nodes[producer].operation.kind.window ?? Window(size: Extent(1))
    let input = shapes[nodes[producer].inputs[0]]
    func along(_ axis: KeyPath<Extent, Int>) -> (kernel: Int, stride: Int, padding: Int) {
      let step = first.stride[keyPath: axis]
      return (
        step * (second.size[keyPath: axis] - 1) + first.size[keyPath: axis],
        step * second.stride[keyPath: axis],
        first.padding[keyPath: axis] + step * second.padding[keyPath: axis]
      )
    }
    let (vertical, horizontal) = (along(\.height), along(\.width))
    return Bypass(
      producer: producer, consumer: consumer, outputs: shapes[consumer].channels,
      inputs: layouts[producer] == .flat ? input.count : input.channels,
      kernel: Extent(vertical.kernel, horizontal.kernel),
      stride: Extent(vertical.stride, horizontal.stride),
      padding: Extent(vertical.padding, horizontal.padding))
  }
}
