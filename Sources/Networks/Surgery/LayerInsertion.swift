/// Layers and residual blocks put behind a layer.
extension OperatingTable {
  mutating func insert(
    _ specifications: [LayerSpecification], after place: Int
  ) throws(SurgeryError) {
    let end = try endOfLayer(at: place)
    let node = network.graph.nodes[place]
    guard !specifications.isEmpty else {
      throw invalid(place, "at least one layer must be put behind it")
    }
    let seam = Seam(
      input: end, output: end, block: network.graph.nodes[end].block, name: node.name,
      word: "what is put behind it")
    let made = try nodes(of: specifications, at: seam, from: end + 1, naming: place)
    try splice(made, with: specifications, at: end + 1..<end + 1)
  }

  /// Behind another block it comes behind that one's sum and what belongs to it, as its activation.
  ///
  /// A block within a block is refused: a node belongs to one block, by whose gate it is left out in
  /// training, and of two only one could do so.
  mutating func insertBlock(
    of specifications: [LayerSpecification], after place: Int
  ) throws(SurgeryError) {
    let graph = network.graph
    let end = try endOfLayerOrBlock(at: place)
    if let block = graph.nodes[end].block {
      let name = graph.place(of: block).map { graph.nodes[$0].name } ?? "id \(block)"
      throw invalid(place, "it lies in the branch of block '\(name)', and blocks do not nest")
    }
    guard !specifications.isEmpty else {
      throw invalid(place, "the branch of a block behind it needs at least one layer")
    }
    var names = FreeNames(of: graph)
    let name = names.next("\(graph.nodes[place].name).block")
    let sum = Graph.Node(
      id: graph.nextID + UInt64(specifications.count), name: name,
      operation: .residualSum(scale: 1), inputs: [end, end + specifications.count])
    let seam = Seam(
      input: end, output: end, block: sum.id, name: name, word: "the branch behind it")
    let made = try nodes(of: specifications, at: seam, from: end + 1, naming: place)
    if let reason = specifications.reasonNotToBeginAsNothing {
      throw invalid(place, "the branch behind it must begin as nothing: \(reason)")
    }
    try splice(made + [sum], with: specifications, at: end + 1..<end + 1)
  }

  private func endOfLayer(at place: Int) throws(SurgeryError) -> Int {
    guard network.graph.nodes[place].operation.isWeighted else {
      throw invalid(place, "only behind dense layers and convolutions can layers be put")
    }
    return network.graph.layerAndItsOwn(at: place).last ?? place
  }

  private func endOfLayerOrBlock(at place: Int) throws(SurgeryError) -> Int {
    guard network.graph.nodes[place].operation.residualSum != nil else {
      return try endOfLayer(at: place)
    }
    return network.graph.layerAndItsOwn(at: place).last ?? place
  }
}

extension Graph {
  /// The weighted layer or the sum at `place` and what belongs to it, each the only reader of the one before: a
  /// batch normalisation and an activation, in any order, one of each at most.
  func layerAndItsOwn(at place: Int) -> [Int] {
    var own = [place]
    var normalises = false
    var activates = false
    var here = place
    while consumers[here].count == 1 {
      here = consumers[here][0]
      switch nodes[here].operation.kind.role {
      case .normalization where !normalises: normalises = true
      case .activation where !activates: activates = true
      default: return own
      }
      own.append(here)
    }
    return own
  }
}

extension [LayerSpecification] {
  /// Why a branch of these layers adds something at first, or never will, or nil.
  ///
  /// The last layer with parameters must be 0 throughout, and only tanh may follow: it keeps 0 and
  /// has a slope there. The others must not be 0 throughout, as no gradient would reach them.
  fileprivate var reasonNotToBeginAsNothing: String? {
    guard let last = lastIndex(where: { !$0.operation.isActivation }) else {
      return "it has no layer with parameters"
    }
    guard self[last].isZero else { return "its layer \(last) is not 0 throughout" }
    for index in (last + 1)..<count {
      if let problem = self[index].operation.kind.problemWithZeros {
        return "its layer \(index) is \(self[index].operation.word)\(problem)"
      }
    }
    let dead = self[..<last].firstIndex { !$0.operation.isActivation && $0.isZero }
    return dead.map { "its layers \($0) and \(last) are both 0, and no gradient would reach them" }
  }
}

extension LayerSpecification {
  fileprivate var isZero: Bool { (weights + biases).allSatisfy { $0 == 0 } }
}
