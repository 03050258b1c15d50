package import Networks

/// What a cell leaves: its result, and what is kept beside it.
package struct CellOutcome {
  package var result: CellResult
  /// The last network that was reached, if any was.
  package var network: Network?
  /// Of a dense cell the network early in its training, which ``Control/rewind`` starts from.
  package var early: Network?
  /// What the strategy made, one for each point.
  package var structures: [Structure] = []
  /// What the strategy did, in order.
  package var rounds: [RoundRecord] = []
}
