import Comparison
import Datasets
import Foundation
import Networks
import Numerics
import Testing

/// How often a board claims a difference between strategies that are equal.
@Suite struct NullTests {
  /// What two equal strategies do on the same test samples.
  struct Null: CustomTestStringConvertible, Sendable {
    var seeds: Int
    var samples: Int
    /// How many of them anybody gets wrong; the others everybody gets right.
    var hard: Int
    /// The mean number of wrong ones.
    var wrong: Double
    /// How far a strategy's error goes up and down with the seed, relative to itself.
    var seedEffect = 0.0
    /// How far one strategy finds another sample hard than the other does.
    var sampleEffect = 0.0
    /// How much more the second strategy gets wrong: 0 of a null.
    var worse = 0.0

    var testDescription: String {
      "\(seeds) seeds, \(samples) samples, effects \(seedEffect) and \(sampleEffect)"
    }

    static let mnist = [
      Null(seeds: 3, samples: 10_000, hard: 600, wrong: 160),
      Null(seeds: 5, samples: 10_000, hard: 600, wrong: 160),
      Null(seeds: 3, samples: 10_000, hard: 600, wrong: 160, seedEffect: 0.06),
      Null(seeds: 5, samples: 10_000, hard: 600, wrong: 160, seedEffect: 0.06),
      Null(seeds: 3, samples: 10_000, hard: 600, wrong: 160, seedEffect: 0.06, sampleEffect: 1),
      Null(seeds: 5, samples: 10_000, hard: 600, wrong: 160, seedEffect: 0.06, sampleEffect: 1),
      Null(seeds: 10, samples: 10_000, hard: 600, wrong: 160, seedEffect: 0.06),
      Null(seeds: 2, samples: 10_000, hard: 600, wrong: 160, seedEffect: 0.2),
    ]
    static let monks = [
      Null(seeds: 3, samples: 432, hard: 60, wrong: 15),
      Null(seeds: 5, samples: 432, hard: 60, wrong: 15, seedEffect: 0.3),
      Null(seeds: 5, samples: 432, hard: 60, wrong: 3, seedEffect: 0.3, sampleEffect: 1),
    ]

    /// The wrong samples of both strategies in each seed. Half of what decides a sample is common to
    /// both, as they start from the same network.
    func draw(_ random: inout RandomStream) -> [(first: Flags, second: Flags)] {
      let base = wrong / Double(hard)
      // A few samples are nearly always wrong and most seldom; over all the mean is `base`.
      let hardness = (0..<hard).map { _ in base * exp(random.normal() - 0.5) }
      let own = (0..<2).map { _ in
        (0..<hard).map { _ in exp(sampleEffect * random.normal() - sampleEffect * sampleEffect / 2)
        }
      }
      return (0..<seeds).map { _ in
        let shifts = [0, worse].map { 1 + $0 + seedEffect * random.normal() }
        var rows: [[Int]] = [[], []]
        for sample in 0..<hard {
          let shared = random.uniform()
          for strategy in 0..<2 {
            let luck = random.uniform() < 0.5 ? shared : random.uniform()
            if luck < hardness[sample] * own[strategy][sample] * shifts[strategy] {
              rows[strategy].append(sample)
            }
          }
        }
        return (Flags(rows: rows[0], of: samples), Flags(rows: rows[1], of: samples))
      }
    }
  }

  /// A comparison of one strategy with the reference, at one ratio.
  private func stars(
    _ benchmark: String, seeds: Int, boards: Int, name: String,
    draw: (inout RandomStream) -> [[(error: Double, wrong: Flags?)]]
  ) throws -> Int {
    let plan = try ComparisonPlan(
      benchmarks: [benchmark], entrants: [Entrant(id: "obd"), Entrant(id: "magnitude")],
      ratios: [2], replicates: seeds, controls: false)
    let keys = plan.entrants.map { entrant in
      (0..<seeds).map { plan.key(of: plan.contests[0], entrant: entrant, replicate: $0) }
    }
    var random = RandomStream(seed: 1, name: name)
    var stars = 0
    for _ in 0..<boards {
      var results: [CellKey: CellResult] = [:]
      for (keys, scores) in zip(keys, draw(&random)) {
        for (key, score) in zip(keys, scores) {
          var result = CellResult.done(key, errors: [score.error], weights: [275])
          result.points[0].wrong = score.wrong
          results[key] = result
        }
      }
      let row = try #require(
        plan.boards(results)[0].tables[0].rows.first { $0.strategy == "obd" })
      if try #require(row.result?.difference).isSignificant { stars += 1 }
    }
    return stars
  }

  private func stars(_ null: Null, on benchmark: String, boards: Int = 1000) throws -> Int {
    try stars(benchmark, seeds: null.seeds, boards: boards, name: null.testDescription) { random in
      let pairs = null.draw(&random)
      func scores(
        _ wrong: (_ pair: (first: Flags, second: Flags)) -> Flags
      ) -> [(error: Double, wrong: Flags?)] {
        pairs.map(wrong).map { (100 * Double($0.total) / Double($0.count), $0) }
      }
      return [scores(\.second), scores(\.first)]
    }
  }

  @Test("Equal strategies get few stars on MNIST", arguments: Null.mnist)
  func mnist(_ null: Null) throws {
    #expect(try stars(null, on: "mnist-300-100") <= 60)
  }

  @Test("Equal strategies get few stars on the MONK's problems", arguments: Null.monks)
  func monks(_ null: Null) throws {
    #expect(try stars(null, on: "monks-2") <= 60)
  }

  @Test("Strategies that differ get stars", arguments: [3, 5, 10])
  func power(seeds: Int) throws {
    let real = Null(
      seeds: seeds, samples: 10_000, hard: 600, wrong: 160, seedEffect: 0.03, worse: 0.5)
    #expect(try stars(real, on: "mnist-300-100", boards: 100) > (seeds == 3 ? 70 : 95))
  }

  @Test("Equal strategies get few stars on regression", arguments: [3, 5, 10])
  func regression(seeds: Int) throws {
    let count = try stars("friedman1", seeds: seeds, boards: 1000, name: "\(seeds)") { random in
      let starts = (0..<seeds).map { _ in 0.05 * exp(0.1 * random.normal()) }
      return (0..<2).map { _ in
        starts.map { ($0 * exp(0.05 * random.normal()), nil) }
      }
    }
    #expect(count <= 60)
    #expect(count > 20)
  }

  @Test("A board with many differences gets few stars in all")
  func manyRows() throws {
    let strategies = ["a", "b", "c", "d", "magnitude"]
    let plan = try ComparisonPlan(
      benchmarks: ["friedman1"], entrants: strategies.map { Entrant(id: $0) },
      ratios: [2, 4, 8, 16],
      replicates: 4, controls: false)
    var random = RandomStream(seed: 2, name: "many rows")
    var boards = 0
    for _ in 0..<300 {
      let results = plan.cells.map { cell in
        let errors = cell.key.ratios.map { _ in 0.05 + 0.002 * random.normal() }
        return (
          cell.key, CellResult.done(cell.key, errors: errors, weights: [275, 138, 69, 34])
        )
      }
      let board = plan.boards(Dictionary(uniqueKeysWithValues: results))[0]
      #expect(board.differences == 16)
      let rows = board.tables.flatMap(\.rows)
      if rows.contains(where: { $0.result?.difference?.isSignificant ?? false }) { boards += 1 }
    }
    #expect(boards <= 18)
  }
}
