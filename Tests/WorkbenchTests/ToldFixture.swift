import Comparison
import Datasets
import Foundation
import Networks
import Reports

/// A comparison that never ran, with the way of its cells.
enum ToldFixture {
  static func board() throws -> ToldBoard {
    let fixture = try ReportFixture()
    var board = fixture.boards[0]
    let published = PublishedResult(
      method: "Some paper", year: 1999, paper: "paper", dataset: "data", architecture: "10-50-1",
      metric: "error", denseParameters: 600, parametersLeft: 100, ratio: 6, denseError: 0.05,
      prunedError: 0.06, remark: "", source: "table 2", isVerified: false, epochs: "20",
      checkpoint: .best)
    for table in board.tables.indices {
      for row in board.tables[table].rows.indices {
        let cost = 1 + 0.05 * board.tables[table].ratio + 0.02 * Double(row)
        board.tables[table].rows[row].result?.trainingCost = cost
      }
    }
    (board.published, board.nearestPublished) = ([published], [published])
    return ToldBoard(board, runs: try runs(fixture), layers: ["fc1": 500, "fc2": 50])
  }

  static func runs(_ fixture: ReportFixture? = nil) throws -> [TracedRun] {
    let fixture = try fixture ?? ReportFixture()
    let cells = fixture.plan.cells.filter { ["obd", "obs", "magnitude"].contains($0.key.strategy) }
    return try cells.compactMap { fixture.results[$0.key] }.map { result in
      TracedRun(result, rounds: try rounds(of: result.key))
    }
  }

  /// Four rounds that halve the network, as the file of a cell tells them.
  private static func rounds(of key: CellKey) throws -> [RoundRecord] {
    let factor = key.strategy == "obd" ? 1.5 : 0.7
    return try (1...4).map { round in
      let (before, after) = (1100 >> round, 550 >> round)
      let loss = 0.1 * Double(round)
      var proposal: [String: Any] = ["edits": ["mask-off": before - after]]
      if key.strategy != "magnitude" {
        proposal["predictedLossChange"] = 0.01 * Double(round * round)
      }
      let object: [String: Any] = [
        "weightsGoal": after, "samples": 10_000 * (round + 2), "weightsBefore": before,
        "weights": after, "lossBefore": loss,
        "lossAfter": loss + factor * 0.01 * Double(round * round), "proposal": proposal,
        "layers": [
          ["name": "fc1", "units": 50, "weights": after - after / 10],
          ["name": "fc2", "units": 1, "weights": after / 10],
        ],
      ]
      return try CanonicalJSON.decode(
        RoundRecord.self, from: JSONSerialization.data(withJSONObject: object))
    }
  }
}
