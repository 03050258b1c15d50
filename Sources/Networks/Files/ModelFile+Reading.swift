package import Foundation

extension ModelFile {
  /// - Throws: ``ModelFileError`` that names the file and what is wrong with it.
  package static func read(_ url: URL) throws(ModelFileError) -> Network {
    let data: Data
    do {
      data = try Data(contentsOf: url)
    } catch {
      throw ModelFileError(file: url.path, reason: "cannot be read: \(error.localizedDescription)")
    }
    return try decode(data, file: url.path)
  }

  /// The network in a file's bytes, each of which is checked.
  ///
  /// - Parameters:
  ///   - data: The bytes.
  ///   - file: The name an error gives.
  package static func decode(_ data: Data, file: String) throws(ModelFileError) -> Network {
    try contents(of: data, file: file).network
  }

  /// The same, with what the file says of the network's lineage.
  ///
  /// - Parameters:
  ///   - data: The bytes.
  ///   - file: The name an error gives.
  ///   - structure: The network that tensors of other programs are read into, whose files do not say their own;
  ///     nil to refuse them.
  package static func contents(
    of data: Data, file: String, structure: Graph? = nil
  ) throws(ModelFileError) -> Contents {
    let tensors = try Safetensors(data, file: file)
    guard let written = tensors.metadata[Member.format], written.hasPrefix("workbench-") else {
      return Contents(network: try foreign(tensors, file: file, structure), lineage: [:])
    }
    let network: Network
    switch written {
    case format: network = try layers(of: tensors, file: file)
    case vectorFormat: network = try vectors(of: tensors, file: file)
    default:
      throw ModelFileError(
        file: file,
        reason: "its format is '\(written)', this program reads '\(format)' and '\(vectorFormat)'")
    }
    var lineage = tensors.metadata
    for name in Member.all + [graphName] { lineage[name] = nil }
    return Contents(network: network, lineage: lineage)
  }

  /// Reads a network whose tensors are named by its layers.
  private static func layers(
    of tensors: Safetensors, file: String
  ) throws(ModelFileError) -> Network {
    func refuse(_ reason: String) -> ModelFileError { ModelFileError(file: file, reason: reason) }

    guard let text = tensors.metadata[Member.structure] else {
      throw refuse("its metadata have no '\(Member.structure)'")
    }
    let graph: Graph
    do {
      graph = try Graph(text: text, file: "its structure").numbered(by: tensors.metadata)
    } catch { throw refuse("\(error)") }
    return try layers(
      of: tensors, into: graph, prunesBiases: tensors.metadata[Member.prunesBiases] == "true",
      file: file)
  }

  /// Reads the tensors of another program, which have the names of a known network's layers.
  private static func foreign(
    _ tensors: Safetensors, file: String, _ structure: Graph?
  ) throws(ModelFileError) -> Network {
    guard let structure else {
      throw ModelFileError(
        file: file,
        reason:
          "its metadata do not say of which network it is; export the network as ONNX, which does")
    }
    do {
      return try layers(of: tensors, into: structure, prunesBiases: false, file: file)
    } catch {
      throw ModelFileError(
        file: file,
        reason:
          "\(error.reason); the file does not say of which network it is, and that of the benchmark is "
          + "taken: export another one as ONNX, which does")
    }
  }

  /// Reads tensors that are named by the layers of a graph.
  private static func layers(
    of tensors: Safetensors, into graph: Graph, prunesBiases: Bool, file: String
  ) throws(ModelFileError) -> Network {
    func refuse(_ reason: String) -> ModelFileError { ModelFileError(file: file, reason: reason) }

    // All that is reserved follows from tensors that are there: a structure may state any size.
    var parts = Parts()
    // PyTorch counts batches beside its running statistics.
    var left = Set(tensors.tensors.keys.filter { !$0.hasSuffix(".num_batches_tracked") })
    for tensor in graph.parameterTensors {
      left.remove(tensor.name)
      let values = try tensors.floats(tensor.name, tensor.extents)
      parts.values += values
      func flags(_ suffix: String) throws(ModelFileError) -> [Bool]? {
        guard left.remove(tensor.name + suffix) != nil else { return nil }
        return try tensors.flags(tensor.name + suffix, tensor.extents)
      }
      let live = try flags(maskSuffix)
      if let live, !zip(live, values).allSatisfy({ $0 || $1 == 0 }) {
        throw refuse("a masked value of its tensor '\(tensor.name)' is not 0")
      }
      parts.mask += live?.map { $0 ? 1 : 0 } ?? [Float](repeating: 1, count: values.count)
      parts.frozen +=
        try flags(frozenSuffix) ?? [Bool](repeating: false, count: values.count)
    }
    for tensor in graph.statisticsTensors {
      left.remove(tensor.name)
      let values = try tensors.floats(tensor.name, tensor.extents)
      guard values.allSatisfy({ $0 >= tensor.least }) else {
        throw refuse("a value of its tensor '\(tensor.name)' is below \(tensor.least)")
      }
      parts.statistics += values
    }
    if let name = left.min() { throw refuse("its tensor '\(name)' belongs to no layer") }
    return try parts.network(graph, prunesBiases: prunesBiases, file: file)
  }

  /// What a network is made of beside its graph.
  struct Parts {
    var values: [Float] = []
    var mask: [Float] = []
    var statistics: [Float] = []
    var frozen: [Bool] = []

    func network(
      _ graph: Graph, prunesBiases: Bool, file: String
    ) throws(ModelFileError) -> Network {
      do {
        return try Network(
          graph: graph, values: values, mask: mask, statistics: statistics,
          prunesBiases: prunesBiases, frozen: frozen)
      } catch {
        throw ModelFileError(file: file, reason: "its data do not fit its structure: \(error)")
      }
    }
  }
}
