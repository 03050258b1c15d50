import Comparison
import Foundation
import Networks
import Reports
import Testing

/// What a strategy changed, in order, as text.
struct TimelineTests {
  private func record(
    step: Int? = nil, samples: Int, _ before: Int, _ after: Int, edits: [String: Int] = [:],
    predicted: Double? = nil, loss: (before: Double, after: Double)? = nil, notes: [String]? = nil
  ) throws -> RoundRecord {
    var proposal: [String: Any] = ["edits": edits]
    proposal["predictedLossChange"] = predicted
    proposal["notes"] = notes
    var object: [String: Any] = [
      "weightsGoal": 100, "samples": samples, "weightsBefore": before, "weights": after,
      "layers": [["name": "fc1", "units": 7, "weights": after]], "proposal": proposal,
    ]
    object["step"] = step
    object["lossBefore"] = loss?.before
    object["lossAfter"] = loss?.after
    return try CanonicalJSON.decode(
      RoundRecord.self, from: JSONSerialization.data(withJSONObject: object))
  }

  private func rows(_ rounds: [RoundRecord], width: Int? = nil) -> [String] {
    TimelineText(style: Style(isColoured: false), width: width).render(rounds)
      .split(separator: "\n").map(String.init)
  }

  @Test func whereNothingChangedThereIsNoTimeline() throws {
    #expect(rows([]).isEmpty)
    #expect(rows([try record(samples: 0, 5, 5)]).isEmpty)
  }

  @Test func aRoundIsALine() throws {
    let rows = rows([
      try record(
        samples: 12_000, 1000, 400, edits: ["mask-off": 600], predicted: 0.00002,
        loss: (0.5, 0.75)),
      try record(samples: 13_000, 400, 390),
    ])
    #expect(rows[0].hasPrefix("samples"))
    let cells = rows[1].split(whereSeparator: \.isWhitespace).map(String.init)
    #expect(
      cells == [
        "12.0k", "1,000", "→", "400", "400", "7", "mask-off", "600", "0.5", "+0.25", "+2.00e-05",
      ])
    #expect(rows[2].contains("weights without effect masked"))
    #expect(rows[3].hasPrefix("timeline"))
  }

  @Test("Update points of a period share a few lines, their numbers are added")
  func updatePoints() throws {
    let updates = try (1...14).map { step in
      try record(
        step: step, samples: 100 * step, 100, 100, edits: ["mask-off": 3, "mask-on": 3],
        predicted: -0.01, loss: (1, 0.98))
    }
    let start = try record(samples: 0, 1000, 100, edits: ["mask-off": 900])
    let few = rows([start] + updates)
    let shared = few.filter { $0.contains("update point") }
    #expect(shared.count == 4)
    #expect(shared[0].contains("4 update points: mask-off 12, mask-on 12"))
    #expect(shared[0].contains("−0.08") && shared[0].contains("−0.04"))
    #expect(shared[3].contains("2 update points"))
    // Of many periods each has one line beside its first.
    let many = rows(Array(repeating: [start] + updates, count: 6).flatMap { $0 })
    #expect(many.filter { $0.contains("14 update points") }.count == 6)
  }

  @Test("A strategy that says why has a line a change, with sizes, the error and the reason")
  func reasons() throws {
    let updates = try (1...14).map { step in
      try record(
        step: step, samples: 100 * step, 100, 100, edits: ["widen": 1],
        notes: step == 3 ? ["grew 'fc1': it paid \u{1B}[31m"] : nil)
    }
    let curve = [
      CurveMark(samples: 0, error: 1, weights: 100),
      CurveMark(samples: 250, error: 0.5, weights: 120),
    ]
    let text = TimelineText(style: Style(isColoured: false), width: 80)
      .render(updates, curve: curve, metric: .normalisedSquaredError)
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.allSatisfy { $0.count <= 80 } && !text.contains("\u{1B}"))
    #expect(lines.filter { $0.contains("widen 1") }.count == 14)
    let third = try #require(
      lines.firstIndex {
        $0.hasPrefix("    300 ") || $0.hasPrefix("  300 ") || $0.hasPrefix("300 ")
      })
    #expect(lines[third].contains("0.5") && lines[third].contains(" 7 "))
    #expect(lines[third + 1].contains("grew 'fc1': it paid"))
  }

  @Test("Size and error are drawn over the samples, on a terminal of 80 columns")
  func curves() throws {
    let fixture = try ReportFixture()
    let cell = try #require(fixture.plan.cells.first)
    var result = ReportFixture.result(of: cell.key)
    result.points[0].curve = (0...40).map {
      CurveMark(samples: 1000 * $0, error: 1 / Double($0 + 1), weights: 80 + 10 * $0)
    }
    let benchmark = try #require(Benchmark.catalogue.first { $0.name == "friedman1" })
    let text = TrajectoryText(style: Style(isColoured: false), width: 80)
      .render(result, of: benchmark)
    let lines = text.split(separator: "\n").map(String.init).filter { $0.contains("█") }
    #expect(lines.count == 2)
    #expect(
      lines[0].hasPrefix("weights") && lines[0].hasSuffix("█ 480") && lines[0].contains(" 80 ▁"))
    #expect(lines[1].hasPrefix("error") && lines[1].contains(" █") && lines[1].contains("▁ 0.0244"))
    #expect(lines.allSatisfy { $0.count <= 80 })
  }

  @Test func aNarrowTerminalGetsLess() throws {
    let round = try record(samples: 12_000, 1000, 400, edits: ["mask-off": 600])
    let narrow = rows([round], width: 50)
    #expect(narrow.allSatisfy { $0.count <= 50 })
    #expect(narrow.contains { $0.hasPrefix("not shown") })
  }
}
