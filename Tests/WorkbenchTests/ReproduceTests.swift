import Foundation
import Testing

/// What `reproduce` runs, prints and refuses.
@Suite struct ReproduceTests {
  private let tool = Tool()

  private struct Written: Decodable {
    var schema: Int
    var figures: [Figure]

    struct Figure: Decodable {
      var name: String
      var source: String
      var published: Double
      var quick: Bool
      var measured: Measured?
      var verdict: String
      var parts: [Part]
    }

    struct Measured: Decodable {
      var mean: Double
      var low: Double?
      var high: Double?
      var values: [Double]
    }

    struct Part: Decodable {
      var label: String
      var bound: Double
      var verdict: String
      var measured: Measured?
    }
  }

  @Test("The exclusive or and the MONK's problems, by the quick forms, from the store again")
  func quickForms() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let arguments = [
      "reproduce", "obs-xor", "obs-monks", "--quick", "--format", "json", "--output", folder.path,
    ]
    let outcome = try tool.run(arguments)
    #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
    let written = try JSONDecoder().decode(Written.self, from: Data(outcome.output.utf8))
    #expect(written.schema == 1 && written.figures.map(\.name) == ["obs-xor", "obs-monks"])
    let (xor, monks) = (written.figures[0], written.figures[1])
    #expect(xor.published == 1 && xor.quick && xor.source.contains("Hassibi"))
    #expect(xor.verdict == "reproduced" && xor.measured?.mean == 1)
    #expect(xor.measured?.values.count == 10 && xor.measured?.low == 1)
    #expect(monks.parts.count == 3 && monks.published == 14)
    #expect(monks.measured?.values == monks.parts[0].measured?.values)
    let again = try tool.run(arguments)
    #expect(again.output == outcome.output)
    #expect(again.errors.contains("cells are stored already") && !again.errors.contains("done ("))
  }

  @Test("The table says what is published, measured and held to")
  func table() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let outcome = try tool.run(
      "reproduce", "obs-xor", "--seeds", "3", "--quiet", "--output", folder.path)
    #expect(outcome.code == 0)
    try expectSnapshot(outcome.output, "reproduce.txt")
  }

  @Test("A figure that is not reached ends with 1, and the table is printed")
  func notReached() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    // One second is too little for any of its cells.
    let outcome = try tool.run(
      "reproduce", "han-lenet-5", "--seeds", "1", "--timeout", "1s", "--quiet", "--output",
      folder.path)
    #expect(outcome.code == 1)
    #expect(outcome.output.contains("not reached"))
  }

  @Test("An interrupt is heard in each of its comparisons, and ends with 130")
  func interrupt() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let running = try tool.start(["reproduce", "obs-xor", "obs-monks", "--output", folder.path])
    running.wait { $0.contains("monks-1 dense seed") }
    kill(running.process.processIdentifier, SIGINT)
    let outcome = try running.finish()
    #expect(outcome.code == 130 && !outcome.isSignalled)
    #expect(outcome.output.isEmpty && outcome.errors.contains("interrupted"))
  }

  @Test func figuresAreListed() throws {
    let text = try tool.run("reproduce", "--list")
    #expect(text.code == 0)
    for words in ["\nhan-lenet-300-100\n", "\nobs-xor\n", "Hu et al. 2016", "unverified"] {
      #expect(text.output.contains(words))
    }
    let json = try tool.run("reproduce", "--list", "--format", "json")
    let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    let figures = try #require(object?["figures"] as? [[String: Any]])
    #expect(figures.count >= 8 && figures.allSatisfy { $0["claim"] is String })
  }

  @Test("Without running anything it tells the commands that run the same cells")
  func dryRun() throws {
    let outcome = try tool.run("reproduce", "factorization", "--quick", "--dry-run")
    #expect(outcome.code == 0)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 2)
    let start = "workbench compare --strategies 'filter-factorization[form=small],none' "
    #expect(lines.first?.hasPrefix(start + "--benchmarks mnist-lenet5 --ratios 1.39") == true)
    let json = try tool.run(
      "reproduce", "factorization", "--quick", "--dry-run", "--format", "json")
    let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    let figures = try #require(object?["figures"] as? [[String: Any]])
    #expect(figures.count == 1 && figures[0]["name"] as? String == "factorization")
    #expect(figures[0]["commands"] as? [String] == lines.map(String.init))
    #expect(figures[0]["quick"] as? Bool == true && figures[0]["measured"] == nil)
  }

  @Test(
    "What cannot be run is said in words",
    arguments: [
      ([], "no figure is named; write 'workbench reproduce han-lenet-300-100', or --all"),
      (["obs-xor", "--all"], "--all runs every figure, 'obs-xor' among them"),
      (["sparse-momentum-lenet-5", "--quick"], "'sparse-momentum-lenet-5' has no quick form"),
      (["obs-xor", "--seeds", "none"], "'none' is not a whole number of seeds"),
    ])
  func refusals(words: [String], message: String) throws {
    let outcome = try tool.run(["reproduce"] + words)
    #expect(outcome.code == 2)
    #expect(outcome.output.isEmpty && outcome.errors.contains(message), "\(outcome.errors)")
  }
}
