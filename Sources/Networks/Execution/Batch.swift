import CKernels

/// The lanes of one mini-batch: how many are real and how many the layout pads them to.
package struct Lanes: Sendable, Equatable {
  /// The samples in the batch.
  package let valid: Int
  /// Blocks of 16 samples that hold them; the lanes behind `valid` are padding.
  package let blocks: Int
  /// All lanes, padding included.
  package let count: Int

  /// - Parameters:
  ///   - valid: How many samples there are.
  ///   - isSingle: Whether the one sample has the only lane.
  package init(valid: Int, isSingle: Bool = false) {
    self.valid = valid
    blocks = (valid + Self.width - 1) / Self.width
    count = isSingle ? valid : blocks * Self.width
  }

  /// Samples in a block.
  package static let width = Int(WBK_LANES)
}

/// A tensor's memory order as the channel kernels take it: `[blocks][channels][plane][lanes]`.
struct ChannelView {
  let blocks: Int64
  let channels: Int64
  let plane: Int64
  let lanes: Int64

  init(_ shape: Shape, _ layout: Layout, _ batch: Lanes) {
    channels = Int64(shape.channels)
    plane = Int64(shape.plane)
    switch layout {
    case .spatial:
      blocks = Int64(batch.blocks)
      lanes = Int64(Lanes.width)
    case .flat:
      blocks = 1
      lanes = Int64(batch.count)
    }
  }

  var count: Int64 { blocks * channels * plane * lanes }
}

/// What a network's output is compared with.
package enum Loss: String, Codable, Hashable, Sendable {
  /// Softmax cross-entropy with labels, mean over samples.
  case crossEntropy
  /// Mean over samples and outputs of the squared difference.
  case squaredError
}
