import CKernels

/// The live weights of a layer in compressed rows, as the sparse kernels take them. It stands until
/// the mask changes.
final class SparseLayer {
  let rows: Int
  let count: Int
  /// The rows in runs of about as many entries.
  let cuts: [Int]
  private let start: Buffer<Int32>
  private let column: Buffer<Int32>
  /// Of a dense layer: columns for rows, for the gradient of its input.
  let transposed: Transposed?
  /// Of a convolution: where each weight meets the map.
  let plan: Buffer<Int32>?

  final class Transposed {
    let columns: Int
    /// The columns in runs of about as many entries.
    let cuts: [Int]
    private let start: Buffer<Int32>
    private let row: Buffer<Int32>
    /// For each entry by column the number of the same entry by row.
    private let order: Buffer<Int32>
    private let values: FloatBuffer

    fileprivate init(
      columns: Int, rows: Int, start rowStart: Buffer<Int32>, column: Buffer<Int32>, parts: Int
    ) {
      self.columns = columns
      let count = column.count
      start = Buffer(count: columns + 1)
      row = Buffer(count: count)
      order = Buffer(count: count)
      values = FloatBuffer(count: count)
      // The start of a column moves on with each of its entries, to that of the next column.
      let start = start.pointer
      for entry in 0..<count { start[Int(column.pointer[entry])] += 1 }
      var total: Int32 = 0
      for column in 0...columns {
        (start[column], total) = (total, total + start[column])
      }
      for row in 0..<rows {
        for entry in rowStart.pointer[row]..<rowStart.pointer[row + 1] {
          let column = Int(column.pointer[Int(entry)])
          let place = Int(start[column])
          start[column] += 1
          self.row.pointer[place] = Int32(row)
          order.pointer[place] = entry
        }
      }
      for column in (0..<columns).reversed() { start[column + 1] = start[column] }
      start[0] = 0
      cuts = evenCuts(self.start, parts: parts)
    }

    /// Calls `body` with the structure and `weights`, which lie by row, in its order.
    func with(
      _ weights: UnsafePointer<Float>,
      _ body: (UnsafePointer<wbk_sparse>, UnsafePointer<Float>) -> Void
    ) {
      wbk_take(Int64(values.count), order.pointer, weights, values.pointer)
      var matrix = wbk_sparse(
        rows: Int64(columns), start: start.pointer, column: row.pointer)
      body(&matrix, values.pointer)
    }
  }

  /// - Parameters:
  ///   - mask: Of the layer's weights, rows × columns; 0 is masked.
  ///   - live: How many are not 0.
  ///   - convolution: Its geometry, or nil for a dense layer.
  ///   - parts: Runs that ``cuts`` makes.
  init(
    mask: ArraySlice<Float>, live: Int, rows: Int, convolution: wbk_convolution?, parts: Int
  ) {
    self.rows = rows
    count = live
    let columns = rows > 0 ? mask.count / rows : 0
    let start = Buffer<Int32>(count: rows + 1)
    let column = Buffer<Int32>(count: live)
    mask.withUnsafeBufferPointer { mask in
      guard let mask = mask.baseAddress else { return }
      var found = 0
      for row in 0..<rows {
        var count: Int64 = 0
        wbk_live_places(Int64(columns), mask + row * columns, column.pointer + found, &count)
        found += Int(count)
        start.pointer[row + 1] = Int32(found)
      }
    }
    self.start = start
    self.column = column
    cuts = evenCuts(start, parts: parts)
    guard var convolution else {
      transposed = Transposed(
        columns: columns, rows: rows, start: start, column: column, parts: parts)
      plan = nil
      return
    }
    transposed = nil
    let plan = Buffer<Int32>(
      count: wbk_sparse_convolution_plan_size(&convolution, Int64(live)))
    var weights = wbk_sparse(rows: Int64(rows), start: start.pointer, column: column.pointer)
    wbk_sparse_convolution_plan(&convolution, &weights, plan.pointer)
    self.plan = plan
  }

  /// Appends where the entries lie in a flat vector in which the layer's weights begin at `first`.
  func appendPlaces(from first: Int, columns: Int, to places: inout [Int32]) {
    places += [Int32](unsafeUninitializedCapacity: count) { places, initialized in
      for row in 0..<rows {
        let base = Int32(first + row * columns)
        for entry in Int(start.pointer[row])..<Int(start.pointer[row + 1]) {
          places[entry] = base + column.pointer[entry]
        }
      }
      initialized = count
    }
  }

  func with<Result>(_ body: (UnsafePointer<wbk_sparse>) -> Result) -> Result {
    var matrix = wbk_sparse(rows: Int64(rows), start: start.pointer, column: column.pointer)
    return body(&matrix)
  }
}

/// parts + 1 row numbers, from the first to the end, between which about as many entries lie.
private func evenCuts(_ start: Buffer<Int32>, parts: Int) -> [Int] {
  let rows = start.count - 1
  let start = start.pointer
  let entries = Int(start[rows])
  var cuts = [0]
  var row = 0
  for part in 1..<max(parts, 1) {
    while row < rows, Int(start[row]) * parts < entries * part { row += 1 }
    cuts.append(row)
  }
  return cuts + [rows]
}
