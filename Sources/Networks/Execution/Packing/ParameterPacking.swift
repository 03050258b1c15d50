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
  /// 0 where a packed parameter is masked or frozen; nil when all are trained.
  let trainedMask: FloatBuffer?
  /// The packed parameters that are not frozen, in runs.
  let trained: [Range<Int>]
  /// The flat place of each packed parameter, −1 for an empty slot; nil when the packed vector is the
  /// flat one.
  private let origin: [Int32]?
  /// Whether some slots are empty.
  private let hasGaps: Bool

  /// The flat vector itself.
  init(_ layout: ParameterLayout, nodes: Int) {
    slots = (0..<nodes).map { place in
      layout[place].map { Slot(weights: $0.weights, biases: $0.biases, sparse: nil, slotted: nil) }
    }
    count = layout.count
    origin = nil
    hasGaps = false
    mask = nil
    trainedMask = nil
    trained = [0..<count]
  }

  /// Packs the layers of `network` that run faster sparse.
  ///
  /// - Parameters:
  ///   - parts: The parts in which the rows of a layer are shared out.
  ///   - isSingle: Whether one sample is all that is computed, and only forward.
  ///   - present: A packing of the same parts for other masks of this graph, with the network that it
  ///     packs: layers whose masks are the same keep their plans.
  init(
    _ network: Network, parts: Int, isSingle: Bool,
    present: (packing: ParameterPacking, network: Network)? = nil
  ) {
    var slots = [Slot?](repeating: nil, count: network.graph.nodes.count)
    var origin: [Int32] = []
    var hasGaps = false
    for slot in network.layout.slots {
      let operation = network.graph.nodes[slot.place].operation
      let kept = present.flatMap { present in
        present.packing.slots[slot.place]?.sparse.flatMap { layer in
          network.hasSameMask(as: present.network, in: slot.weights) ? layer : nil
        }
      }
      let live = kept?.count ?? network.live(in: slot.weights)
      let first = origin.count
      var sparse: SparseLayer?
      var slotted: SlottedLayer?
      if let units = operation.units,
        operation.kind.runsSparse(live: live, of: slot.weights.count)
      {
        let layer =
          isSingle && wbk_permutes() != 0
          ? SlottedLayer(mask: network.mask[slot.weights], rows: units) : nil
        // Where some rows are much fuller than others, most slots are empty.
        if let layer, layer.origin.count <= SlottedLayer.mostSlots * live {
          origin += layer.origin.lazy.map { $0 < 0 ? -1 : Int32(slot.weights.lowerBound) + $0 }
          slotted = layer
          hasGaps = true
        } else {
          let layer =
            kept
            ?? SparseLayer(
              mask: network.mask[slot.weights], live: live, rows: units,
              convolution: network.graph.convolutionGeometry(at: slot.place), parts: parts)
          layer.appendPlaces(
            from: slot.weights.lowerBound, columns: slot.weights.count / units, to: &origin)
          sparse = layer
        }
      } else {
        origin += Int32(slot.weights.lowerBound)..<Int32(slot.weights.upperBound)
      }
      let end = origin.count
      origin += Int32(slot.biases.lowerBound)..<Int32(slot.biases.upperBound)
      slots[slot.place] = Slot(
        weights: first..<end, biases: end..<origin.count, sparse: sparse, slotted: slotted)
    }
    self.slots = slots
    count = origin.count
    mask = network.packedMask(at: origin)
    if network.frozen.count == network.layout.count {
      let isTrained = origin.map { $0 >= 0 && !network.frozen[Int($0)] }
      trained = runs(isTrained)
      trainedMask = Buffer(
        zip(origin, isTrained).map { $1 ? network.mask[Int($0)] : 0 })
    } else {
      trained = [0..<count]
      trainedMask = mask
    }
    let isFlat = slots.allSatisfy { $0?.sparse == nil && $0?.slotted == nil }
    self.origin = isFlat ? nil : origin
    self.hasGaps = hasGaps
  }

  // MARK: - There and back

  /// Brings a flat vector into packed order.
  func pack<Value: BitwiseCopyable & ExpressibleByIntegerLiteral>(
    _ flat: [Value], into packed: UnsafeMutablePointer<Value>
  ) {
    flat.withUnsafeBufferPointer { flat in
      guard let base = flat.baseAddress else { return }
      guard let origin else { return packed.update(from: base, count: count) }
      origin.withUnsafeBufferPointer { origin in
        if hasGaps {
          for place in origin.indices {
            packed[place] = origin[place] < 0 ? 0 : base[Int(origin[place])]
          }
        } else {
          for place in origin.indices { packed[place] = base[Int(origin[place])] }
        }
      }
    }
  }

  /// Brings packed values back to their places in a flat vector; the others become 0.
  func unpack(_ packed: UnsafePointer<Float>, into flat: inout [Float]) {
    flat.withUnsafeMutableBufferPointer { flat in
      guard let base = flat.baseAddress else { return }
      unpack(packed, into: base, count: flat.count)
    }
  }

  /// The same, to memory for `size` values.
  func unpack(
    _ packed: UnsafePointer<Float>, into flat: UnsafeMutablePointer<Float>, count size: Int
  ) {
    guard let origin else { return flat.update(from: packed, count: count) }
    guard !hasGaps else {
      flat.update(repeating: 0, count: size)
      for (place, to) in origin.enumerated() where to >= 0 { flat[Int(to)] = packed[place] }
      return
    }
    origin.withUnsafeBufferPointer { origin in
      guard let places = origin.baseAddress else { return flat.update(repeating: 0, count: size) }
      wbk_put(Int64(origin.count), places, packed, Int64(size), flat)
    }
  }

  /// The same in a vector of `size` values.
  func unpacked(_ packed: UnsafePointer<Float>, count size: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: size) { flat, initialized in
      if let base = flat.baseAddress { unpack(packed, into: base, count: size) }
      initialized = size
    }
  }

  // MARK: - What is trained

  /// The flat places of the parameters that are neither masked nor frozen, rising.
  var trainedPlaces: [Int32] {
    let places = origin ?? [Int32](0..<Int32(count))
    guard let mask = trainedMask?.pointer else { return places }
    return [Int32](unsafeUninitializedCapacity: count) { trained, found in
      for place in 0..<count where mask[place] != 0 {
        trained[found] = places[place]
        found += 1
      }
    }
  }

  /// Makes what masked and frozen parameters have in `packed` 0.
  func clearUntrained(_ packed: UnsafeMutablePointer<Float>) {
    guard let mask = trainedMask?.pointer else { return }
    for place in 0..<count where mask[place] == 0 { packed[place] = 0 }
  }

  /// Brings the flat values of trained parameters into packed order; masked ones become 0.
  ///
  /// - Returns: The flat place of the first that is infinite or no number, or nil.
  /// - Precondition: The packing is one for training, without empty slots.
  func packFinite(
    _ flat: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>
  ) -> Int? {
    precondition(!hasGaps, "parameters in slots are not trained")
    var spoilt: Int32 = 0
    for run in trained {
      var isSpoilt: Int32 = 0
      let start = run.lowerBound
      let mask = mask.map { UnsafePointer($0.pointer + start) }
      if let origin {
        origin.withUnsafeBufferPointer { origin in
          wbk_take_finite(
            Int64(run.count), origin.baseAddress.map { $0 + start }, flat, mask, packed + start,
            &isSpoilt)
        }
      } else {
        wbk_take_finite(
          Int64(run.count), nil, flat + start, mask, packed + start, &isSpoilt)
      }
      spoilt |= isSpoilt
    }
    guard spoilt != 0 else { return nil }
    return (0..<count).first { !packed[$0].isFinite }.map { place in
      origin.map { Int($0[place]) } ?? place
    }
  }
}

extension Network {
  /// The mask at the places of packed parameters, 0 where a place is negative; nil when all are live.
  fileprivate func packedMask(at origin: [Int32]) -> FloatBuffer? {
    let packed = FloatBuffer(count: origin.count)
    var isMasked = false
    mask.withUnsafeBufferPointer { mask in
      for (place, from) in origin.enumerated() {
        let value = from < 0 ? 0 : mask[Int(from)]
        packed.pointer[place] = value
        isMasked = isMasked || value == 0
      }
    }
    return isMasked ? packed : nil
  }

  /// Whether the same parameters in `range` are masked in both, which have as many parameters.
  fileprivate func hasSameMask(as other: Network, in range: Range<Int>) -> Bool {
    mask.hasSameBytes(as: other.mask, in: range)
  }
}

/// The runs of places at which `isIn` is true.
private func runs(_ isIn: [Bool]) -> [Range<Int>] {
  var runs: [Range<Int>] = []
  for place in isIn.indices where isIn[place] {
    if let last = runs.last, last.upperBound == place {
      runs[runs.count - 1] = last.lowerBound..<place + 1
    } else {
      runs.append(place..<place + 1)
    }
  }
  return runs
}
