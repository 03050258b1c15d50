import CKernels
import Numerics

/// What is not 0 of a matrix that changes with every batch.
///
/// Behind a rectifier most of a dense layer's gradient is 0: of LeNet-300-100's first layer four fifths
/// after a pass over MNIST. Which lanes they are differs from unit to unit.
final class NonzeroValues {
  private let count: Buffer<Int32>
  private let column: Buffer<Int32>
  private let values: FloatBuffer

  /// How they are to lie.
  enum Order {
    case byRow
    /// As rows of the transposed matrix. Columns come in multiples of ``Lanes/width``.
    case byColumn

    /// The share of values beyond which a product is no faster without the others: one that writes its
    /// result transposed has more to do.
    fileprivate var mostDense: Double { self == .byRow ? 0.5 : 0.4 }
  }

  /// Room for matrices of so many rows and columns.
  init(rows: Int, columns: Int) {
    count = Buffer(count: max(rows, columns))
    column = Buffer(count: rows * columns)
    values = FloatBuffer(count: rows * columns)
  }

  /// Calls `body` with what is not 0 of `matrix`, unless that is more than a product would gain by, or there
  /// is no room for it. Returns whether it did.
  func with(
    _ matrix: UnsafePointer<Float>, rows: Int, columns: Int, _ order: Order, _ team: Team,
    _ body: (UnsafePointer<wbk_nonzeros>) -> Void
  ) -> Bool {
    let size = rows * columns
    guard max(rows, columns) <= count.count, size <= values.count else { return false }
    var found: Int64 = 0
    wbk_count_live(Int64(size), matrix, &found)
    guard Double(found) <= Double(size) * order.mostDense else { return false }
    var nonzeros = wbk_nonzeros(
      rows: Int64(rows), columns: Int64(columns), count: count.pointer, column: column.pointer,
      values: values.pointer)
    switch order {
    case .byRow:
      team.share(rows, bytes: 8 * size) { part in
        wbk_nonzeros_of(
          Int64(part.lowerBound), Int64(part.upperBound), Int64(columns), matrix, count.pointer,
          column.pointer, values.pointer)
      }
    case .byColumn:
      team.share(columns / Lanes.width, bytes: 8 * size) { part in
        wbk_nonzeros_of_transposed(
          Int64(part.lowerBound * Lanes.width), Int64(part.upperBound * Lanes.width), Int64(rows),
          Int64(columns), matrix, count.pointer, column.pointer, values.pointer)
      }
      (nonzeros.rows, nonzeros.columns) = (nonzeros.columns, nonzeros.rows)
    }
    body(&nonzeros)
    return true
  }
}
