import Numerics

/// What one part of a layer's work needs for itself.
struct Workspace {
  /// The kernels' scratch, of convolutions and of products of matrices.
  let scratch: FloatBuffer
  /// The output of one block of a convolution that is pooled at once, then its gradient.
  let block: FloatBuffer
  /// The part's share of a weight gradient; the first part writes to the sum itself.
  let weights: FloatBuffer

  /// Parts that a convolution's weight gradient is always summed in, so that the bits do not depend on
  /// who computes them.
  static let gradientParts = 4

  /// What all of the work needs that `present` does not have: those, or larger ones.
  ///
  /// - Parameter isSingle: Whether one sample is all that is computed: its products need nothing.
  static func all(
    for steps: [Step], _ packing: ParameterPacking, isSingle: Bool, team: Team,
    present: [Workspace] = []
  ) -> [Workspace] {
    var all = WorkspaceDemand()
    for (place, step) in steps.enumerated() {
      guard let slot = packing.slots[place] else { continue }
      all.formUnion(step.kind.workspace(of: step, slot, isSingle: isSingle))
    }
    guard max(all.scratch, all.block, all.weights) > 0 else { return [] }
    let suffices =
      present.count > 1 && present[0].scratch.count >= all.scratch
      && present[0].block.count >= all.block && present[1].weights.count >= all.weights
    guard !suffices else { return present }
    return (0..<max(gradientParts, team.threads)).map { part in
      Workspace(
        scratch: FloatBuffer(count: all.scratch), block: FloatBuffer(count: all.block),
        weights: FloatBuffer(count: part == 0 ? 0 : all.weights))
    }
  }
}

/// Floats that a part of an operation's work needs of its workspace.
struct WorkspaceDemand {
  var scratch = 0
  var block = 0
  var weights = 0

  mutating func formUnion(_ other: WorkspaceDemand) {
    scratch = max(scratch, other.scratch)
    block = max(block, other.block)
    weights = max(weights, other.weights)
  }
}
