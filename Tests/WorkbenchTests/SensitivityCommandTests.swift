import Comparison
import Foundation
import Reports
import Testing

/// What `sensitivity` prints and refuses.
@Suite struct SensitivityCommandTests {
  private let tool = Tool()

  private struct Written: Decodable {
    var schema: Int
    var benchmark: String
    var strategy: String
    var quick: Bool
    var fine_tuned: Bool
    var seed_list: [Int]
    var densities: [Double]
    var layers: [Layer]
    var together: [Point]

    struct Layer: Decodable {
      var name: String
      var weights: Int
      var prediction_holds_to: Double?
      var points: [Point]
    }

    struct Point: Decodable {
      var density: Double
      var weights: Double?
      var loss: Estimate?
      var rise: Estimate?
      var predicted: Estimate?
      var predicted_over_rise: Double?
      var holds: Bool?
      var test: Estimate?
      var sum_of_layers: Estimate?
      var predicted_sum: Estimate?
      var rise_over_sum: Double?
      var reason: String?
    }

    struct Estimate: Decodable {
      var mean: Double
      var values: [Double]
    }
  }

  private func arguments(_ folder: URL, _ more: String...) -> [String] {
    [
      "sensitivity", "--strategy", "obd", "--benchmark", "friedman1", "--quick", "--densities",
      "0.3,0.9,0.1", "--output", folder.path,
    ] + more
  }

  @Test("JSON has each layer at each density, and the networks are kept")
  func json() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let first = try tool.run(arguments(folder, "--seeds", "2", "--format", "json"))
    #expect(first.code == 0, "\(first.errors)")
    #expect(first.errors.contains("friedman1 dense seed 1: done"))
    let written = try JSONDecoder().decode(Written.self, from: Data(first.output.utf8))
    #expect(written.schema == 1 && written.benchmark == "friedman1" && written.strategy == "obd")
    #expect(written.quick && !written.fine_tuned && written.seed_list == [0, 1])
    #expect(written.densities == [0.9, 0.3, 0.1])
    #expect(written.layers.map(\.weights) == [500, 50])
    for (index, layer) in written.layers.enumerated() {
      #expect(layer.points.map(\.density) == written.densities)
      for (place, point) in layer.points.enumerated() {
        #expect(point.weights == Double(layer.weights) * point.density && point.reason == nil)
        #expect(point.predicted?.values.count == 2 && point.holds != nil)
        let others = written.layers.indices.filter { $0 != index }
        let sum =
          (point.rise?.mean ?? 0)
          + others.reduce(0) { $0 + (written.layers[$1].points[place].rise?.mean ?? 0) }
        let together = written.together[place].sum_of_layers?.mean ?? 1
        #expect(abs(sum - together) <= 1e-12)
        #expect(
          written.together[place].rise_over_sum
            == written.together[place].rise.map { $0.mean / together })
        if let quotient = point.predicted_over_rise {
          #expect(quotient == (point.predicted?.mean ?? 0) / (point.rise?.mean ?? 0))
        } else {
          #expect(point.holds == true, "both are next to nothing")
        }
      }
    }
    let again = try tool.run(
      arguments(folder, "--seeds", "2", "--format", "json", "--isolate", "all"))
    #expect(again.output == first.output)
    #expect(again.errors.contains("2 of 2 cells are stored already"))
  }

  @Test("Progress goes to standard error, the tables to standard output")
  func text() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let outcome = try tool.run(arguments(folder))
    #expect(outcome.code == 0)
    #expect(outcome.errors.contains("layers of network 1 of 1, 100 %"))
    for words in [
      "before any further training", "fc1  500 weights; the prediction holds", "rise/sum",
    ] {
      #expect(outcome.output.contains(words))
    }
    #expect(try tool.run(arguments(folder, "--quiet")).errors.isEmpty)
    let planned = try tool.run(arguments(folder.appending(path: "other"), "--dry-run"))
    #expect(planned.code == 0 && planned.output.contains("1 cells: 0 stored, 1 to run"))
  }

  @Test(
    "What cannot be looked at is said in words",
    arguments: [
      (["--benchmark", "sine"], "no strategy is named; write --strategy obd"),
      (["--strategy", "obd"], "no benchmark is named; write --benchmark"),
      (["--strategy", "obd,obs", "--benchmark", "sine"], "'obd,obs' names 2 strategies"),
      (["--strategy", "obs[damping=1e-4|1]", "--benchmark", "sine"], "names 2 strategies"),
      (["--strategy", "rigl", "--benchmark", "sine"], "'rigl' begins with an untrained network"),
      (["--strategy", "elastic", "--benchmark", "sine"], "'elastic' chooses the size"),
      (
        ["--strategy", "gradmax", "--benchmark", "sine", "--densities", "0.5"],
        "'gradmax' grows layers, and density 0.5 is not above 1"
      ),
      (
        ["--strategy", "obd", "--benchmark", "sine", "--densities", "0.5,1.5"],
        "'obd' prunes layers, and density 1.5 is above 1"
      ),
      (
        ["--strategy", "block-pruning", "--benchmark", "mnist-resnet"],
        "'block-pruning' scores residual blocks whole"
      ),
      (
        ["--strategy", "network-trimming", "--benchmark", "sine", "--quick", "--quiet"],
        "'network-trimming' changes no layer of 'sine' alone"
      ),
    ])
  func refusals(words: [String], message: String) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let outcome = try tool.run(["sensitivity"] + words + ["--output", folder.path])
    #expect(outcome.code == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test("Whole units of one layer go where that is what a strategy removes")
  func units() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let outcome = try tool.run(
      "sensitivity", "--strategy", "network-trimming", "--benchmark", "mnist-300-100", "--quick",
      "--densities", "0.5", "--format", "json", "--quiet", "--output", folder.path)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let written = try JSONDecoder().decode(Written.self, from: Data(outcome.output.utf8))
    let first = try #require(written.layers.first?.points.first)
    let weights = try #require(first.weights)
    // 784 inputs a unit: of 300 units some are left, and no part of one.
    #expect(weights < 235_200 && weights.truncatingRemainder(dividingBy: 784) == 0)
    #expect(first.predicted == nil && first.holds == nil)
    #expect(written.layers[2].points[0].reason != nil)
  }

  @Test func anInterruptEndsWith130() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let running = try tool.start(
      arguments(folder, "--seeds", "200", "--densities", "0.8,0.7,0.6,0.5,0.4"))
    running.wait { $0.contains("layers of network") }
    kill(running.process.processIdentifier, SIGINT)
    let outcome = try running.finish()
    #expect(outcome.code == 130 && !outcome.isSignalled)
    #expect(outcome.output.isEmpty && outcome.errors.contains("interrupted"))
  }

  @Test("The tables of a sensitivity with all that there can be in it")
  func snapshot() throws {
    let sensitivity = try Self.sensitivity()
    try expectSnapshot(
      SensitivityText(style: Style(isColoured: false), width: nil).render(sensitivity),
      "sensitivity.txt")
    try expectSnapshot(sensitivityJSON(sensitivity, version: "1.2.3"), "sensitivity.json")
    let narrow = SensitivityText(style: Style(isColoured: false), width: 60).render(sensitivity)
    #expect(narrow.split(separator: "\n").allSatisfy { $0.count <= 60 })
    #expect(narrow.contains("not shown"))
    #expect(!narrow.contains("\u{1B}"))
  }

  /// Numbers that nobody measured: a layer whose prediction holds down to a density, one that is emptied
  /// for a reason with an escape code in it.
  private static func sensitivity() throws -> Sensitivity {
    func estimate(_ mean: Double) -> [String: Any] {
      [
        "mean": mean, "values": [mean * 0.75, mean * 1.25],
        "interval": ["mean": mean, "low": mean * 0.5, "high": mean * 1.5],
      ]
    }
    func result(_ weights: Double, rise: Double, predicted: Double) -> [String: Any] {
      [
        "weights": weights, "loss": estimate(0.25 + rise), "test": estimate(2 + 8 * rise),
        "rise": ["measured": estimate(rise), "predicted": estimate(predicted)],
      ]
    }
    let emptied = "collapsed: nothing is \u{1B}[31mleft"
    let fixture: [String: Any] = [
      "benchmark": "friedman1", "benchmarkSummary": "a task; a network",
      "metric": "errorPercent", "strategy": "obd[curvature=fisher]", "course": "prune",
      "quick": true,
      "kernels": "avx2", "seeds": [0, 1], "densities": [0.75, 0.5, 0.25], "tolerance": 1.5,
      "dense": ["weights": 12_000, "loss": estimate(0.25), "test": estimate(2)],
      "layers": [
        [
          "name": "conv1", "weights": 2000, "predictionHoldsTo": 0.5,
          "points": [
            ["density": 0.75, "result": result(1500, rise: -0.001, predicted: 0.0005)],
            ["density": 0.5, "result": result(1000, rise: 0.125, predicted: 0.0998)],
            ["density": 0.25, "result": result(500.5, rise: 4096, predicted: 0.5)],
          ],
        ],
        [
          "name": "fc1", "weights": 10_000,
          "points": [
            ["density": 0.75, "result": result(7500, rise: 0.5, predicted: 0.125)],
            ["density": 0.5, "result": result(5000, rise: 0.75, predicted: 0.25)],
            ["density": 0.25, "reason": emptied],
          ],
        ],
      ],
      "together": [
        [
          "density": 0.75, "result": result(9000, rise: 0.5625, predicted: 0.1255),
          "sumOfLayers": ["measured": estimate(0.499), "predicted": estimate(0.1255)],
        ],
        [
          "density": 0.5, "result": result(6000, rise: 1.5, predicted: 0.35),
          "sumOfLayers": ["measured": estimate(0.875), "predicted": estimate(0.35)],
        ],
        ["density": 0.25, "reason": "not every layer reached this density"],
      ],
    ]
    return try JSONDecoder().decode(
      Sensitivity.self, from: JSONSerialization.data(withJSONObject: fixture))
  }
}
