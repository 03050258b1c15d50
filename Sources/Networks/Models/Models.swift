/// The networks of the benchmarks.
package enum Models {
  /// A fully connected network: `widths` are the hidden layers' units.
  package static func multilayerPerceptron(
    inputs: Int, widths: [Int], outputs: Int, activation: Operation,
    outputActivation: Operation? = nil
  ) throws(GraphError) -> Graph {
    var builder = GraphBuilder(input: Shape(inputs), layout: .flat)
    for (index, width) in widths.enumerated() {
      builder.add(.dense(units: width, bias: true), name: "fc\(index + 1)")
      builder.add(activation)
    }
    builder.add(.dense(units: outputs, bias: true), name: "fc\(widths.count + 1)")
    if let outputActivation { builder.add(outputActivation) }
    return try builder.graph()
  }

  /// One hidden layer, and direct weights from the inputs to the outputs beside it: the
  /// flat form of cascade correlation, and the seed of its deep one.
  ///
  /// The last layer reads inputs, then hidden units: (inputs + hidden) × outputs weights and a bias
  /// each.
  package static func shortcutPerceptron(
    inputs: Int, hidden: Int, outputs: Int, activation: Operation,
    outputActivation: Operation? = nil
  ) throws(GraphError) -> Graph {
    var builder = GraphBuilder(input: Shape(inputs), layout: .flat)
    let input = builder.last
    builder.add(.dense(units: hidden, bias: true), name: "fc1")
    builder.add(activation)
    builder.add(.concatenate, on: [input, builder.last])
    builder.add(.dense(units: outputs, bias: true), name: "fc2")
    if let outputActivation { builder.add(outputActivation) }
    return try builder.graph()
  }

  /// LeNet-300-100 (LeCun et al. 1998) with ReLU: 266,200 weights, 266,610 parameters.
  package static func leNet300() throws(GraphError) -> Graph {
    try multilayerPerceptron(inputs: 784, widths: [300, 100], outputs: 10, activation: .relu)
  }

  /// LeNet-5 as Caffe has it, 20-50-500-10, with a ReLU after each convolution as in the pruning
  /// papers since: 430,500 weights, 431,080 parameters.
  ///
  /// Pooling stands before the ReLU: the two commute, and a quarter of the values remain.
  package static func leNet5(
    input: Shape = Shape(1, 28, 28), classes: Int = 10
  ) throws(GraphError) -> Graph {
    let pool = Operation.maxPool(.init(size: Extent(2)))
    var builder = GraphBuilder(input: input, layout: .spatial)
    builder.add(.convolution(.init(channels: 20, kernel: Extent(5))), name: "conv1")
    builder.add(pool)
    builder.add(.relu)
    builder.add(.convolution(.init(channels: 50, kernel: Extent(5))), name: "conv2")
    builder.add(pool)
    builder.add(.relu)
    builder.add(.flatten)
    builder.add(.dense(units: 500, bias: true), name: "fc1")
    builder.add(.relu)
    builder.add(.dense(units: classes, bias: true), name: "fc2")
    return try builder.graph()
  }
}
