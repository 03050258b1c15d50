import Foundation
import Testing

/// Data and networks of a user, by the commands that they type.
@Suite("A user's data on the command line")
struct OwnDataTests {
  private let tool = Tool()

  private func withTable(_ body: (URL) throws -> Void) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let rows = (0..<80).map { "\(Double($0 % 9)),\($0 % 5),\(Double($0 % 9) * 3 + Double($0 % 5))" }
    try Data((["width,height,price"] + rows).joined(separator: "\n").utf8)
      .write(to: folder.appending(path: "rooms.csv"))
    try body(folder)
  }

  @Test("A table is compared on, written to a file, and what is stored is shown again")
  func wholeWay() throws {
    try withTable { folder in
      let table = folder.appending(path: "rooms.csv").path
      let file = folder.appending(path: "rooms.json").path
      let results = folder.appending(path: "results").path
      let shown = try tool.run("benchmark", "--dataset", table, "--to", file)
      #expect(shown.code == 0 && shown.errors.contains("wrote \(file)"), "\(shown.errors)")
      for words in ["'price', a number", "layers", "input 2", "64 samples to train on, and 16"] {
        #expect(shown.output.contains(words), "\(words) in \(shown.output)")
      }
      let arguments = [
        "--strategies", "obd", "--quick", "--seeds", "1", "--ratios", "2", "--output", results,
      ]
      let first = try tool.run(["compare", "--dataset", table] + arguments)
      #expect(
        first.code == 0 && first.output.contains("rooms  64 samples, 2 inputs"), "\(first.errors)")
      let second = try tool.run(["compare", "--benchmarks", file] + arguments)
      #expect(second.output == first.output && second.errors.contains("stored already"))
      let report = try tool.run("report", "--output", results)
      #expect(report.code == 0 && report.output.contains("rooms  64 samples"), "\(report.errors)")
      // Another network on the same data is another benchmark.
      let other = try tool.run(
        ["compare", "--dataset", table, "--network", "perceptron:5"] + arguments)
      #expect(other.code == 0 && !other.errors.contains("stored already"))
      #expect(try tool.run("report", "--output", results).output.contains("15 weights"))
    }
  }

  @Test("A network is written by hand, and its errors point at the line")
  func network() throws {
    try withTable { folder in
      let table = folder.appending(path: "rooms.csv").path
      let network = folder.appending(path: "net.txt")
      try Data("input 2\nfc1: dense 4\ntanh\nfc2: dense 1\n".utf8).write(to: network)
      let shown = try tool.run("benchmark", "--dataset", table, "--network", network.path)
      #expect(shown.code == 0 && shown.output.contains("12 weights"), "\(shown.errors)")
      try Data("input 2\nfc1: dense 4\ntangh\nfc2: dense 1\n".utf8).write(to: network)
      let wrong = try tool.run("benchmark", "--dataset", table, "--network", network.path)
      #expect(
        wrong.code != 0 && wrong.errors.contains("net.txt, line 3: there is no operation 'tangh'"))
      try Data("input 3\nfc: dense 1\n".utf8).write(to: network)
      let other = try tool.run("benchmark", "--dataset", table, "--network", network.path)
      #expect(other.code != 0 && other.errors.contains("takes 3 values"), "\(other.errors)")
    }
  }

  @Test(
    "What is misspelt or missing is quoted",
    arguments: [
      (["--target", "prise"], "there is no column 'prise'; there are width, height, price"),
      (["--network", "lenet6"], "there is no network 'lenet6'"),
      (
        ["--network", "perceptron:a"],
        "'perceptron:a' is no network; write it as 'perceptron:300-100'"
      ),
      (["--network", "perceptron:5/gelu"], "'gelu' is no activation"),
      (["--network", "lenet5"], "'lenet5' does not take inputs of 2×1×1"),
      (["--validation", "2"], "'2' is no share for validation"),
      (["--epochs", "none"], "'none' is no number of passes"),
      (["--task", "guess"], "guess"),
    ])
  func mistakes(options: [String], words: String) throws {
    try withTable { folder in
      let outcome = try tool.run(
        ["benchmark", "--dataset", folder.appending(path: "rooms.csv").path] + options)
      #expect(outcome.code != 0 && outcome.errors.contains(words), "\(outcome.errors)")
    }
  }

  @Test func optionsNeedTheirData() throws {
    let alone = try tool.run("compare", "--strategies", "obd", "--target", "price")
    #expect(alone.code != 0 && alone.errors.contains("--target is about data of your own"))
    let nothing = try tool.run("benchmark")
    #expect(nothing.code != 0 && nothing.errors.contains("name a benchmark"))
    let missing = try tool.run("compare", "--strategies", "obd", "--dataset", "/nowhere/data")
    #expect(missing.code != 0 && missing.errors.contains("/nowhere/data"))
    let program = try tool.run("benchmark", "mnist-lenet5")
    #expect(program.code == 0 && program.output.contains("conv2: convolution 50 5"))
    let form = try tool.run("info", "network")
    #expect(form.code == 0 && form.output.contains("dense UNITS [bias=no]"))
  }
}
