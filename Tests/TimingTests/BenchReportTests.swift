import Timing
import Foundation
import Networks
import Testing

@Suite("Bench reports")
struct BenchReportTests {
  private func row(_ name: String, _ unit: BenchRow.Unit, _ median: Double) -> BenchRow {
    BenchRow(name: name, unit: unit, median: median, low: median, high: median, threads: 1)
  }

  private func report(_ rows: [BenchRow]) -> BenchReport {
    BenchReport(
      program: "workbench",
      machine: BenchReport.Machine(
        processor: "a processor", cores: 2, kernels: "avx2", algebra: "Haswell"),
      threads: 1, rounds: 5, peakBytes: 1 << 20, rows: rows)
  }

  /// Writes a file for the time of `body`.
  private func withFile(_ data: Data, _ body: (URL) throws -> Void) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "bench-\(UUID()).json")
    try data.write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    try body(file)
  }

  @Test func aReportSurvivesItsFile() throws {
    let original = report([row("train/x", .imagesPerSecond, 1e5), row("infer/x", .microseconds, 3)])
    try withFile(original.json()) { file in
      let read = try BenchReport(contentsOf: file)
      #expect(read == original)
    }
  }

  @Test func ratiosSayHowManyTimesAsGood() {
    #expect(row("a", .imagesPerSecond, 30).ratio(to: row("a", .imagesPerSecond, 10)) == 3)
    #expect(row("a", .seconds, 2).ratio(to: row("a", .seconds, 8)) == 4)
  }

  @Test func rowsMatchByNameUnitAndThreads() {
    let other = report([row("a", .seconds, 1), row("b", .seconds, 2)])
    #expect(other.row(like: row("b", .seconds, 9))?.median == 2)
    #expect(other.row(like: row("b", .microseconds, 9)) == nil)
    var two = row("b", .seconds, 9)
    two.threads = 2
    #expect(other.row(like: two) == nil)
  }

  @Test func hostileFilesAreRefusedInWords() throws {
    let good = try report([row("a", .seconds, 1)]).json()
    let text = String(decoding: good, as: UTF8.self)
    let bad = [
      Data(), good.prefix(good.count / 2), Data("[1, 2]".utf8),
      Data(text.replacing("\"schema\" : 1", with: "\"schema\" : 7").utf8),
      Data(text.replacing("\"median\" : 1", with: "\"median\" : -3").utf8),
      Data(text.replacing("\"median\" : 1", with: "\"median\" : NaN").utf8),
    ]
    for data in bad {
      try withFile(data) { file in
        #expect(throws: BenchError.self) { try BenchReport(contentsOf: file) }
      }
    }
    #expect(throws: BenchError.self) {
      try BenchReport(contentsOf: URL(filePath: "/nowhere/bench.json"))
    }
  }

  @Test func aWordThatNoRowHasIsRefused() throws {
    #expect(throws: BenchError.self) {
      try Bench(filter: ["trian/"], threads: 1, rounds: 1) { throw BenchError("no data") }
    }
    let bench = try Bench(filter: ["machine/"], threads: 1, rounds: 1) {
      throw BenchError("no data")
    }
    #expect(bench.names.contains("machine/multiply-add"))
    #expect(bench.names.allSatisfy { $0.hasPrefix("machine/") })
    #expect(!bench.names.contains("machine/hand-over"))
  }

  @Test func handingOverIsTimedWhereThereAreThreads() throws {
    let bench = try Bench(filter: ["machine/hand-over"], threads: 2, rounds: 1) {
      throw BenchError("no data")
    }
    let row = try #require(try bench.run().rows.first)
    #expect(row.name == "machine/hand-over" && row.median > 0)
  }

  @Test func aKernelRowHasAShareOfTheCeiling() throws {
    let bench = try Bench(
      filter: ["kernel/conv-16-16-3x3-on-28/forward"], threads: 1, rounds: 1
    ) { throw BenchError("no data") }
    let row = try #require(try bench.run().rows.first)
    #expect(row.median > 0)
    let share = try #require(row.ceilingShare)
    #expect(share > 0 && share < 1.5)
  }
}
