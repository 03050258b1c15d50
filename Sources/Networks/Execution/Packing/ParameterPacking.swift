import CKernels

/// Where the parameters that an executor computes with lie.
///
/// Of a layer that runs sparse the live weights alone are there, in the order of the flat vector or,
/// for a single sample, in slots; every other parameter has its place, masked or not. An optimiser
/// can work on the packed vector throughout a training period: what is not there is 0 and stays 0.
final class ParameterPacking {
  /// The parameters of one node.
  struct Slot {
    let weights: Range<Int>
    let biases: Range<Int>
    let sparse: SparseLayer?
    /// For a single sample, in place of `sparse`.
    let slotted: SlottedLayer?

    var all: Range<Int> { weights.lowerBound..<biases.upperBound }
  }

  /// By the node's place; nil for nodes without parameters.
  let slots: [Slot?]
  let count: Int
  /// 0 where a packed parameter is masked; nil when all are live.
  let mask: FloatBuffer?
  /// The flat place of each packed parameter, −1 for an empty slot; nil when the packed vector is the
  /// flat one.
  private let origin: [Int32]?

  /// The flat vector itself.
  init(_ layout: ParameterLayout, nodes: Int) {
    slots = (0..<nodes).map { place in
      layout[place].map { Slot(weights: $0.weights, biases: $0.biases, sparse: nil, slotted: nil) }
    }
    count = layout.count
    origin = nil
    mask = nil
  }

  /// Packs the layers of `network` that run faster sparse.
  ///
  /// - Parameters:
  ///   - parts: The parts in which the rows of a layer are shared out.
  ///   - isSingle: Whether one sample is all that is computed, and only forward.
  init(_ network: Network, parts: Int, isSingle: Bool) {
    var slots = [Slot?](repeating: nil, count: network.graph.nodes.count)
    var origin: [Int32] = []
    for slot in network.layout.slots {
      let operation = network.graph.nodes[slot.place].operation
      let live = slot.weights.count { network.mask[$0] != 0 }
      let first = origin.count
      var sparse: SparseLayer?
      var slotted: SlottedLayer?
      if let units = operation.units,
        SwitchPoint.runsSparse(operation, live: live, of: slot.weights.count)
      {
        let layer =
          isSingle && wbk_permutes() != 0
          ? SlottedLayer(mask: network.mask[slot.weights], rows: units) : nil
        // Where some rows are much fuller than others, most slots are empty.
        if let layer, layer.origin.count <= SlottedLayer.mostSlots * live {
          origin += layer.origin.lazy.map { $0 < 0 ? -1 : Int32(slot.weights.lowerBound) + $0 }
          slotted = layer
        } else {
          sparse = SparseLayer(
            mask: network.mask[slot.weights], rows: units,
            convolution: network.graph.convolutionGeometry(at: slot.place), parts: parts)
          origin += slot.weights.lazy.filter { network.mask[$0] != 0 }.map(Int32.init)
        }
      } else {
        origin += slot.weights.lazy.map(Int32.init)
      }
      let end = origin.count
      origin += slot.biases.lazy.map(Int32.init)
      slots[slot.place] = Slot(
        weights: first..<end, biases: end..<origin.count, sparse: sparse, slotted: slotted)
    }
    self.slots = slots
    count = origin.count
    let masked = origin.contains { $0 < 0 || network.mask[Int($0)] == 0 }
    mask = masked ? Buffer(origin.map { $0 < 0 ? 0 : network.mask[Int($0)] }) : nil
    let isFlat = slots.allSatisfy { $0?.sparse == nil && $0?.slotted == nil }
    self.origin = isFlat ? nil : origin
  }

  /// Brings a flat vector into packed order.
  func pack(_ flat: [Float], into packed: UnsafeMutablePointer<Float>) {
    flat.withUnsafeBufferPointer { flat in
      guard let base = flat.baseAddress else { return }
      guard let origin else { return packed.update(from: base, count: count) }
      for (place, from) in origin.enumerated() { packed[place] = from < 0 ? 0 : base[Int(from)] }
    }
  }

  /// Brings packed values back to their places in a flat vector; the others become 0.
  func unpack(_ packed: UnsafePointer<Float>, into flat: inout [Float]) {
    flat.withUnsafeMutableBufferPointer { flat in
      guard let base = flat.baseAddress else { return }
      guard let origin else { return base.update(from: packed, count: count) }
      base.update(repeating: 0, count: flat.count)
      for (place, to) in origin.enumerated() where to >= 0 { base[Int(to)] = packed[place] }
    }
  }
}
