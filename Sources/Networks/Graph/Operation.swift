/// What a node of the graph computes.
package enum Operation: Hashable, Codable, Sendable {
  /// The network's input. `flat` inputs are plain vectors.
  case input(Shape, layout: Layout)
  /// `units` weighted sums of a flat input.
  case dense(units: Int, bias: Bool)
  case convolution(Convolution)
  case maxPool(Window)
  case averagePool(Window)
  /// Mean over the map: channels × 1 × 1, still spatial.
  case globalAveragePool
  /// Ioffe & Szegedy 2015, per channel; a scale and a shift are its parameters.
  case batchNorm
  case relu
  case tanh
  case sigmoid
  /// `inputs[0] + scale · inputs[1]`: skip and branch of a residual block. `scale` counts at
  /// evaluation; in training the gate of the mini-batch stands in its place.
  case residualSum(scale: Float)
  /// The channels of all inputs, one after the other.
  case concatenate
  /// Spatial to flat.
  case flatten

  /// Cross-correlation with `channels` filters.
  package struct Convolution: Hashable, Codable, Sendable {
    package var channels: Int
    package var kernel: Extent
    package var stride: Extent
    package var padding: Extent
    package var bias: Bool

    package init(
      channels: Int, kernel: Extent, stride: Extent = Extent(1), padding: Extent = Extent(0),
      bias: Bool = true
    ) {
      self.channels = channels
      self.kernel = kernel
      self.stride = stride
      self.padding = padding
      self.bias = bias
    }
  }

  /// A pooling window.
  package struct Window: Hashable, Codable, Sendable {
    package var size: Extent
    package var stride: Extent
    package var padding: Extent

    package init(size: Extent, stride: Extent? = nil, padding: Extent = Extent(0)) {
      self.size = size
      self.stride = stride ?? size
      self.padding = padding
    }
  }

  /// Whether the node works on each value alone and keeps the shape.
  package var isActivation: Bool {
    switch self {
    case .relu, .tanh, .sigmoid: true
    default: false
    }
  }

  /// Whether the node is a layer with weights: dense or convolution.
  package var isWeighted: Bool {
    switch self {
    case .dense, .convolution: true
    default: false
    }
  }

  /// The number of units a weighted layer has.
  package var units: Int? {
    switch self {
    case .dense(let units, _): units
    case .convolution(let convolution): convolution.channels
    default: nil
    }
  }
}
