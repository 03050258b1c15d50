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

  /// - Parameter matrix: symmetric, with both triangles.
  package init(_ matrix: borrowing Matrix) {
    side = matrix.rows
    // Of the square of a band on the diagonal half is computed in vain, so its rows are few; of large
    // matrices as many as let threads share a product.
    height = min(max(side / 5, 96), 480)
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
  /// - Parameter target: room for ``side`` elements.
  package func copyRow(_ row: Int, to target: UnsafeMutableBufferPointer<Double>) {
    for band in bands {
      let (width, first) = (band.values.columns, band.first)
      let end = first + band.values.rows
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
  package consuming func compacted(to rows: [Int]) throws -> SymmetricBands {
    var result = SymmetricBands(side: rows.count, height: height)
    for first in stride(from: 0, to: rows.count, by: height) {
      let columns = rows[first...]
      let count = min(height, columns.count)
      let values = [Double](unsafeUninitializedCapacity: count * columns.count) { values, filled in
        columns.withUnsafeBufferPointer { columns in
          for row in 0..<count {
            gather(columns, ofRow: columns[row], to: values.extracting(filled...))
            filled += columns.count
          }
        }
      }
      result.bands.append(
        Band(
          first: first,
          values: try Matrix(rows: count, columns: columns.count, values: values)))
    }
    return result
  }

  /// Writes some elements of a row.
  ///
  /// - Parameters:
  ///   - columns: whose, ascending.
  ///   - target: room for them, not yet initialised.
  private func gather(
    _ columns: UnsafeBufferPointer<Int>, ofRow row: Int,
    to target: UnsafeMutableBufferPointer<Double>
  ) {
    var next = 0
    for band in bands {
      let (width, first) = (band.values.columns, band.first)
      let end = first + band.values.rows
      band.values.values.withUnsafeBufferPointer { values in
        if row < end {
          let start = (row - first) * width - first
          while next < columns.count {
            target.initializeElement(at: next, to: values[start + columns[next]])
            next += 1
          }
        } else {
          while next < columns.count, columns[next] < end {
            target.initializeElement(
              at: next, to: values[(columns[next] - first) * width + row - first])
            next += 1
          }
        }
      }
      if next == columns.count { return }
    }
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
