import StrategyKit

/// The columns of a layer's weights as a matrix of a row a unit: for each input channel and each position
/// of the kernel, the weights there of all filters. In the product of a convolution with unrolled patches
/// a column without weights is one that nobody needs to unroll.
struct KernelColumns {
  let layer: Layer
  /// How many weights each column has that are live.
  private(set) var live: [Int]

  private var width: Int { layer.fanIn }

  init(_ layer: Layer, in network: NetworkView) throws {
    self.layer = layer
    let mask = try network.values(of: .mask, for: layer)
    var live = [Int](repeating: 0, count: layer.fanIn)
    for position in 0..<layer.weightCount where mask[position] != 0 {
      live[position % layer.fanIn] += 1
    }
    self.live = live
  }

  /// The root mean square of each column's live weights: its ℓ2 norm over the root of their number; 0
  /// where there are none.
  func sizes(of parameters: [Float]) -> [Double] {
    var squares = [Double](repeating: 0, count: width)
    for row in 0..<layer.outputs {
      for column in 0..<width {
        let value = Double(parameters[row * width + column])
        squares[column] += value * value
      }
    }
    return zip(squares, live).map { $1 > 0 ? ($0 / Double($1)).squareRoot() : 0 }
  }

  /// Takes a column out.
  ///
  /// - Returns: The positions of its weights in the layer's vector.
  mutating func remove(_ column: Int) -> [Int] {
    live[column] = 0
    return (0..<layer.outputs).map { $0 * width + column }
  }

  /// The factor of each column in a proximal step that takes `amount` from the size of each.
  func factors(_ parameters: borrowing MutableSpan<Float>, by amount: Double) -> [Float] {
    var squares = [Float](repeating: 0, count: width)
    for row in 0..<layer.outputs {
      let start = layer.parameterOffset + row * width
      for column in 0..<width {
        let value = parameters[start + column]
        squares[column] += value * value
      }
    }
    return zip(squares, live).map { squares, live in
      let size = live > 0 ? (Double(squares) / Double(live)).squareRoot() : 0
      return size > amount ? Float(1 - amount / size) : 0
    }
  }

  /// Multiplies each column by its factor.
  func scale(_ parameters: inout MutableSpan<Float>, by factors: [Float]) {
    for row in 0..<layer.outputs {
      let start = layer.parameterOffset + row * width
      for column in 0..<width { parameters[start + column] *= factors[column] }
    }
  }
}
