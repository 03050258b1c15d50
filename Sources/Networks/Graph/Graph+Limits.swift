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
    let sizes = operation.kind.sizes
    guard sizes.counts.allSatisfy({ $0 <= Graph.mostUnits }),
      sizes.extents.allSatisfy({
        0...sizes.longest ~= $0.height && 0...sizes.longest ~= $0.width
      })
    else { throw GraphError(node: name, reason: "its sizes are absurd") }
  }

  /// Refuses an output that no machine could hold.
  func checkLimits(of shape: Shape) throws(GraphError) {
    guard shape.channels <= Graph.mostValues, shape.height <= 1 << 13, shape.width <= 1 << 13,
      shape.count <= Graph.mostValues
    else { throw GraphError(node: name, reason: "its output of \(shape) is too large") }
  }
}
