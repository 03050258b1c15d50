import ArgumentParser
import Comparison
import Datasets
import Files
import Foundation
import Networks
import Reports

extension Scaling: ExpressibleByArgument {}

/// Whether targets are classes or numbers.
enum TaskKind: String, ExpressibleByArgument, CaseIterable {
  case classification, regression
}

/// Data and networks of a user, for every command that trains.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Data of your own: a folder of IDX files as MNIST has them, tables with a header (train.csv and "
        + "test.csv, or one .csv), arrays (x_train.npy, y_train.npy …) or CIFAR-10's batches; or one table.",
      valueName: "path"))
  var dataset: String?

  @Option(
    help: ArgumentHelp(
      "The network for --dataset: a file ('workbench info network' shows one), or one of "
        + NetworkFamily.forms.joined(separator: ", ") + ".", valueName: "network"))
  var network: String?

  @Option(
    help: ArgumentHelp(
      "The column to be predicted of a table (default: target, label, class or y, else the last).",
      valueName: "column"))
  var target: String?

  @Option(help: "What --dataset asks for (default: by what its targets are).")
  var task: TaskKind?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share of the training samples held out for validation (default: 0.1).",
      valueName: "share"),
    transform: { try Values.share($0, of: "validation") })
  var validation: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share of all samples kept for the test where there are no files of test samples (default: 0.2).",
      valueName: "share"),
    transform: { try Values.share($0, of: "test") })
  var test: Double?

  @Option(
    help:
      "How inputs are scaled, by the training samples: to mean 0 and deviation 1, or to 0…1 (default: standard)."
  )
  var scaling: Scaling?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Passes over the training samples of --dataset (default: by their number).",
      valueName: "count"),
    transform: Values.epochs)
  var epochs: Double?

  @Option(
    help: ArgumentHelp(
      "A trained network from elsewhere, .onnx or .safetensors, in the place of the network that is trained here: "
        + "every strategy starts from it.", valueName: "file"))
  var from: String?

  /// Benchmarks by name, and all those that the names are looked up among.
  struct Chosen {
    var names: [String]
    var catalogue: [Benchmark]
  }

  /// The benchmarks that are meant: those named, each a name or a file, and that of the data.
  ///
  /// - Parameter usual: What is taken where neither is given.
  /// - Throws: `CommandError` for an option without its data, and what is wrong with a file.
  func chosen(_ names: [String], usual: [String]) throws -> Chosen {
    var chosen = Chosen(names: [], catalogue: Benchmark.catalogue)
    func add(_ benchmark: Benchmark) throws {
      if let other = chosen.catalogue.first(where: { $0.name == benchmark.name }),
        other != benchmark
      {
        throw CommandError(
          "two benchmarks are named '\(benchmark.name)'; write the one to a file by 'workbench benchmark' and "
            + "give it another name there")
      }
      chosen.names.append(benchmark.name)
      if !chosen.catalogue.contains(benchmark) { chosen.catalogue.append(benchmark) }
    }
    if let own = try own() { try add(own) }
    for name in names {
      if name.hasSuffix(BenchmarkFile.suffix) {
        try add(try BenchmarkFile.read(URL(literalPath: name)))
      } else {
        chosen.names.append(name)
      }
    }
    if let from { return try chosen.starting(from: from) }
    if chosen.names.isEmpty { chosen.names = usual }
    return chosen
  }

  /// Says what a network that was given is worth, before anything is done to it.
  func noteGiven(_ chosen: Chosen) throws {
    for benchmark in chosen.catalogue where chosen.names.contains(benchmark.name) {
      guard let value = try benchmark.valueOfGiven({ try DataDirectory.locate() }),
        let given = benchmark.given
      else { continue }
      Console.note(
        givenText(
          given, counts: value.counts, evaluation: value.evaluation, samples: value.samples,
          metric: benchmark.metric) + "\n")
    }
  }

  /// The benchmark of the user's data; nil without any.
  func own() throws -> Benchmark? {
    guard let dataset else {
      let given: [(String, Bool)] = [
        ("--network", network != nil), ("--target", target != nil), ("--task", task != nil),
        ("--validation", validation != nil), ("--test", test != nil), ("--scaling", scaling != nil),
        ("--epochs", epochs != nil),
      ]
      if let first = given.first(where: \.1) {
        throw CommandError("\(first.0) is about data of your own; add --dataset FOLDER")
      }
      return nil
    }
    let folder = try DataFolder(
      inspecting: URL(literalPath: dataset).standardizedFileURL,
      wanted: DataFolder.Wanted(
        target: target, isClassification: task.map { $0 == .classification },
        validationShare: validation, testShare: test, scaling: scaling))
    var own = Benchmark.Own(epochs: epochs)
    if let network {
      if let family = try NetworkFamily(network) {
        own.family = family
      } else {
        own.networkText = (try text(of: network), network)
      }
    }
    return try Benchmark(of: folder, own: own).checked()
  }

  private func text(of file: String) throws -> String {
    let url = URL(literalPath: file)
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw CommandError(
        "there is no network '\(file)': neither a file nor one of "
          + NetworkFamily.forms.joined(separator: ", "))
    }
    let data = try PlainFile.read(url, atMost: 1 << 20)
    guard let text = String(data: data, encoding: .utf8) else {
      throw CommandError("\(file) is not encoded as UTF-8")
    }
    return text
  }
}

extension DataOptions.Chosen {
  /// The same with a given network in the place of the one benchmark's own.
  fileprivate func starting(from file: String) throws -> DataOptions.Chosen {
    guard names.count == 1, let name = names.first else {
      throw CommandError(
        "--from is one network, for one benchmark: name it, such as --benchmark mnist-lenet5"
          + (names.isEmpty ? "" : "; \(names.count) are named"))
    }
    guard let benchmark = catalogue.first(where: { $0.name == name }) else {
      throw PlanError.unknownBenchmark(name, known: catalogue.map(\.name))
    }
    let started = try benchmark.starting(from: URL(literalPath: file))
    return DataOptions.Chosen(names: [started.name], catalogue: catalogue + [started])
  }
}
