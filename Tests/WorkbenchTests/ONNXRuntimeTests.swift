import Comparison
import Datasets
import Foundation
import Networks
import Numerics
import TestSupport
import Testing

/// A Python that has onnx and onnxruntime; nil where none is named.
private let python = ProcessInfo.processInfo.environment["WORKBENCH_PYTHON"]

/// What other programs make of exported networks, where a Python is named that has them.
@Suite(
  "Exported networks in onnxruntime", .serialized,
  .enabled(if: python != nil, "name a Python with onnx and onnxruntime by WORKBENCH_PYTHON"))
struct ONNXRuntimeTests {
  private static let images = 1000

  /// Test images as a benchmark's cells see them.
  private static func samples(_ benchmark: Benchmark) throws -> Samples {
    let test = try benchmark.splits(seed: 0) { try DataDirectory.locate() }.test
    return test.selecting(0..<min(images, test.count))
  }

  private static let benchmarks = Benchmark.catalogue.filter {
    $0.readsFiles && !$0.name.hasSuffix(":long") && !$0.name.hasPrefix("fashion")
  }

  @Test("Outputs of every network of MNIST are ours", arguments: benchmarks)
  func networks(benchmark: Benchmark) throws {
    let dense = try benchmark.network().stirred(seed: 5)
    var random = RandomStream(seed: 5, name: "masks")
    var masked = dense.thinned(to: 0.3, &random)
    // Units of which nothing is left, so that there is something to take away.
    for slot in masked.layout.slots where masked.graph.nodes[slot.place].operation.isWeighted {
      for index in slot.weights where index % 3 == 0 {
        (masked.mask[index], masked.values[index]) = (0, 0)
      }
    }
    let networks = [dense, masked, masked.compacted().network]
    try expectSameOutputs(
      try networks.map { (try ONNXFile.encode($0), $0) }, Self.samples(benchmark))
  }

  /// A strategy of each kind of edit, with the benchmark that it works on.
  private static let results = [
    ("magnitude", "mnist-lenet5"), ("taylor-units", "mnist-lenet5"),
    ("network-trimming", "mnist-lenet5"), ("filter-factorization", "mnist-lenet5"),
    ("stochastic-depth", "mnist-resnet"), ("block-pruning", "mnist-resnet"),
    ("net2net", "mnist-resnet"), ("binarize", "mnist-300-100"), ("gradmax", "mnist-300-100"),
    ("magnitude", "mnist-binarynet"), ("rigl", "mnist-wrn"), ("cascade-correlation", "teacher"),
  ]

  @Test("So are those of what strategies leave", arguments: results)
  func strategies(strategy: String, benchmark: String) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let results = folder.appending(path: "results")
    let run = try Tool().run(
      "run", "--strategy", strategy, "--benchmark", benchmark, "--quick", "--ratios", "2",
      "--quiet", "--output", results.path)
    try #require(run.code == 0, "\(run.errors)")
    let cells = try Store(results).contents().results
    let cell = try #require(cells.first { !$0.key.isDense })
    let task = try #require(Benchmark.catalogue.first { $0.name == benchmark })
    var models: [(Data, Network)] = []
    for form in ["--masked", "--compact"] {
      let (onnx, own) = (folder.appending(path: "m.onnx"), folder.appending(path: "m.safetensors"))
      for file in [onnx, own] {
        let outcome = try Tool().run(
          "export", results.appending(path: cell.key.hash).path, "--format", file.pathExtension,
          form, "--output", file.path)
        try #require(outcome.code == 0, "\(outcome.errors)")
      }
      models.append((try Data(contentsOf: onnx), try ModelFile.read(own)))
    }
    try expectSameOutputs(models, Self.samples(task))
  }

  /// Holds outputs over samples against those of onnxruntime.
  private func expectSameOutputs(_ models: [(model: Data, network: Network)], _ samples: Samples)
    throws
  {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let inputs = folder.appending(path: "inputs")
    try samples.inputs.withUnsafeBytes { Data($0) }.write(to: inputs)
    var arguments: [String] = []
    for (index, pair) in models.enumerated() {
      let (model, outputs) = (
        folder.appending(path: "\(index).onnx"), folder.appending(path: "\(index).outputs")
      )
      try pair.model.write(to: model)
      try pair.network.outputs(on: samples).withUnsafeBytes { Data($0) }.write(to: outputs)
      arguments += [model.path, inputs.path, outputs.path]
    }
    let printed = try Self.run("Tests/Reference/ONNX/outputs.py", arguments)
    let lines = printed.split(separator: "\n").map {
      $0.split(separator: " ").compactMap { Double($0) }
    }
    #expect(lines.count == models.count)
    for (line, pair) in zip(lines, models) {
      try #require(line.count == 2)
      // A sign turns where a sum is 0 but for rounding: one image in a thousand may differ.
      let isContinuous = pair.network.graph.nodes.allSatisfy(\.operation.hasExactGradient)
      #expect(isContinuous ? line[0] <= 1e-5 : line[1] <= 1e-3, "\(line)")
    }
  }

  private static func run(_ script: String, _ arguments: [String]) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: python ?? "")
    process.arguments = [packageRoot.appending(path: script).path] + arguments
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self)
  }
}

extension Network {
  /// With parameters and statistics that all count.
  fileprivate func stirred(seed: UInt64) -> Network {
    var random = RandomStream(seed: seed, name: "stirred")
    var network = initialized(seed: seed)
    for slot in layout.slots {
      for index in slot.biases { network.values[index] += Float(0.1 * random.normal()) }
    }
    for index in network.statistics.indices {
      network.statistics[index] += Float(random.uniform(in: 0..<0.2))
    }
    return network
  }

  /// What the network makes of samples, sample by sample.
  fileprivate func outputs(on samples: Samples) -> [Float] {
    let executor = Executor(network: self, capacity: samples.count, for: .inference)
    let rows = (0..<Int32(samples.count)).map { $0 }
    executor.load(samples, rows: rows[...])
    executor.forward(mode: .inference)
    return executor.outputs()
  }
}
