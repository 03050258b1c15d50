import CKernels
import Numerics

/// Random live weights in compressed rows.
struct SparseStructure {
  var rows: Int
  var columns: Int
  var start: [Int32] = [0]
  var column: [Int32] = []

  init(rows: Int, columns: Int, density: Double, seed: UInt64 = 3) {
    self.rows = rows
    self.columns = columns
    var random = RandomStream(seed: seed, name: "live weights")
    for _ in 0..<rows {
      for candidate in 0..<columns where random.uniform(in: 0..<1) < density {
        column.append(Int32(candidate))
      }
      start.append(Int32(column.count))
    }
  }

  var count: Int { column.count }

  /// The place of each live weight in the dense rows × columns.
  var places: [Int] {
    (0..<rows).flatMap { row in
      (Int(start[row])..<Int(start[row + 1])).map { row * columns + Int(column[$0]) }
    }
  }

  /// The dense weights, 0 where masked.
  func dense(_ values: [Float]) -> [Float] {
    var weights = [Float](repeating: 0, count: rows * columns)
    for (place, value) in zip(places, values) { weights[place] = value }
    return weights
  }

  func with<Result>(_ body: (UnsafePointer<wbk_sparse>) -> Result) -> Result {
    start.withUnsafeBufferPointer { start in
      // An empty array may have no address, and then nothing is read.
      (column + [0]).withUnsafeBufferPointer { column in
        guard let first = start.baseAddress, let entries = column.baseAddress else {
          preconditionFailure("neither array is empty")
        }
        var matrix = wbk_sparse(rows: Int64(rows), start: first, column: entries)
        return body(&matrix)
      }
    }
  }
}
