extension Graph {
  /// The most nodes a graph may have. With the limits on sizes it keeps every count of a graph well
  /// within an `Int`, whatever file the graph came from.
  static let mostNodes = 1024

  /// The most values a node may produce for a sample.
  static let mostValues = 1 << 24

  /// The most units a layer may have.
  static let mostUnits = 1 << 18

  /// The most parameters that growth may give a network: 1 GiB of them, well within the `Int32` that
  /// surgery counts by.
  static let mostParameters = 1 << 28
}

extension Graph.Node {
  /// Refuses numbers that no network has, before anything is computed with them.
  func checkLimits() throws(GraphError) {
    guard id < UInt64.max >> 1 else {
      throw GraphError(node: name, reason: "its id \(id) is absurd")
    }
    let sizes: [Int]
    let extents: [Extent]
    switch operation {
    case .input(let shape, _):
      sizes = [shape.channels]
      extents = [Extent(shape.height, shape.width)]
    case .dense(let units, _):
      sizes = [units]
      extents = []
    case .convolution(let convolution):
      sizes = [convolution.channels]
      extents = [convolution.kernel, convolution.stride, convolution.padding]
    case .maxPool(let window), .averagePool(let window):
      sizes = []
      extents = [window.size, window.stride, window.padding]
    default:
      sizes = []
      extents = []
    }
    // An input map may be larger than any kernel, and its values are limited besides.
    let longest = if case .input = operation { 1 << 12 } else { 1 << 5 }
    guard sizes.allSatisfy({ $0 <= Graph.mostUnits }),
      extents.allSatisfy({ 0...longest ~= $0.height && 0...longest ~= $0.width })
    else { throw GraphError(node: name, reason: "its sizes are absurd") }
  }

  /// Refuses an output that no machine could hold.
  func checkLimits(of shape: Shape) throws(GraphError) {
    guard shape.channels <= Graph.mostValues, shape.height <= 1 << 13, shape.width <= 1 << 13,
      shape.count <= Graph.mostValues
    else { throw GraphError(node: name, reason: "its output of \(shape) is too large") }
  }
}
