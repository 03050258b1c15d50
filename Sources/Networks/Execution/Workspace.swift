import CKernels
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
    var scratch = 0
    var block = 0
    var weights = 0
    for (place, step) in steps.enumerated() {
      guard let slot = packing.slots[place] else { continue }
      switch step.operation {
      case .dense where slot.sparse == nil && !isSingle:
        let units = step.shape.channels
        let rows = max(units, slot.weights.count / max(units, 1))
        scratch = max(scratch, wbk_multiply_scratch(Int64(rows), Int64(WBK_PRODUCT_DEPTH)))
      case .convolution:
        var geometry = step.convolution
        let floats =
          slot.sparse == nil
          ? wbk_convolution_scratch(&geometry) : wbk_sparse_convolution_scratch(&geometry)
        scratch = max(scratch, floats)
        weights = max(weights, slot.weights.count)
        if step.pool >= 0 { block = max(block, step.shape.count * Lanes.width) }
      default: continue
      }
    }
    guard scratch > 0 else { return [] }
    let suffices =
      present.count > 1 && present[0].scratch.count >= scratch
      && present[0].block.count >= block && present[1].weights.count >= weights
    guard !suffices else { return present }
    return (0..<max(gradientParts, team.threads)).map { part in
      Workspace(
        scratch: FloatBuffer(count: scratch), block: FloatBuffer(count: block),
        weights: FloatBuffer(count: part == 0 ? 0 : weights))
    }
  }
}
