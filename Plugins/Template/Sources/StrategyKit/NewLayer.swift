/// A layer to be put in.
public struct NewLayer: Sendable {
  /// What it computes.
  public let kind: LayerKind
  /// Outputs, inputs, kernel height, kernel width.
  public let dimensions: [Int]
  /// The distance between windows.
  public let stride: Size
  /// Rows and columns of zeros around the input.
  public let padding: Size
  /// The product of the dimensions, row-major.
  public let weights: [Float]
  /// One an output, or none.
  public let biases: [Float]

  /// A dense layer.
  ///
  /// - Parameters:
  ///   - outputs: neurons.
  ///   - inputs: features.
  ///   - weights: outputs · inputs values, row-major.
  ///   - biases: one an output, or none.
  /// - Returns: the layer.
  public static func dense(
    outputs: Int, inputs: Int, weights: [Float], biases: [Float] = []
  ) -> NewLayer {
    NewLayer(
      kind: .dense, dimensions: [outputs, inputs, 1, 1], stride: Size(height: 1, width: 1),
      padding: Size(height: 0, width: 0), weights: weights, biases: biases)
  }

  /// A convolution.
  ///
  /// - Parameters:
  ///   - outputs: channels out.
  ///   - inputs: channels in.
  ///   - kernel: the window.
  ///   - stride: the distance between windows.
  ///   - padding: rows and columns of zeros around the input.
  ///   - weights: outputs · inputs · height · width values, row-major.
  ///   - biases: one an output, or none.
  /// - Returns: the layer.
  public static func convolution(
    outputs: Int, inputs: Int, kernel: Size, stride: Size, padding: Size, weights: [Float],
    biases: [Float] = []
  ) -> NewLayer {
    NewLayer(
      kind: .convolution, dimensions: [outputs, inputs, kernel.height, kernel.width],
      stride: stride, padding: padding, weights: weights, biases: biases)
  }

  /// max(0, x), with as many values out as in.
  public static let relu = activation(.relu)
  /// The hyperbolic tangent, with as many values out as in.
  public static let tanh = activation(.tanh)
  /// The logistic function, with as many values out as in.
  public static let sigmoid = activation(.sigmoid)

  private static func activation(_ kind: LayerKind) -> NewLayer {
    NewLayer(
      kind: kind, dimensions: [0, 0, 0, 0], stride: Size(height: 1, width: 1),
      padding: Size(height: 0, width: 0), weights: [], biases: [])
  }

  /// Ioffe and Szegedy's normalisation of what comes from a layer of as many units.
  ///
  /// - Parameters:
  ///   - scales: one a unit.
  ///   - shifts: one a unit.
  /// - Returns: the layer; its running means begin as 0 and its variances as 1.
  public static func batchNorm(scales: [Float], shifts: [Float]) -> NewLayer {
    NewLayer(
      kind: .batchNorm, dimensions: [0, 0, 0, 0], stride: Size(height: 1, width: 1),
      padding: Size(height: 0, width: 0), weights: [], biases: scales + shifts)
  }

  func specification(
    _ weights: UnsafeBufferPointer<Float>, _ biases: UnsafeBufferPointer<Float>
  ) -> wb_layer_spec {
    var specification = wb_layer_spec()
    specification.struct_size = UInt32(MemoryLayout<wb_layer_spec>.size)
    specification.kind = kind.number
    let sizes = dimensions.map { UInt32(clamping: $0) }
    specification.dims = (sizes[0], sizes[1], sizes[2], sizes[3])
    specification.stride = (UInt32(clamping: stride.height), UInt32(clamping: stride.width))
    specification.padding = (UInt32(clamping: padding.height), UInt32(clamping: padding.width))
    specification.weights = weights.isEmpty ? nil : weights.baseAddress
    specification.weight_count = UInt64(weights.count)
    specification.biases = biases.isEmpty ? nil : biases.baseAddress
    specification.bias_count = UInt64(biases.count)
    return specification
  }
}
