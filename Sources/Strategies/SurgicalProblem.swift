/// A layer's quadratic form that falls into parts, each of some weights: what ``RowSurgery`` removes
/// weights from.
protocol SurgicalProblem {
  /// The parts, those with the least to lose first: a full ``CheapestLosses`` stops the others early.
  func rowsByScale() -> [Int]

  /// Where a column of a part lies in the layer's vector.
  func position(_ column: Int, inRow row: Int) -> Int

  /// The removals of a part in order, as far as they can be among the cheapest of all.
  ///
  /// - Throws: `StrategyError` when the numbers are not finite.
  mutating func trace(_ row: Int, bound: inout CheapestLosses) throws -> [RowTrace.Removal]

  /// The weights that minimise a part's form over its other live columns.
  ///
  /// - Parameter removed: columns.
  /// - Returns: the kept columns' positions and weights; none when only silent ones go.
  func resolved(_ row: Int, without removed: [Int]) throws -> [(position: Int, weight: Float)]
}
