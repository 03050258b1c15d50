/// What training costs, counted as the papers on dynamic sparse training do, so that totals can be held
/// against theirs.
///
/// A multiply-add is 2 operations, once for each live weight and position of its output, padding
/// included; masked weights cost nothing. Biases, batch normalisation, activations, pools and the
/// optimiser are not counted, all of which are small beside the weights.
///
/// U. Evci, T. Gale, J. Menick, P. S. Castro, E. Elsen: Rigging the Lottery. ICML 2020,
/// arXiv:1911.11134, appendix H.
extension Network {
  /// Operations of one forward pass of one sample.
  package var forwardOperations: Int {
    layout.slots.reduce(0) { $0 + 2 * live(in: $1.weights) * positions(of: $1) }
  }

  /// Operations of one backward pass of one sample: the gradients of the weights, and those of the
  /// inputs of all layers behind which there is something to be trained.
  ///
  /// - Parameter dense: Whether the gradients of masked and frozen weights are computed too, as
  ///   where they decide what becomes live. Gradients of inputs never pass a masked weight.
  package func gradientOperations(dense: Bool) -> Int {
    let needed = graph.nodesOnGradientPaths()
    return layout.slots.reduce(0) { sum, slot in
      let live = live(in: slot.weights)
      let weights = dense ? slot.weights.count : trained(in: slot.weights)
      let carriers = graph.nodes[slot.place].inputs.contains { needed[$0] } ? live : 0
      return sum + 2 * (weights + carriers) * positions(of: slot)
    }
  }

  /// Operations of one sample in training: forward and backward.
  package var trainingOperations: Int {
    forwardOperations + gradientOperations(dense: false)
  }

  /// The live parameters in `range` that are not frozen.
  private func trained(in range: Range<Int>) -> Int {
    guard !frozen.isEmpty else { return live(in: range) }
    return range.count { mask[$0] != 0 && !frozen[$0] }
  }

  private func positions(of slot: ParameterLayout.Slot) -> Int { graph.shapes[slot.place].plane }
}
