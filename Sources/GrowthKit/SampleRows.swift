package import StrategyKit

extension NetworkView {
  /// What goes into a dense layer, a row a sample, with a last 1 for the bias where it is wanted.
  ///
  /// - Throws: ``HostError`` when the host refuses the signal.
  package func inputRows(of layer: Layer, withBias: Bool) throws -> Matrix {
    try withValues(of: .inputs, for: layer) { inputs in
      let (width, columns) = (layer.inputs, layer.inputs + (withBias ? 1 : 0))
      let rows = inputs.count / max(1, width)
      let values = [Double](unsafeUninitializedCapacity: rows * columns) { values, count in
        count = rows * columns
        for row in 0..<rows {
          for column in 0..<width {
            values[row * columns + column] = Double(inputs[row * width + column])
          }
          if withBias { values[row * columns + width] = 1 }
        }
      }
      return try Matrix(rows: rows, columns: columns, values: values)
    }
  }
}
