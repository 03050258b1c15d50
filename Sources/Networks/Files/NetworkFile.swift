package import Foundation

/// A network in a file of either format that this program reads.
package enum NetworkFile {
  /// The formats, by the endings of their files.
  package enum Format: String, CaseIterable, Sendable {
    case safetensors, onnx
  }

  /// - Parameters:
  ///   - data: The bytes of the file.
  ///   - file: Its name, whose ending tells the format.
  ///   - structure: The network that tensors are read into whose file does not say its own; nil for none.
  ///   - prunesBiases: Whether budgets count biases; nil for what the file says.
  /// - Throws: ``ModelFileError``.
  package static func decode(
    _ data: Data, file: String, structure: Graph? = nil, prunesBiases: Bool? = nil
  ) throws(ModelFileError) -> ModelFile.Contents {
    switch Format(rawValue: URL(filePath: file).pathExtension.lowercased()) {
    case .onnx:
      return try ONNXFile.contents(of: data, file: file, prunesBiases: prunesBiases ?? false)
    case .safetensors:
      var contents = try ModelFile.contents(of: data, file: file, structure: structure)
      if let prunesBiases, prunesBiases != contents.network.prunesBiases {
        contents.network = try contents.network.pruning(biases: prunesBiases, file: file)
      }
      return contents
    case nil:
      throw ModelFileError(
        file: file, reason: "its name ends neither in .safetensors nor in .onnx")
    }
  }
}

extension NetworkFile {
  /// The bytes of a file of a format.
  ///
  /// - Parameters:
  ///   - network: What is written.
  ///   - format: In which form.
  ///   - lineage: What the file says of where the network comes from.
  /// - Throws: ``ModelFileError`` for a parameter that is not a finite number.
  package static func encode(
    _ network: Network, as format: Format, lineage: [String: String]
  ) throws(ModelFileError) -> Data {
    switch format {
    case .onnx: try ONNXFile.encode(network, lineage: lineage)
    case .safetensors: try ModelFile.encode(network, lineage: lineage)
    }
  }
}

extension Network {
  fileprivate func pruning(biases: Bool, file: String) throws(ModelFileError) -> Network {
    do {
      return try Network(
        graph: graph, values: values, mask: mask, statistics: statistics, prunesBiases: biases,
        frozen: frozen)
    } catch { throw ModelFileError(file: file, reason: "\(error)") }
  }
}
