import CKernels

/// How a pool, or a filter, moves over a map.
package struct Window: Hashable, Codable, Sendable {
  package var size: Extent
  package var stride: Extent
  package var padding: Extent

  package init(size: Extent, stride: Extent? = nil, padding: Extent = Extent(0)) {
    self.size = size
    self.stride = stride ?? size
    self.padding = padding
  }

  /// The window that covers a whole map.
  init(wholeMap map: Shape) { self.init(size: Extent(map.height, map.width)) }
}

extension Window {
  /// Shape and layout of the output of a pool.
  func pooled(_ inputs: NodeInputs) throws(GraphError) -> (Shape, Layout) {
    let input = try inputs.spatial()
    let map = try inputs.slide(self, over: input)
    guard padding.height < size.height, padding.width < size.width else {
      throw inputs.refuse("a window would lie in the padding alone")
    }
    return (Shape(input.channels, map.height, map.width), .spatial)
  }

  /// The kernels' description of a pool.
  func pooling(reading input: Shape, making output: Shape) -> wbk_pooling {
    wbk_pooling(
      channels: Int32(input.channels), in_height: Int32(input.height),
      in_width: Int32(input.width), out_height: Int32(output.height),
      out_width: Int32(output.width), window_height: Int32(size.height),
      window_width: Int32(size.width), stride_y: Int32(stride.height),
      stride_x: Int32(stride.width), padding_y: Int32(padding.height),
      padding_x: Int32(padding.width))
  }
}

extension Window {
  static var usage: String { "SIZE [stride=S] [padding=P]" }

  var text: String {
    OperationWords.text(
      [size.text],
      [
        ("stride", stride == size ? nil : stride.text),
        ("padding", padding.isZero ? nil : padding.text),
      ])
  }

  init(reading words: inout OperationWords) throws(OperationWords.Problem) {
    self.init(
      size: try words.extent("size"), stride: try words.extent(named: "stride"),
      padding: try words.extent(named: "padding") ?? Extent(0))
  }
}

// MARK: - In ONNX

extension Window {
  /// Whether a pool that fits on a map rounds its size down, or there is nothing to be rounded.
  func checkRounding(of node: ONNXModel.Node, over map: Shape) throws(ONNXProblem) {
    guard try node.number("ceil_mode", 0) != 0 else { return }
    guard (map.height + 2 * padding.height - size.height).isMultiple(of: stride.height),
      (map.width + 2 * padding.width - size.width).isMultiple(of: stride.width)
    else { throw ONNXProblem("has ceil_mode=1 where it counts; 0 is read") }
  }
}
