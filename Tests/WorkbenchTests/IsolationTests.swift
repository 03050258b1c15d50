import Comparison
import Datasets
import Foundation
import Numerics
import TestSupport
import Testing

/// A strategy in a process of its own computes what it computes beside the judge, and what it does there
/// harms its own row alone.
@Suite(.enabled(if: LibraryCompiler.isThere, "needs a C compiler"))
struct IsolationTests {
  private func with(_ source: String, _ body: (HostileComparison) throws -> Void) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(HostileComparison(source, in: folder, isolate: "plugins"))
  }

  @Test("The catalogue says the same of strategies wherever they lie")
  func catalogue() throws {
    let beside = try Tool().run("list", "--isolate", "none")
    #expect(beside.code == 0)
    for scope in ["plugins", "all"] {
      #expect(try Tool().run("list", "--isolate", scope).output == beside.output)
    }
    let info = try Tool().run("info", "elastic", "--isolate", "all")
    #expect(try info.output == Tool().run("info", "elastic", "--isolate", "none").output)
  }

  /// They read, score, propose, try plans and take them back, insert layers, act at update points and after
  /// steps, and draw at random.
  private static let strategies =
    "random,magnitude,obd,obs,rigl,sparse-momentum,gradmax,tiny,cascade-correlation,depth-growth,"
    + "elastic,net2net,network-trimming,filter-factorization"

  @Test("Bits do not depend on where a strategy lies")
  func bits() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    func digests(_ scope: String) throws -> [String: String] {
      let output = folder.appending(path: scope)
      let outcome = try Tool().run(
        "compare", "--strategies", Self.strategies, "--benchmarks", "teacher", "--ratios", "2",
        "--seeds", "1", "--quick", "--quiet", "--isolate", scope, "--output", output.path)
      #expect(outcome.code == 0, "\(outcome.errors)")
      let results = try Store(output).contents().results
      return Dictionary(
        uniqueKeysWithValues: results.map {
          ($0.key.strategy + $0.key.parameters.description, $0.files[Store.modelName] ?? "none")
        })
    }
    let beside = try digests("none")
    #expect(beside.count > 14)
    #expect(beside.values.count { $0 != "none" } > 10)
    #expect(try digests("all") == beside)
  }

  @Test(
    "The labels that a strategy is judged by are not in its process",
    arguments: [("none", "found them"), ("plugins", "did not find them")])
  func looking(_ scope: String, _ words: String) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(Self.hiddenLabels().utf8).write(to: folder.appending(path: "labels.h"))
    let comparison = try HostileComparison("looking", in: folder, isolate: scope)
    let outcome = try Tool().run(
      "compare", "--strategies", "hostile", "--plugin", comparison.library.path, "--benchmarks",
      "monks-3", "--ratios", "2", "--seeds", "1", "--quick", "--jobs", "1", "--output",
      comparison.results.path, "--isolate", scope)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let results = try Store(comparison.results).contents().results
    let result = try #require(results.first { $0.key.strategy == "hostile" })
    #expect(result.log == [words])
  }

  /// What it is refused in a process, which ``HostileLibraryTests`` show, it can do here.
  @Test("Beside the judge a strategy reaches what is none of its business")
  func reaching() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let kept = folder.appending(path: "kept")
    try Data("kept".utf8).write(to: kept)
    let data = folder.appending(path: "data")
    try Data("data".utf8).write(to: data)
    let surroundings = ["DATA": data, "HOME": folder, "RESULTS": folder, "KEPT": kept].map {
      "#define \($0) \"\($1.path)\"\n"
    }
    try Data(surroundings.joined().utf8).write(to: folder.appending(path: "surroundings.h"))
    let comparison = try HostileComparison("reaching", in: folder, isolate: "none")
    let outcome = try comparison.run("--format", "json")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let results = try Store(comparison.results).contents().results
    let result = try #require(results.first { $0.key.strategy == "hostile" })
    #expect(result.log.count == 10)
    for line in result.log { #expect(line.hasSuffix(": done"), "\(line)") }
    #expect(!FileManager.default.fileExists(atPath: kept.path))
  }

  @Test("Without the sandbox the board says so, and the labels are no nearer")
  func withoutSandbox() throws {
    try with("exiting") { comparison in
      let outcome = try comparison.run("--no-sandbox")
      #expect(outcome.output.contains("its process ended itself with status 74"))
      #expect(outcome.errors.contains("not confined by anything (--no-sandbox)"))
    }
    try with("greeting") { comparison in
      let outcome = try comparison.run("--no-sandbox")
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(
        outcome.output.contains("its process is not confined by anything"), "\(outcome.output)")
      #expect(!(try comparison.run("--force").output.contains("is not confined")))
    }
  }

  /// The targets of the last of MONK's third test samples, as they lie in memory but for a bit here and there.
  private static func hiddenLabels() throws -> String {
    let benchmark = try #require(Benchmark.catalogue.first { $0.name == "monks-3" })
    let splits = try benchmark.splits(seed: 1) { try DataDirectory.locate() }
    let bytes: [UInt8] =
      switch splits.test.targets {
      case .labels(let labels, _): labels.suffix(200).withUnsafeBytes { Array($0) }
      case .values(let values, _): values.suffix(200).withUnsafeBytes { Array($0) }
      }
    let words = bytes.map { "\($0 ^ 0x5A)" }.joined(separator: ",")
    return "static const unsigned char hidden_labels[] = {\(words)};"
  }
}
