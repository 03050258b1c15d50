import ArgumentParser
import Comparison
import Files
import Foundation
import Networks
import Reports

extension NetworkFile.Format: ExpressibleByArgument {}

/// Writes a network for other programs.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a network as ONNX or safetensors, for other programs.",
    usage: "workbench export <result> [--format onnx|safetensors] [--compact] [--output <file>]",
    discussion: """
      A result is a file of a network, the folder of a cell, the first letters of its name in the \
      folder of results, or benchmark/strategy/seed. Masked weights are zeros in an ONNX model; --compact takes away the units \
      that have no effect, so that what is left is a smaller network of the same outputs.

      EXAMPLES
        workbench export results/8ab29121cb79bb45… --format onnx --compact
        workbench export mnist-lenet5/obd/0 --format onnx --output lenet5.onnx
        workbench export lenet5.onnx --format safetensors
      """)

  /// What becomes of masked weights.
  enum Form: String, EnumerableFlag {
    case masked, compact

    static func help(for value: Form) -> ArgumentHelp? {
      switch value {
      case .masked: "All units, masked weights among them: the network as it is stored."
      case .compact: "Without the units that have no effect."
      }
    }
  }

  @Argument(
    help:
      "A file of a network, a cell's folder, the first letters of its name, or benchmark/strategy/seed."
  )
  var result: String

  @Option(help: "onnx, or safetensors.")
  var format = NetworkFile.Format.onnx

  @Flag(exclusivity: .exclusive)
  var form = Form.masked

  @Option(
    help: ArgumentHelp(
      "The file to write (default: the result's name with the ending of the format, in this folder).",
      valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "The folder of results that names are looked up in.", valueName: "folder"),
    transform: Values.folder)
  var results = "results"

  @Flag(
    help: ArgumentHelp(
      "Measure its latency in onnxruntime, beside that of the dense network that it came from. Needs a Python with "
        + "onnxruntime: python3, or what WORKBENCH_PYTHON names."))
  var latency = false

  func run() throws {
    let stored = try StoredNetwork.named(
      result, at: URL(literalPath: result), store: Store(URL(literalPath: results)))
    let network =
      form == .compact ? stored.contents.network.compacted().network : stored.contents.network
    var lineage = stored.contents.lineage
    lineage["form"] = form.rawValue
    let data = try NetworkFile.encode(network, as: format, lineage: lineage)
    let file = output ?? "\(stored.title).\(format.rawValue)"
    let url = URL(literalPath: file)
    if output == nil, FileManager.default.fileExists(atPath: url.path) {
      throw CommandError("there is a '\(file)' already; name another file with --output")
    }
    try DurableFile.write(data, to: url)
    let (before, after) = (stored.contents.network.counts, network.counts)
    Console.note(
      "wrote \(printable(file)): \(data.count) bytes, \(after.parameters) parameters, of which "
        + "\(after.weights) weights, \(before.parameters) parameters before\n")

    guard latency else { return }
    let dense = stored.dense ?? stored.contents.network
    try Console.output(
      latencyText(
        try RuntimeLatency.measure([dense, network]),
        of: [("dense", dense.counts), (form.rawValue, network.counts)]))
  }
}
