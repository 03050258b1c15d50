import Comparison
import Foundation
import Networks
import Reports
import Testing

/// What a strategy did to each layer.
@Suite struct ExplanationTests {
  private func explanation() throws -> Explanation {
    let run = try #require(try ToldFixture.runs().first { $0.result.key.strategy == "obd" })
    return Explanation(run.result, rounds: run.rounds, dense: ["fc1": 495, "fc2": 55])
  }

  @Test("Layers begin as the dense network's, and tell what went round by round")
  func layers() throws {
    let explanation = try explanation()
    #expect(explanation.rounds.count == 4)
    #expect(explanation.layers.map(\.name) == ["fc1", "fc2"])
    let changes = explanation.layers[0].changes
    #expect(changes.map(\.weights) == [248, 124, 62, 31])
    #expect(changes.map(\.weightsBefore) == [495, 248, 124, 62])
    #expect(changes.map(\.round) == [0, 1, 2, 3])
  }

  @Test("Where nobody kept what was there before, nothing is said of it")
  func unknownStart() throws {
    let run = try #require(try ToldFixture.runs().first)
    let explanation = Explanation(run.result, rounds: run.rounds, dense: [:])
    #expect(explanation.layers[0].changes[0].weightsBefore == nil)
    let text = ExplanationText(style: Style(isColoured: false), width: 100).render(explanation)
    #expect(text.contains("not in the dense network"))
  }

  @Test func text() throws {
    try expectSnapshot(
      ExplanationText(style: Style(isColoured: false), width: 100).render(explanation()),
      "explanation.txt")
  }

  @Test func json() throws {
    let text = try explanationJSON(explanation(), version: "1.2.3")
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    let rounds = try #require(object?["rounds"] as? [[String: Any]])
    #expect(
      rounds.compactMap { $0["predicted_loss_change"] as? Double } == [0.01, 0.04, 0.09, 0.16])
    #expect((object?["layers"] as? [[String: Any]])?.count == 2)
  }

  @Test("A network is shown with its shapes, counts and densities")
  func portrait() throws {
    let plan = try ReportFixture().plan
    var network = try plan.contests[0].benchmark.network()
    let slot = network.layout.slots[0]
    for index in slot.weights.prefix(125) {
      network.mask[index] = 0
      network.values[index] = 0
    }
    let portrait = Portrait(network)
    let text = PortraitText(style: Style(isColoured: false), width: 100)
      .render(portrait, name: "a\u{1B}[2J")
    #expect(!text.unicodeScalars.contains("\u{1B}"))
    #expect(text.contains("425 live weights of 550 (77.3 %)"))
    #expect(text.contains("75.0 %"))
    #expect(text.contains("nothing is stored with the file"))
    let json = try portraitJSON(portrait, name: "a", version: "1.2.3")
    let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    let layers = try #require(object?["layers"] as? [[String: Any]])
    #expect(layers.compactMap { $0["live_weights"] as? Int }.reduce(0, +) == 425)
  }
}
