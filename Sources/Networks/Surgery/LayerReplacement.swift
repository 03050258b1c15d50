/// Replacement of a layer by a sequence of layers.
extension OperatingTable {
  mutating func replace(
    at place: Int, with specifications: [LayerSpecification]
  ) throws(SurgeryError) {
    let old = network.graph.nodes[place]
    guard old.operation.isWeighted else {
      throw invalid(place, "only dense layers and convolutions can be replaced")
    }
    guard !old.operation.kind.hasLatentWeights else {
      throw invalid(
        place, "it works with the signs of its weights, and what would come in its place does not")
    }
    guard !specifications.isEmpty else {
      throw invalid(place, "it must be replaced by at least one layer")
    }
    let seam = Seam(
      input: old.inputs[0], output: place, block: old.block, name: old.name,
      word: "its replacement")
    let made = try nodes(of: specifications, at: seam, from: place, naming: place)
    let rest = network.graph.weightedLayers.filter { $0 != place }
    guard made.contains(where: \.operation.isWeighted) || !rest.isEmpty else {
      throw SurgeryError(
        .collapsed, layer: old.name, "without it no layer with weights would remain")
    }
    try splice(made, with: specifications, at: place..<place + 1)
  }
}
