import Foundation

/// The form that files had before their tensors were named by layers, which stored results still have: `values`,
/// `mask`, `statistics` and `frozen`, all single-precision, as vectors in the order of ``ParameterLayout``, and
/// the graph as JSON.
extension ModelFile {
  static let vectorFormat = "workbench-1"
  static let graphName = "graph"

  static func vectors(of tensors: Safetensors, file: String) throws(ModelFileError) -> Network {
    func refuse(_ reason: String) -> ModelFileError { ModelFileError(file: file, reason: reason) }

    let graph: Graph
    do {
      graph = try JSONDecoder().decode(
        Graph.self, from: Data((tensors.metadata[graphName] ?? "").utf8))
    } catch let error as GraphError {
      throw refuse("its structure cannot be run: \(error)")
    } catch {
      throw refuse("its structure cannot be read: \(sentence(error))")
    }
    // What is read can be written by the names of its layers.
    guard graph.nodes.allSatisfy({ Graph.isName($0.name) }),
      Set(graph.nodes.map(\.name)).count == graph.nodes.count
    else { throw refuse("a layer of its structure has no name of its own") }
    let layout = ParameterLayout(graph)
    let names = ["values", "mask", "statistics", "frozen"]
    if let other = tensors.tensors.keys.sorted().first(where: { !names.contains($0) }) {
      throw refuse("it has a tensor '\(other)', and '\(vectorFormat)' knows none of that name")
    }
    var parts = Parts(
      values: try tensors.floats(names[0], [layout.count]),
      mask: try tensors.floats(names[1], [layout.count]),
      statistics: try tensors.floats(names[2], [layout.statisticsCount]))
    guard parts.mask.allSatisfy({ $0 == 0 || $0 == 1 }),
      zip(parts.values, parts.mask).allSatisfy({ $1 == 1 || $0 == 0 })
    else { throw refuse("its mask is not of 0 and 1, or a masked parameter is not 0") }
    for tensor in graph.statisticsTensors
    where !parts.statistics[tensor.range].allSatisfy({ $0 >= tensor.least }) {
      throw refuse("a value of its tensor '\(tensor.name)' is below \(tensor.least)")
    }
    if tensors.tensors[names[3]] != nil {
      let frozen = try tensors.floats(names[3], [layout.count])
      guard frozen.allSatisfy({ $0 == 0 || $0 == 1 }) else {
        throw refuse("what is frozen is not told by 0 and 1")
      }
      parts.frozen = frozen.map { $0 == 1 }
    }
    return try parts.network(
      graph, prunesBiases: tensors.metadata[Member.prunesBiases] == "true", file: file)
  }

  private static func sentence(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    switch error {
    case .keyNotFound(let key, _): return "'\(key.stringValue)' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context):
      return context.debugDescription
    @unknown default: return "\(error)"
    }
  }
}
