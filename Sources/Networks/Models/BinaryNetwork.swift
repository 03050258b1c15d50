extension Models {
  /// A perceptron of binary weights and activations: each hidden layer is followed by a batch
  /// normalisation and the sign, the last layer by a batch normalisation.
  ///
  /// I. Hubara, M. Courbariaux, D. Soudry, R. El-Yaniv, Y. Bengio: Binarized Neural Networks. NIPS 2016,
  /// arXiv:1602.02830, section 2.1. As there the first layer reads pixels as they are.
  package static func binaryPerceptron(
    inputs: Int, widths: [Int], outputs: Int
  ) throws(GraphError) -> Graph {
    var builder = GraphBuilder(input: Shape(inputs), layout: .flat)
    for (index, width) in widths.enumerated() {
      builder.add(.dense(units: width, bias: false, isBinary: true), name: "fc\(index + 1)")
      builder.add(.batchNorm, name: "fc\(index + 1).norm")
      builder.add(.sign)
    }
    let last = "fc\(widths.count + 1)"
    builder.add(.dense(units: outputs, bias: false, isBinary: true), name: last)
    builder.add(.batchNorm, name: "\(last).norm")
    return try builder.graph()
  }
}
