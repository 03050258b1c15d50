package import StrategyKit

/// A symmetric matrix as bands of rows, each from the diagonal on: half the memory of the whole, and half
/// the arithmetic when a product is taken from it.
package struct SymmetricBands {
  /// Some rows, from the column of the first on.
  private struct Band {
    let first: Int
    var values: Matrix
  }

  package let side: Int
  private var bands: [Band] = []
  private let height: Int

  /// - Parameters:
  ///   - matrix: symmetric, with both triangles.
  ///   - height: rows of a band: enough for a product to run at full speed.
  package init(_ matrix: borrowing Matrix, height: Int = 480) {
    side = matrix.rows
    self.height = height
    for first in stride(from: 0, to: side, by: height) {
      let rows = min(height, side - first)
      var values = Matrix(rows: rows, columns: side - first)
      for row in 0..<rows {
        let start = (first + row) * matrix.columns
        values.replace(row: row, with: matrix.values[start + first..<start + side])
      }
      bands.append(Band(first: first, values: values))
    }
  }

  private init(side: Int, height: Int) {
    self.side = side
    self.height = height
  }

  /// Writes a row, which is a column too.
  ///
  /// - Parameters:
  ///   - start: the first column that is asked for, at most `row`; what comes before is left alone or
  ///     written, too.
  ///   - target: room for ``side`` elements.
  package func copyRow(
    _ row: Int, from start: Int = 0, to target: UnsafeMutableBufferPointer<Double>
  ) {
    for band in bands {
      let (width, first) = (band.values.columns, band.first)
      let end = first + band.values.rows
      if end <= start { continue }
      band.values.values.withUnsafeBufferPointer { values in
        if row < end {
          let start = (row - first) * width
          for column in first..<side { target[column] = values[start + column - first] }
        } else {
          var at = row - first
          for column in first..<end {
            target[column] = values[at]
            at += width
          }
        }
      }
      if row < end { return }
    }
  }

  /// Takes vectorsᵀ · vectors away.
  ///
  /// - Parameters:
  ///   - vectors: one a row, of ``side`` elements.
  ///   - algebra: the host's.
  package mutating func subtractProducts(of vectors: Matrix, algebra: LinearAlgebra) throws {
    for index in bands.indices {
      let columns = bands[index].first..<side
      let right = vectors.taking(columns: columns)
      let left = vectors.taking(columns: columns.prefix(bands[index].values.rows))
      try algebra.addProduct(
        left, transposingA: true, right, times: -1, to: &bands[index].values)
    }
  }

  /// The matrix of some rows and the same columns.
  ///
  /// - Parameter rows: ascending.
  package consuming func compacted(to rows: [Int]) -> SymmetricBands {
    var result = SymmetricBands(side: rows.count, height: height)
    var whole = [Double](repeating: 0, count: side)
    for first in stride(from: 0, to: rows.count, by: height) {
      let count = min(height, rows.count - first)
      var values = Matrix(rows: count, columns: rows.count - first)
      for row in 0..<count {
        whole.withUnsafeMutableBufferPointer {
          copyRow(rows[first + row], from: rows[first], to: $0)
        }
        values.values.withUnsafeMutableBufferPointer { values in
          let start = row * (rows.count - first)
          for column in first..<rows.count { values[start + column - first] = whole[rows[column]] }
        }
      }
      result.bands.append(Band(first: first, values: values))
    }
    return result
  }
}

extension Matrix {
  fileprivate mutating func replace(row: Int, with elements: ArraySlice<Double>) {
    values.replaceSubrange(row * columns..<(row + 1) * columns, with: elements)
  }

  /// Some columns of all rows.
  fileprivate func taking(columns range: Range<Int>) -> Matrix {
    guard range.count < columns else { return self }
    var taken = Matrix(rows: rows, columns: range.count)
    for row in 0..<rows {
      taken.replace(
        row: row, with: values[row * columns + range.lowerBound..<row * columns + range.upperBound])
    }
    return taken
  }
}
