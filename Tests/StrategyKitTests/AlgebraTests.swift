import StrategyKit
import Testing

@Suite struct AlgebraTests {
  private let algebra = LinearAlgebra(plainAlgebraTable)

  @Test func aWeightedSumOfTheFirstRowsIsAdded() throws {
    let matrix = try Matrix(rows: 3, columns: 2, values: [1, 2, 3, 4, .nan, .nan])
    var row = [10.0, 20]
    try algebra.addRows(of: matrix, weightedBy: [2, -1], to: &row)
    #expect(row == [9, 20])
    try algebra.addRows(of: matrix, weightedBy: [], to: &row)
    #expect(row == [9, 20])
  }

  @Test func rowsAndWeightsThatDoNotFitAreRefused() throws {
    let matrix = try Matrix(rows: 1, columns: 2, values: [1, 2])
    var row = [0.0, 0]
    #expect(throws: StrategyError.self) {
      try algebra.addRows(of: matrix, weightedBy: [1, 1], to: &row)
    }
    var short = [0.0]
    #expect(throws: StrategyError.self) {
      try algebra.addRows(of: matrix, weightedBy: [1], to: &short)
    }
  }

  @Test func anOuterProductIsAddedToTheLeadingBlock() throws {
    var matrix = try Matrix(rows: 3, columns: 3, values: [Double](repeating: 1, count: 9))
    try algebra.addOuterProduct(of: [1, 2], times: 3, to: &matrix)
    #expect(matrix.values == [4, 7, 1, 7, 13, 1, 1, 1, 1])
  }
}
