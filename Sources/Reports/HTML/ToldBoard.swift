package import Comparison

/// A board and what is known of the way of its cells.
package struct ToldBoard {
  package let board: Board
  /// Of the board's cells, those that a result is there of.
  package let runs: [TracedRun]
  /// Weights of the dense network's layers by name.
  package let layers: [String: Int]

  package init(_ board: Board, runs: [TracedRun], layers: [String: Int]) {
    self.board = board
    self.runs = runs
    self.layers = layers
  }
}
