import Comparison
import Foundation
import Networks
import Testing

/// Networks out of the program and into it, by the commands that a user types.
@Suite("Models on the command line")
struct ModelCommandTests {
  private let tool = Tool()

  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  /// A small network for `monks-1`: 17 inputs, one output.
  private static func network(inputs: Int = 17) throws -> Network {
    Network(
      graph: try Models.multilayerPerceptron(
        inputs: inputs, widths: [6], outputs: 1, activation: .tanh, outputActivation: .sigmoid)
    ).initialized(seed: 4)
  }

  @Test("A result is exported and comes back as what it was")
  func export() throws {
    try withFolder { folder in
      let results = folder.appending(path: "results").path
      let run = try tool.run(
        "run", "--strategy", "obd", "--benchmark", "monks-1", "--quick", "--ratios", "2",
        "--output", results)
      try #require(run.code == 0, "\(run.errors)")
      let cells = try Store(URL(filePath: results)).contents().results
      let cell = try #require(cells.first { !$0.key.isDense })
      let own = folder.appending(path: "own.safetensors")
      let onnx = folder.appending(path: "net.onnx")
      let first = try tool.run(
        "export", String(cell.key.hash.prefix(12)), "--results", results, "--format", "safetensors",
        "--output", own.path)
      #expect(first.code == 0 && first.errors.contains("wrote \(own.path)"), "\(first.errors)")
      let stored = folder.appending(path: "results/\(cell.key.hash)/model.safetensors")
      let contents = try ModelFile.contents(of: Data(contentsOf: own), file: "own")
      #expect(contents.network == (try ModelFile.read(stored)))
      #expect(contents.lineage["strategy"] == "obd" && contents.lineage["cell"] == cell.key.hash)
      let second = try tool.run("export", own.path, "--compact", "--output", onnx.path)
      #expect(second.code == 0, "\(second.errors)")
      let read = try ONNXFile.contents(of: Data(contentsOf: onnx), file: "net")
      #expect(read.lineage["form"] == "compact" && read.lineage["strategy"] == "obd")
      #expect(read.network.graph == contents.network.compacted().network.graph)
    }
  }

  @Test(
    "What cannot be exported is said in words",
    arguments: [
      (["nowhere"], "'nowhere' is no file or folder"), (["."], "is no cell's"),
      (["Package.swift"], "its name ends neither in .safetensors nor in .onnx"),
    ])
  func refusals(arguments: [String], words: String) throws {
    let outcome = try tool.run(["export"] + arguments)
    #expect(outcome.code == 2 && outcome.errors.contains(words), "\(outcome.errors)")
  }

  @Test("A network from elsewhere is what strategies start from, and its digest is in the title")
  func from() throws {
    try withFolder { folder in
      let network = try Self.network()
      let file = folder.appending(path: "mine.onnx")
      try ONNXFile.encode(network).write(to: file)
      let results = folder.appending(path: "results")
      let arguments = [
        "compare", "--strategies", "obd", "--benchmarks", "monks-1", "--from", file.path, "--quick",
        "--seeds", "2", "--ratios", "2", "--output", results.path,
      ]
      let first = try tool.run(arguments)
      #expect(first.code == 0, "\(first.errors)")
      #expect(first.errors.contains("mine.onnx (SHA-256 "), "\(first.errors)")
      #expect(first.errors.contains("115 weights") && first.errors.contains("test samples wrong"))
      let cells = try Store(results).contents().results
      let dense = cells.filter(\.key.isDense)
      #expect(dense.count == 2)
      for cell in dense {
        let read = try ModelFile.read(
          results.appending(path: "\(cell.key.hash)/model.safetensors"))
        #expect(read.values == network.values)
        let digest = try #require(cell.provenance?.givenSHA256)
        #expect(first.output.contains("monks-1:\(digest.prefix(8))"), "\(first.output)")
      }
      #expect(first.output.contains("trained elsewhere"))
      // The report needs the file no longer, and the same command has nothing to run.
      #expect(try tool.run(arguments).errors.contains("stored already"))
      try FileManager.default.removeItem(at: file)
      let report = try tool.run("report", "--output", results.path)
      #expect(report.code == 0 && report.output.contains("from mine.onnx of SHA-256"))
    }
  }

  @Test("One that does not suit is refused before anything runs")
  func unsuitable() throws {
    try withFolder { folder in
      let file = folder.appending(path: "other.safetensors")
      try ModelFile.encode(try Self.network(inputs: 5)).write(to: file)
      func refused(_ arguments: [String], _ words: String) throws {
        let outcome = try tool.run(
          arguments + ["--quick", "--output", folder.appending(path: "results").path])
        #expect(outcome.code == 2 && outcome.errors.contains(words), "\(outcome.errors)")
      }
      let run = ["run", "--strategy", "obd"]
      try refused(
        run + ["--benchmark", "monks-1", "--from", file.path], "reads inputs of 5×1×1, and those")
      try refused(run + ["--from", file.path], "--from is one network, for one benchmark")
      try refused(
        run + ["--benchmark", "monks-1,xor", "--from", file.path], "2 are named")
      try refused(
        run + ["--benchmark", "monks-1", "--from", folder.path + "/none.onnx"], "none.onnx")
      let good = folder.appending(path: "good.safetensors")
      try ModelFile.encode(try Self.network()).write(to: good)
      try refused(
        [
          "compare", "--strategies", "obd", "--benchmarks", "monks-1", "--controls", "rewind",
          "--from", good.path,
        ], "'rewind' goes back to an early state")
    }
  }

  @Test("Tensors of another program are read into the benchmark's network, by their names")
  func foreign() throws {
    let network = try Benchmark.catalogue.first { $0.name == "monks-1" }?.network()
    let known = try #require(network).initialized(seed: 3)
    try withFolder { folder in
      let file = folder.appending(path: "state.safetensors")
      // As PyTorch saves a state, which says nothing of a structure.
      var data = try ModelFile.encode(known)
      let format = try #require(data.range(of: Data("workbench-2".utf8)))
      data.replaceSubrange(format, with: Data("pt         ".utf8))
      try data.write(to: file)
      let run = try tool.run(
        "run", "--strategy", "obd", "--benchmark", "monks-1", "--from", file.path, "--dry-run")
      #expect(run.code == 0 && run.errors.contains("test samples wrong"), "\(run.errors)")
      let other = try tool.run(
        "run", "--strategy", "obd", "--benchmark", "friedman1", "--from", file.path, "--dry-run")
      #expect(other.code == 2 && other.errors.contains("does not say of which network it is"))
    }
  }
}
