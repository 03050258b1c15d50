import Datasets
package import Foundation
import Networks

/// A benchmark written down: JSON of all that it is.
package enum BenchmarkFile {
  package static let suffix = ".json"
  private static let longest = 16 << 20

  /// The bytes of the file.
  package static func encode(_ benchmark: Benchmark) throws -> Data {
    try CanonicalJSON.encode(benchmark, pretty: true) + Data("\n".utf8)
  }

  /// Reads a benchmark from a file.
  ///
  /// A folder of data that is named by a path that is not absolute lies beside the file.
  ///
  /// - Throws: ``PlanError`` that names the file, where it cannot be read or is no benchmark that can be run.
  package static func read(_ url: URL) throws(PlanError) -> Benchmark {
    let data: Data
    do {
      data = try PlainFile.read(url, atMost: longest)
    } catch { throw PlanError("\(error)") }
    var benchmark = try decode(data, file: url.path)
    if case .folder(var folder) = benchmark.data, !folder.path.hasPrefix("/") {
      folder.path = url.deletingLastPathComponent().appending(path: folder.path).standardized.path
      benchmark.data = .folder(folder)
    }
    if let given = benchmark.given, !given.path.hasPrefix("/") {
      benchmark.given?.path =
        url.deletingLastPathComponent().appending(path: given.path).standardized.path
    }
    return benchmark
  }

  /// - Throws: ``PlanError`` that names the file.
  static func decode(_ data: Data, file: String) throws(PlanError) -> Benchmark {
    let benchmark: Benchmark
    do {
      benchmark = try CanonicalJSON.decode(Benchmark.self, from: data)
    } catch let error as DecodingError {
      throw PlanError("\(file) is no benchmark: \(error.words)")
    } catch { throw PlanError("\(file) is no benchmark: \(error)") }
    try checkMembers(of: data, against: benchmark, file: file)
    do {
      return try benchmark.checked()
    } catch { throw PlanError("\(file): \(error)") }
  }

  /// A misspelt member must not go unnoticed.
  private static func checkMembers(
    of data: Data, against benchmark: Benchmark, file: String
  ) throws(PlanError) {
    guard let written = try? encode(benchmark),
      let known = try? JSONSerialization.jsonObject(with: written) as? [String: Any],
      let found = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    else { return }
    let optional = ["planted", "published", "given"]
    if let other = found.keys.sorted().first(where: { known[$0] == nil && !optional.contains($0) })
    {
      throw PlanError("\(file): there is no '\(other)' in a benchmark")
    }
  }
}

extension DecodingError {
  /// What is wrong, and where.
  fileprivate var words: String {
    func place(_ context: Context) -> String {
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return path.isEmpty ? "" : " in '\(path)'"
    }
    return switch self {
    case .keyNotFound(let key, let context): "'\(key.stringValue)' is missing\(place(context))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "a value of another kind is wanted\(place(context))"
    case .dataCorrupted(let context): "\(context.debugDescription)\(place(context))"
    @unknown default: "\(self)"
    }
  }
}

extension Benchmark {
  /// Itself, where it can be run.
  ///
  /// - Throws: ``PlanError`` that says what keeps it from that.
  package func checked() throws(PlanError) -> Benchmark {
    if let problem { throw PlanError(problem) }
    return self
  }

  /// What keeps it from being run; nil for nothing.
  fileprivate var problem: String? {
    let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:"
    guard !name.isEmpty, name.count <= 64, name.allSatisfy({ letters.contains($0) }) else {
      return "'\(name.prefix(64))' is no name: letters, digits and . - _ : make one"
    }
    if !isOfProgram, Self.catalogue.contains(where: { $0.name == name }) {
      return "'\(name)' is a benchmark of the program, and this is another; give it another name"
    }
    guard !ratios.isEmpty, zip(ratios, ratios.dropFirst()).allSatisfy({ $0 < $1 }),
      ratios.allSatisfy({ $0 >= 1 && $0 <= 1e6 })
    else { return "'ratios' rise, from 1 on, such as 2, 4, 8" }
    guard 1...1000 ~= seeds else { return "'seeds' is \(seeds), and 1 to 1000 are run" }
    guard 1...1_000_000 ~= measurementSamples else {
      return "'measurementSamples' is \(measurementSamples), and 1 to 1000000 are taken"
    }
    for (word, recipes) in [("recipes", recipes), ("quickRecipes", quickRecipes)] {
      guard 1...1000 ~= recipes.starts else { return "'\(word)' has \(recipes.starts) starts" }
      for recipe in [recipes.dense, recipes.fineTune] {
        if let problem = recipe.problem { return "'\(word)': \(problem)" }
      }
    }
    if let folder = data.folder, let problem = folder.problem { return problem }
    let graph: Graph
    do {
      graph = try Graph(text: structure, file: "its network")
    } catch { return "\(error)" }
    if let given, !Store.isHash(given.sha256) {
      return "'given' has no SHA-256 of 64 letters"
    }
    guard let folder = data.folder else { return problem(of: graph) }
    guard graph.inputShape.count == folder.shape.reduce(1, *), graph.outputs == folder.outputs
    else {
      return
        "its network takes \(graph.inputShape.count) values and makes \(graph.outputs), and the data have "
        + "\(folder.shape.reduce(1, *)) and need \(folder.outputs)"
    }
    return nil
  }
}

extension Benchmark {
  /// What keeps a network from being run on the program's data: those that it brings suit them.
  private func problem(of graph: Graph) -> String? {
    guard let own = Self.catalogue.first(where: { $0.data == data }), own != self,
      let known = try? Graph(text: own.structure, file: own.name)
    else { return nil }
    guard graph.inputShape.count == known.inputShape.count, graph.outputs == known.outputs else {
      return
        "its network takes \(graph.inputShape.count) values and makes \(graph.outputs), and the data have "
        + "\(known.inputShape.count) and need \(known.outputs)"
    }
    return nil
  }
}

extension TrainingRecipe {
  fileprivate var problem: String? {
    guard learningRate > 0, learningRate <= 1000 else {
      return "a learning rate of \(learningRate)"
    }
    guard 1...65_536 ~= batchSize else { return "batches of \(batchSize) samples" }
    guard epochs > 0, epochs <= 1e6 else { return "\(epochs) epochs" }
    guard decay >= 0, decay <= 1000 else { return "a decay of \(decay)" }
    if let longest = longestGradient, !(longest > 0) {
      return "gradients no longer than \(longest)"
    }
    return nil
  }
}

extension DataFolder {
  fileprivate var problem: String? {
    guard shape.count == 3, shape.allSatisfy({ 1...1 << 20 ~= $0 }), 1...1 << 20 ~= outputs else {
      return "inputs of the shape \(shape) with \(outputs) outputs"
    }
    guard validationShare > 0, validationShare < 1, testShare >= 0, testShare < 1 else {
      return "shares for validation and test lie between 0 and 1"
    }
    guard counts.count == 2, !files.isEmpty, files.allSatisfy({ !$0.name.contains("/") }) else {
      return "its data name no files of a folder"
    }
    return nil
  }
}
