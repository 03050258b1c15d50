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

    fileprivate init(columns: Int, entries: [(row: Int32, column: Int32)], parts: Int) {
      self.columns = columns
      var starts = [Int32](repeating: 0, count: columns + 1)
      for entry in entries { starts[Int(entry.column) + 1] += 1 }
      for column in 0..<columns { starts[column + 1] += starts[column] }
      start = Buffer(starts)
      cuts = evenCuts(starts, parts: parts)
      row = Buffer(count: entries.count)
      order = Buffer(count: entries.count)
      values = FloatBuffer(count: entries.count)
      for (number, entry) in entries.enumerated() {
        let place = Int(starts[Int(entry.column)])
        starts[Int(entry.column)] += 1
        row.pointer[place] = entry.row
        order.pointer[place] = Int32(number)
      }
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
  ///   - convolution: Its geometry, or nil for a dense layer.
  ///   - parts: Runs that ``cuts`` makes.
  init(mask: ArraySlice<Float>, rows: Int, convolution: wbk_convolution?, parts: Int) {
    self.rows = rows
    let columns = rows > 0 ? mask.count / rows : 0
    var entries: [(row: Int32, column: Int32)] = []
    var starts: [Int32] = [0]
    for row in 0..<rows {
      for column in 0..<columns where mask[mask.startIndex + row * columns + column] != 0 {
        entries.append((Int32(row), Int32(column)))
      }
      starts.append(Int32(entries.count))
    }
    count = entries.count
    start = Buffer(starts)
    cuts = evenCuts(starts, parts: parts)
    column = Buffer(entries.map(\.column))
    guard var convolution else {
      transposed = Transposed(columns: columns, entries: entries, parts: parts)
      plan = nil
      return
    }
    transposed = nil
    let plan = Buffer<Int32>(
      count: wbk_sparse_convolution_plan_size(&convolution, Int64(entries.count)))
    var weights = wbk_sparse(rows: Int64(rows), start: start.pointer, column: column.pointer)
    wbk_sparse_convolution_plan(&convolution, &weights, plan.pointer)
    self.plan = plan
  }

  func with<Result>(_ body: (UnsafePointer<wbk_sparse>) -> Result) -> Result {
    var matrix = wbk_sparse(rows: Int64(rows), start: start.pointer, column: column.pointer)
    return body(&matrix)
  }
}

/// parts + 1 row numbers, from the first to the end, between which about as many entries lie.
private func evenCuts(_ start: [Int32], parts: Int) -> [Int] {
  let rows = start.count - 1
  let entries = Int(start[rows])
  var cuts = [0]
  var row = 0
  for part in 1..<max(parts, 1) {
    while row < rows, Int(start[row]) * parts < entries * part { row += 1 }
    cuts.append(row)
  }
  return cuts + [rows]
}
