import StrategyKit

extension Matrix {
  /// The elements where some rows and columns meet, in the order given.
  ///
  /// - Precondition: there are such rows and columns.
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

  /// The elements where some rows and columns meet, in this matrix's own memory where nobody else
  /// holds it.
  ///
  /// - Parameters:
  ///   - rows: ascending.
  ///   - columns: ascending.
  consuming func compacted(rows: [Int], columns: [Int]) throws -> Matrix {
    let stride = self.columns
    var values = self.values
    self = Matrix(rows: 0, columns: 0)
    values.withUnsafeMutableBufferPointer { values in
      var next = 0
      for row in rows {
        for column in columns {
          values[next] = values[row * stride + column]
          next += 1
        }
      }
    }
    values.removeLast(values.count - rows.count * columns.count)
    return try Matrix(rows: rows.count, columns: columns.count, values: values)
  }
}
