/// One change to a network, as plain values. Layers and blocks are named by their nodes' ids.
package enum Edit: Sendable, Equatable {
  /// Zeroes the parameters at `positions` of the layer's vector and keeps them at zero.
  case maskOff(layer: UInt64, positions: [Int])
  /// Makes masked parameters live again with `values` (zeros when nil).
  case maskOn(layer: UInt64, positions: [Int], values: [Float]?)
  /// Overwrites the parameters at `positions` (all when nil). Masked ones must be given 0.
  case setParameters(layer: UInt64, positions: [Int]?, values: [Float])
  /// Removes units, and with them everything that only they fed or that only fed them. All units of a
  /// layer go only where it stands beside others in a concatenation: then the layer goes.
  case removeUnits(layer: UInt64, units: [Int])
  /// Puts a sequence of layers in the layer's place; in and out shapes must agree.
  case replace(layer: UInt64, with: [LayerSpecification])
  /// Makes `factor` what the block's branch is multiplied by at evaluation, whatever it was.
  case scaleBlock(block: UInt64, factor: Float)
  /// Removes the block's branch: its skip alone remains.
  case dropBlock(block: UInt64)
  /// Adds units behind those of the layer, and to the layers that are added to it.
  case widen(layer: UInt64, NewUnits)
  /// Puts a sequence of layers behind the layer and the batch normalisation and activation that
  /// belong to it; it must keep the shape.
  case insertAfter(layer: UInt64, [LayerSpecification])
  /// Puts a residual block there, or behind a block and its activation, with the sequence as its
  /// branch, which must begin as nothing.
  case insertBlock(after: UInt64, [LayerSpecification])
  /// Puts units beside what the dense layer reads, which read all of that; the layer reads both.
  case insertBeside(layer: UInt64, UnitsBeside)
  /// Takes the layer out with the batch normalisation and activation that belong to it; what it
  /// reads must have the shape that they produce.
  case removeLayer(layer: UInt64)
  /// Has training leave the parameters at `positions` (all when nil) as they are.
  case freeze(layer: UInt64, positions: [Int]?)
  /// Has training change them again.
  case thaw(layer: UInt64, positions: [Int]?)
}

/// A network after surgery, and where its parameters were before.
package struct Surgery: Sendable {
  package var network: Network
  /// For each parameter of the new network its place in the old one's flat vector, or -1 when it
  /// is fresh: what the optimiser's state follows by.
  package var origin: [Int32]

  package init(network: Network, origin: [Int32]) {
    self.network = network
    self.origin = origin
  }
}

extension Edit {
  /// What an edit does, by the name that it has in the strategy interface.
  package enum Kind: String, Codable, Hashable, Sendable, CaseIterable, CodingKeyRepresentable {
    case maskOff = "mask-off"
    case maskOn = "mask-on"
    case setWeights = "set-weights"
    case removeUnits = "remove-units"
    case replace
    case scaleBlock = "scale-block"
    case dropBlock = "drop-block"
    case widen
    case insertAfter = "insert-after"
    case insertBlock = "insert-block"
    case insertBeside = "insert-beside"
    case removeLayer = "remove-layer"
    case freeze
    case thaw
  }

  package var kind: Kind {
    switch self {
    case .maskOff: .maskOff
    case .maskOn: .maskOn
    case .setParameters: .setWeights
    case .removeUnits: .removeUnits
    case .replace: .replace
    case .scaleBlock: .scaleBlock
    case .dropBlock: .dropBlock
    case .widen: .widen
    case .insertAfter: .insertAfter
    case .insertBlock: .insertBlock
    case .insertBeside: .insertBeside
    case .removeLayer: .removeLayer
    case .freeze: .freeze
    case .thaw: .thaw
    }
  }

  /// Connections for masks and values, units for what removes or adds them, else 1 for the layer or
  /// block; 1 for a whole layer's parameters, too.
  package var amount: Int {
    switch self {
    case .maskOff(_, let positions), .maskOn(_, let positions, _): positions.count
    case .setParameters(_, let positions, _), .freeze(_, let positions), .thaw(_, let positions):
      positions?.count ?? 1
    case .removeUnits(_, let units): units.count
    case .widen(_, let units): units.count
    case .insertBeside(_, let units): units.count
    case .replace, .scaleBlock, .dropBlock, .insertAfter, .insertBlock, .removeLayer: 1
    }
  }
}
