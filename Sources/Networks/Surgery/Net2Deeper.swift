/// Depth that keeps the function (Chen, Goodfellow & Shlens 2016, "Net2Net", ICLR).
extension Network {
  /// Net2DeeperNet: an identity behind the layer and what belongs to it, followed by a ReLU where the
  /// layer has one, on which another changes nothing.
  ///
  /// - Parameters:
  ///   - layer: the identifier of the layer that the identity follows.
  ///   - kernel: the side of a convolution's kernel, odd.
  /// - Throws: ``SurgeryError`` for what is no layer with units, and where its activation is one that
  ///   changes what it has made itself.
  package func net2Deeper(layer: UInt64, kernel: Int = 3) throws(SurgeryError) -> [Edit] {
    guard let place = graph.place(of: layer), graph.nodes[place].operation.isWeighted else {
      throw SurgeryError(.invalid, layer: "id \(layer)", "the network has no such layer with units")
    }
    let own = graph.layerAndItsOwn(at: place)
    let end = own.last ?? place
    var inserted: [LayerSpecification] = [
      .identity(of: graph.shapes[end].channels, layout: graph.layouts[end], kernel: kernel)
    ]
    for here in own where graph.nodes[here].operation.isActivation {
      guard graph.nodes[here].operation == .relu else {
        throw SurgeryError(
          .invalid, layer: graph.nodes[place].name,
          "an identity behind \(graph.nodes[here].operation.word) would not keep the function")
      }
      // What a batch normalisation makes of the ReLU's values may be negative.
      if here == end { inserted.append(LayerSpecification(operation: .relu)) }
    }
    return [.insertAfter(layer: layer, inserted)]
  }
}

extension Graph {
  /// Whether what is put behind the weighted layer at `place` reads the values of a ReLU.
  package func isRectified(behind place: Int) -> Bool {
    nodes[layerAndItsOwn(at: place).last ?? place].operation == .relu
  }

  /// Whether a ReLU put behind the weighted layer at `place` changes nothing: there is one, or max
  /// pools alone lie before one, with which it commutes.
  package func isRectifiable(behind place: Int) -> Bool {
    guard !isRectified(behind: place) else { return true }
    var here = layerAndItsOwn(at: place).last ?? place
    while consumers[here].count == 1 {
      here = consumers[here][0]
      if nodes[here].operation == .relu { return true }
      guard nodes[here].operation.maxPool != nil else { return false }
    }
    return false
  }
}

extension LayerSpecification {
  /// A layer that passes on what it reads.
  package static func identity(
    of channels: Int, layout: Layout, kernel side: Int = 1
  ) -> LayerSpecification {
    let area = layout == .flat ? 1 : side * side
    var weights = [Float](repeating: 0, count: channels * channels * area)
    for channel in 0..<channels {
      weights[(channel * channels + channel) * area + area / 2] = 1
    }
    let operation: Operation =
      switch layout {
      case .flat: .dense(units: channels, bias: true)
      case .spatial:
        .convolution(
          .init(channels: channels, kernel: Extent(side), padding: Extent(side / 2)))
      }
    return LayerSpecification(
      operation: operation, weights: weights, biases: [Float](repeating: 0, count: channels))
  }
}
