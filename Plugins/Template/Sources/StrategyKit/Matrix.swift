/// A matrix of doubles, row after row.
public struct Matrix: Sendable {
  /// How many rows it has.
  public let rows: Int
  /// How many columns it has.
  public let columns: Int
  /// Its elements, row after row.
  public var values: [Double]

  /// A matrix of zeros.
  ///
  /// - Parameters:
  ///   - rows: how many rows.
  ///   - columns: how many columns.
  public init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    values = [Double](repeating: 0, count: rows * columns)
  }

  /// A matrix of given elements.
  ///
  /// - Parameters:
  ///   - rows: how many rows.
  ///   - columns: how many columns.
  ///   - values: its elements, row after row.
  /// - Throws: ``StrategyError`` when there are not rows · columns elements.
  public init(rows: Int, columns: Int, values: [Double]) throws {
    guard values.count == rows * columns else {
      throw StrategyError(
        "a matrix of \(rows) by \(columns) needs \(rows * columns) elements, not \(values.count)")
    }
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// The element of a row and a column.
  @inlinable
  public subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }
}
