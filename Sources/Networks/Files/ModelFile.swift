package import Foundation

/// A network in a file that carries its own structure, in the safetensors format.
///
/// Every parameter is a tensor named by its layer, `fc1.weight`, `fc1.bias`, `norm.running_mean`, in the shapes
/// that other programs have: outputs × inputs, then kernel height × width. Where something in one is masked,
/// `fc1.weight.mask` beside it is of 0 and 1 (`U8`), so that a weight that is masked and one that is 0 stay
/// apart; where training leaves something as it is, `fc1.weight.frozen` is. The header's `__metadata__` has the
/// graph as ``Graph/text``, and where the network comes from.
package enum ModelFile {
  /// Raised when the meaning of a file changes.
  static let format = "workbench-2"

  /// What the file says of the network beside its tensors. Names that are none of these tell its lineage.
  enum Member {
    static let format = "format"
    static let structure = "structure"
    static let prunesBiases = "prunesBiases"
    /// Of a network whose nodes are not numbered by their places, as after surgery.
    static let ids = "ids"
    static let blocks = "blocks"
    static let nextID = "nextID"

    static let all = [format, structure, prunesBiases, ids, blocks, nextID]
  }

  /// What a file holds.
  package struct Contents: Sendable {
    package var network: Network
    /// Where the network comes from, by name; empty where the file does not say.
    package var lineage: [String: String]
  }

  /// The bytes of a file; equal networks of equal lineage have equal bytes.
  ///
  /// - Throws: ``ModelFileError`` for a parameter that is not a finite number.
  package static func encode(
    _ network: Network, lineage: [String: String] = [:]
  ) throws(ModelFileError) -> Data {
    guard network.values.allSatisfy(\.isFinite), network.statistics.allSatisfy(\.isFinite) else {
      throw ModelFileError(file: "model", reason: "a parameter is not a finite number")
    }
    var writer = SafetensorsWriter()
    let tensors = network.graph.parameterTensors
    for tensor in tensors {
      writer.add(tensor.name, tensor.extents, floats: network.values[tensor.range])
    }
    for tensor in network.graph.statisticsTensors {
      writer.add(tensor.name, tensor.extents, floats: network.statistics[tensor.range])
    }
    // Behind all numbers, which so lie at multiples of their size.
    for tensor in tensors where network.mask[tensor.range].contains(0) {
      writer.add(
        tensor.name + maskSuffix, tensor.extents,
        flags: network.mask[tensor.range].lazy.map { $0 != 0 })
    }
    for tensor in tensors
    where !network.frozen.isEmpty && network.frozen[tensor.range].contains(true) {
      writer.add(tensor.name + frozenSuffix, tensor.extents, flags: network.frozen[tensor.range])
    }
    var metadata = lineage
    for name in Member.all { metadata[name] = nil }
    metadata.merge(try members(of: network.graph)) { $1 }
    metadata[Member.format] = format
    metadata[Member.prunesBiases] = network.prunesBiases ? "true" : "false"
    return writer.file(metadata: metadata)
  }

  static let maskSuffix = ".mask"
  static let frozenSuffix = ".frozen"

  /// The structure, and the numbers of its nodes where the text does not tell them.
  private static func members(of graph: Graph) throws(ModelFileError) -> [String: String] {
    var members = [Member.structure: graph.text]
    do {
      let plain = try Graph(text: graph.text, file: "the structure")
      if plain != graph {
        members[Member.ids] = list(graph.nodes.map(\.id))
        members[Member.blocks] = list(graph.nodes.map { $0.block ?? 0 })
        members[Member.nextID] = "\(graph.nextID)"
        guard try plain.numbered(by: members) == graph else {
          throw GraphError(node: "(all)", reason: "its text is another one's")
        }
      }
    } catch {
      throw ModelFileError(file: "model", reason: "the structure cannot be written: \(error)")
    }
    return members
  }

  private static func list(_ ids: [UInt64]) -> String {
    ids.map(String.init).joined(separator: ",")
  }
}

extension Graph {
  /// The same graph with the ids and blocks that a file has.
  func numbered(by members: [String: String]) throws(GraphError) -> Graph {
    func numbers(_ name: String) throws(GraphError) -> [UInt64] {
      let words = (members[name] ?? "").split(separator: ",", omittingEmptySubsequences: false)
      let numbers = words.compactMap { UInt64($0) }
      guard numbers.count == nodes.count, words.count == nodes.count else {
        throw GraphError(node: "(all)", reason: "'\(name)' does not number its nodes")
      }
      return numbers
    }
    guard members[ModelFile.Member.ids] != nil else { return self }
    let ids = try numbers(ModelFile.Member.ids)
    let blocks = try numbers(ModelFile.Member.blocks)
    guard let nextID = UInt64(members[ModelFile.Member.nextID] ?? "") else {
      throw GraphError(node: "(all)", reason: "'\(ModelFile.Member.nextID)' is no number")
    }
    let known = Set(ids)
    guard blocks.allSatisfy({ $0 == 0 || known.contains($0) }) else {
      throw GraphError(node: "(all)", reason: "a node lies in a block that is not there")
    }
    return try Graph(
      nodes: nodes.indices.map { place in
        Node(
          id: ids[place], name: nodes[place].name, operation: nodes[place].operation,
          inputs: nodes[place].inputs, block: blocks[place] == 0 ? nil : blocks[place])
      }, nextID: nextID)
  }

  /// A tensor of a network and its part of the flat vector.
  struct StoredTensor {
    let name: String
    let extents: [Int]
    let range: Range<Int>
    /// The least that a value may be.
    let least: Float
  }

  /// The parameters as tensors, in the order of ``ParameterLayout``.
  var parameterTensors: [StoredTensor] {
    tensors { place, input in
      nodes[place].operation.kind.parameterTensors(reading: input, making: shapes[place])
    }
  }

  /// The running statistics as tensors, likewise.
  var statisticsTensors: [StoredTensor] {
    tensors { place, _ in
      nodes[place].operation.kind.statisticsTensors(making: shapes[place])
    }
  }

  private func tensors(_ own: (_ place: Int, _ input: Shape) -> [NamedShape]) -> [StoredTensor] {
    var end = 0
    return nodes.indices.dropFirst().flatMap { place in
      own(place, shapes[nodes[place].inputs[0]]).map { shape in
        defer { end += shape.count }
        return StoredTensor(
          name: "\(nodes[place].name).\(shape.name)", extents: shape.extents,
          range: end..<end + shape.count, least: shape.least)
      }
    }
  }
}
