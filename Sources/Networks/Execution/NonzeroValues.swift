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

  /// The share of values beyond which a product is no faster without the others.
  private static let mostDense = 0.5

  /// Room for a matrix of so many rows and values.
  init(rows: Int, values: Int) {
    count = Buffer(count: rows)
    column = Buffer(count: values)
    self.values = FloatBuffer(count: values)
  }

  /// Calls `body` with what is not 0 of `matrix`, unless that is more than a product would gain by, or there
  /// is no room for it. Returns whether it did.
  func with(
    _ matrix: UnsafePointer<Float>, rows: Int, columns: Int, team: Team,
    _ body: (wbk_nonzeros) -> Void
  ) -> Bool {
    let size = rows * columns
    guard rows <= count.count, size <= values.count else { return false }
    var found: Int64 = 0
    wbk_count_live(Int64(size), matrix, &found)
    guard Double(found) <= Double(size) * Self.mostDense else { return false }
    team.share(rows, work: 2 * size) { part in
      wbk_nonzeros_of(
        Int64(part.lowerBound), Int64(part.upperBound), Int64(columns), matrix, count.pointer,
        column.pointer, values.pointer)
    }
    body(
      wbk_nonzeros(
        rows: Int64(rows), columns: Int64(columns), count: count.pointer, column: column.pointer,
        values: values.pointer))
    return true
  }
}
