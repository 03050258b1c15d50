extension Graph.Node {
  /// Shape and layout that the node makes of its inputs.
  func output(
    from shapes: [Shape], layouts: [Layout], isFirst: Bool
  ) throws(GraphError) -> (Shape, Layout) {
    func refuse(_ reason: String) -> GraphError { GraphError(node: name, reason: reason) }
    func only() throws(GraphError) -> (Shape, Layout) {
      guard shapes.count == 1 else { throw refuse("it takes one input, not \(shapes.count)") }
      return (shapes[0], layouts[0])
    }
    func spatial() throws(GraphError) -> Shape {
      let (shape, layout) = try only()
      guard layout == .spatial else { throw refuse("it takes a spatial input, not a flat one") }
      return shape
    }

    switch operation {
    case .input(let shape, let layout):
      guard isFirst, shapes.isEmpty else { throw refuse("an input stands first and alone") }
      guard shape.channels > 0, shape.plane > 0, layout == .spatial || shape.plane == 1 else {
        throw refuse("a \(layout) input cannot have the shape \(shape)")
      }
      return (shape, layout)
    case .dense(let units, _):
      let (_, layout) = try only()
      guard layout == .flat else { throw refuse("a dense layer takes a flat input; flatten first") }
      guard units > 0 else { throw refuse("it needs at least one unit") }
      return (Shape(units), .flat)
    case .convolution(let convolution):
      guard convolution.channels > 0 else { throw refuse("it needs at least one filter") }
      let size = try slide(
        over: spatial(), window: convolution.kernel, stride: convolution.stride,
        padding: convolution.padding)
      return (Shape(convolution.channels, size.height, size.width), .spatial)
    case .maxPool(let window), .averagePool(let window):
      let input = try spatial()
      let size = try slide(
        over: input, window: window.size, stride: window.stride, padding: window.padding)
      guard window.padding.height < window.size.height, window.padding.width < window.size.width
      else { throw refuse("a window would lie in the padding alone") }
      return (Shape(input.channels, size.height, size.width), .spatial)
    case .globalAveragePool:
      return (Shape(try spatial().channels), .spatial)
    case .batchNorm, .relu, .tanh, .sigmoid:
      return try only()
    case .residualSum:
      guard shapes.count == 2, shapes[0] == shapes[1], layouts[0] == layouts[1] else {
        throw refuse("skip and branch differ: \(shapes.map(\.description))")
      }
      return (shapes[0], layouts[0])
    case .concatenate:
      guard let shape = shapes.first, let layout = layouts.first,
        shapes.allSatisfy({ $0.height == shape.height && $0.width == shape.width }),
        layouts.allSatisfy({ $0 == layout })
      else { throw refuse("its inputs do not fit beside each other: \(shapes)") }
      return (Shape(shapes.map(\.channels).reduce(0, +), shape.height, shape.width), layout)
    case .flatten:
      return (Shape(try spatial().count), .flat)
    }
  }

  private func slide(
    over input: Shape, window: Extent, stride: Extent, padding: Extent
  ) throws(GraphError) -> Extent {
    guard window.height > 0, window.width > 0, stride.height > 0, stride.width > 0,
      padding.height >= 0, padding.width >= 0,
      input.height + 2 * padding.height >= window.height,
      input.width + 2 * padding.width >= window.width
    else {
      throw GraphError(
        node: name,
        reason: "a window of \(window.height)×\(window.width) does not fit on \(input)")
    }
    return Extent(
      (input.height + 2 * padding.height - window.height) / stride.height + 1,
      (input.width + 2 * padding.width - window.width) / stride.width + 1)
  }
}
