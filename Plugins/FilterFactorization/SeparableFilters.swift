import StrategyKit

/// Two linear factors of a layer: columns of the kernel's height, then rows of its width.
///
/// A dense layer is the case of a kernel of 1 by 1.
struct SeparableFilters {
  /// Width by inputs by kernel height.
  let first: [Float]
  /// Outputs by width by kernel width.
  let second: [Float]
  private let width: Int

  /// The layer's weights as a matrix, (input, y) by (output, x).
  static func matrix(of parameters: [Float], _ layer: Layer) -> Matrix {
    let (height, width) = (layer.kernel.height, layer.kernel.width)
    var matrix = Matrix(rows: layer.inputs * height, columns: layer.outputs * width)
    for output in 0..<layer.outputs {
      for row in 0..<layer.inputs * height {
        for x in 0..<width {
          let position = (output * layer.inputs * height + row) * width + x
          matrix[row, output * width + x] = Double(parameters[position])
        }
      }
    }
    return matrix
  }

  /// The product of two factors as a matrix, (input, y) by (output, x).
  static func product(
    _ first: [Float], _ firstLayer: Layer, _ second: [Float], _ secondLayer: Layer,
    algebra: LinearAlgebra
  ) throws -> Matrix {
    var left = Matrix(rows: firstLayer.outputs, columns: firstLayer.fanIn)
    for index in left.values.indices { left.values[index] = Double(first[index]) }
    let width = secondLayer.kernel.width
    var right = Matrix(rows: firstLayer.outputs, columns: secondLayer.outputs * width)
    for output in 0..<secondLayer.outputs {
      for middle in 0..<firstLayer.outputs {
        for x in 0..<width {
          let position = (output * firstLayer.outputs + middle) * width + x
          right[middle, output * width + x] = Double(second[position])
        }
      }
    }
    return try algebra.product(left, transposingA: true, right)
  }

  /// The best factors of a product, each weighted by the root of its singular values.
  ///
  /// - Parameters:
  ///   - product: (input, y) by (output, x).
  ///   - columns: the kernel's width, which divides the columns of the product.
  ///   - width: units between the factors, at most the rank of the product.
  ///   - algebra: the host's.
  /// - Throws: `HostError` when the decomposition does not converge.
  init(of product: Matrix, columns: Int, width: Int, algebra: LinearAlgebra) throws {
    let parts = try algebra.singularValues(of: product)
    let outputs = product.columns / columns
    var first: [Float] = []
    var second = [Float](repeating: 0, count: product.columns * width)
    for middle in 0..<width {
      let root = parts.values[middle].squareRoot()
      for row in 0..<product.rows { first.append(Float(parts.left[row, middle] * root)) }
      for output in 0..<outputs {
        for x in 0..<columns {
          second[(output * width + middle) * columns + x] = Float(
            parts.right[middle, output * columns + x] * root)
        }
      }
    }
    self.first = first
    self.second = second
    self.width = width
  }

  /// The two layers that take a layer's place.
  ///
  /// The columns keep its vertical stride and padding, the rows the horizontal ones, so that the
  /// pair computes what the product would.
  func layers(for layer: Layer, biases: [Float]) -> [NewLayer] {
    if layer.kind == .dense {
      return [
        .dense(outputs: width, inputs: layer.inputs, weights: first),
        .dense(outputs: layer.outputs, inputs: width, weights: second, biases: biases),
      ]
    }
    return [
      .convolution(
        outputs: width, inputs: layer.inputs, kernel: Size(height: layer.kernel.height, width: 1),
        stride: Size(height: layer.stride.height, width: 1),
        padding: Size(height: layer.padding.height, width: 0), weights: first),
      .convolution(
        outputs: layer.outputs, inputs: width, kernel: Size(height: 1, width: layer.kernel.width),
        stride: Size(height: 1, width: layer.stride.width),
        padding: Size(height: 0, width: layer.padding.width), weights: second, biases: biases),
    ]
  }
}
