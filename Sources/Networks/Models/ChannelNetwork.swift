extension Models {
  /// Three convolutions of 32, 64 and 64 channels and one dense layer, for small images: nearly all of its
  /// weights are kernels between channels, which may be there or not one by one.
  ///
  /// After S. Changpinyo, M. Sandler, A. Zhmoginov: The Power of Sparsity in Convolutional Neural Networks.
  /// 2017, arXiv:1702.06257, whose network for MNIST has three convolutions; its widths were not seen.
  package static func channelNetwork(input: Shape, classes: Int) throws(GraphError) -> Graph {
    let pool = Operation.maxPool(.init(size: Extent(2)))
    var builder = GraphBuilder(input: input, layout: .spatial)
    builder.add(
      .convolution(.init(channels: 32, kernel: Extent(5), padding: Extent(2))), name: "conv1")
    builder.add(pool)
    builder.add(.relu)
    builder.add(.convolution(.init(channels: 64, kernel: Extent(5))), name: "conv2")
    builder.add(pool)
    builder.add(.relu)
    builder.add(
      .convolution(.init(channels: 64, kernel: Extent(3), padding: Extent(1))), name: "conv3")
    builder.add(.relu)
    builder.add(.flatten)
    builder.add(.dense(units: classes, bias: true), name: "fc")
    return try builder.graph()
  }
}
