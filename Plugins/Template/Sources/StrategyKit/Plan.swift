/// The changes of one round.
///
/// The host checks and applies all of them, or none.
///
/// They are applied in order: positions and units count in the layer as the ones before left it. A
/// plan with one removal of units a layer, after all else on that layer, need not think of it.
public final class Plan {
  let network: NetworkView

  init(_ network: NetworkView) { self.network = network }

  /// Zeroes weights and keeps them at zero.
  ///
  /// - Parameters:
  ///   - positions: along the layer's vector, below `prunableCount`.
  ///   - layer: the layer.
  /// - Throws: ``HostError`` when the host refuses.
  public func maskOff(_ positions: [Int], of layer: Layer) throws {
    guard !positions.isEmpty else { return }
    try emit(.maskOff, target: layer.id, on: layer.name, indices: positions)
  }

  /// Brings masked weights back.
  ///
  /// - Parameters:
  ///   - positions: along the layer's vector.
  ///   - layer: the layer.
  ///   - values: one a position, or none for zeros.
  /// - Throws: ``HostError`` when the host refuses.
  public func maskOn(_ positions: [Int], of layer: Layer, values: [Float] = []) throws {
    guard !positions.isEmpty else { return }
    try emit(.maskOn, target: layer.id, on: layer.name, indices: positions, values: values)
  }

  /// Gives weights new values.
  ///
  /// - Parameters:
  ///   - positions: along the layer's vector; nil for all of them.
  ///   - layer: the layer.
  ///   - values: one a position.
  /// - Throws: ``HostError`` when the host refuses.
  public func setWeights(_ positions: [Int]? = nil, of layer: Layer, to values: [Float]) throws {
    guard !values.isEmpty else { return }
    try emit(
      .setWeights, target: layer.id, on: layer.name, indices: positions ?? [], values: values,
      flags: positions == nil ? WB_EDIT_WHOLE : 0)
  }

  /// Removes units and everything that only they feed; all of a layer's only where it stands beside
  /// others in a concatenation.
  ///
  /// - Parameters:
  ///   - units: which.
  ///   - layer: the layer.
  /// - Throws: ``HostError`` when the host refuses.
  public func removeUnits(_ units: [Int], of layer: Layer) throws {
    guard !units.isEmpty else { return }
    try emit(.removeUnits, target: layer.id, on: layer.name, indices: units)
  }

  /// Puts a sequence of layers in the place of one.
  ///
  /// - Parameters:
  ///   - layer: the layer that goes.
  ///   - layers: what comes, with the same shape in and out.
  /// - Throws: ``HostError`` when the host refuses.
  public func replace(_ layer: Layer, with layers: [NewLayer]) throws {
    try emit(.replace, target: layer.id, on: layer.name, layers)
  }

  /// Sets the factor that a block's branch has at evaluation.
  ///
  /// - Parameters:
  ///   - block: the block.
  ///   - factor: the factor.
  /// - Throws: ``HostError`` when the host refuses.
  public func scale(_ block: Block, by factor: Float) throws {
    try emit(.scaleBlock, target: block.id, on: block.name, values: [factor])
  }

  /// Leaves a block's skip alone.
  ///
  /// - Parameter block: the block.
  /// - Throws: ``HostError`` when the host refuses.
  public func drop(_ block: Block) throws {
    try emit(.dropBlock, target: block.id, on: block.name)
  }

  func emit(
    _ kind: EditKind, target: UInt64, on name: String, _ layers: [NewLayer],
    values: [Float] = [], flags: UInt32 = 0
  ) throws {
    try withSpecifications(of: layers[...], made: []) { specifications in
      try specifications.withUnsafeBufferPointer { buffer in
        try values.withUnsafeBufferPointer { values in
          try send(kind, target: target, on: name) {
            $0.flags = flags
            $0.values = values.isEmpty ? nil : values.baseAddress
            $0.value_count = UInt64(values.count)
            $0.layers = buffer.baseAddress
            $0.layer_count = UInt64(buffer.count)
          }
        }
      }
    }
  }

  func emit(
    _ kind: EditKind, target: UInt64, on name: String, indices: [Int] = [], values: [Float] = [],
    flags: UInt32 = 0, units: Int = 0
  ) throws {
    let indices = try indices.map { index in
      guard let index = UInt32(exactly: index) else {
        throw StrategyError("\(kind) on '\(name)': there is no position \(index)")
      }
      return index
    }
    try indices.withUnsafeBufferPointer { indices in
      try values.withUnsafeBufferPointer { values in
        try send(kind, target: target, on: name) {
          $0.flags = flags
          $0.unit_count = UInt64(units)
          $0.indices = indices.isEmpty ? nil : indices.baseAddress
          $0.index_count = UInt64(indices.count)
          $0.values = values.isEmpty ? nil : values.baseAddress
          $0.value_count = UInt64(values.count)
        }
      }
    }
  }

  private func send(
    _ kind: EditKind, target: UInt64, on name: String, fill: (inout wb_edit) -> Void
  ) throws {
    _ = try network.open("\(kind) on '\(name)'")
    var edit = wb_edit()
    edit.struct_size = UInt32(MemoryLayout<wb_edit>.size)
    edit.kind = kind.rawValue
    edit.target = target
    fill(&edit)
    try network.check(network.host.pointee.emit(network.host, &edit), "\(kind) on '\(name)'")
  }

  /// Holds every new layer and its arrays in place until the host has copied them.
  private func withSpecifications(
    of layers: ArraySlice<NewLayer>, made: [UnsafePointer<wb_layer_spec>?],
    _ body: ([UnsafePointer<wb_layer_spec>?]) throws -> Void
  ) throws {
    guard let layer = layers.first else { return try body(made) }
    try layer.weights.withUnsafeBufferPointer { weights in
      try layer.biases.withUnsafeBufferPointer { biases in
        try withUnsafePointer(to: layer.specification(weights, biases)) { specification in
          try withSpecifications(of: layers.dropFirst(), made: made + [specification], body)
        }
      }
    }
  }
}
