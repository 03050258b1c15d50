package import Networks

/// Drops the residual blocks with the lowest scores, equal ones from the input on, until no more
/// weights are live than the goal says. A block that cannot go is passed over.
///
/// - Parameter scores: one a block, from the input on.
package func blockDrops(scores: [Float], in network: Network, to goal: Int) -> [Edit] {
  let blocks = network.graph.residualSums.map { network.graph.nodes[$0].id }
  let order = blocks.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
  var edits: [Edit] = []
  var network = network
  for index in order {
    guard network.counts.weights > goal else { break }
    // A block within one that went is gone already, and the last one may not leave.
    guard network.graph.place(of: blocks[index]) != nil,
      let surgery = try? network.applying([.dropBlock(block: blocks[index])])
    else { continue }
    edits.append(.dropBlock(block: blocks[index]))
    network = surgery.network
  }
  return edits
}
