import StrategyKit

extension Matrix {
  /// The elements where some rows and columns meet, in the order given.
  func taking(rows: [Int], columns: [Int]) -> Matrix {
    var taken = Matrix(rows: rows.count, columns: columns.count)
    let stride = self.columns
    values.withUnsafeBufferPointer { values in
      taken.values.withUnsafeMutableBufferPointer { taken in
        var next = 0
        for row in rows {
          for column in columns {
            taken[next] = values[row * stride + column]
            next += 1
          }
        }
      }
    }
    return taken
  }
}
