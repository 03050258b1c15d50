extension Plan {
  /// Adds units to a layer, behind those that it has.
  ///
  /// - Parameters:
  ///   - units: what leads into them and out of them; not all 0 on both sides.
  ///   - layer: the layer, which has growable units.
  /// - Throws: ``HostError`` when the host refuses.
  public func widen(_ layer: Layer, by units: NewUnits) throws {
    guard units.count > 0 else { return }
    try emit(
      .widen, target: layer.id, on: layer.name, indices: units.sources ?? [],
      values: units.values(biased: layer.biasCount > 0), units: units.count)
  }

  /// Puts layers behind a layer and its activation.
  ///
  /// - Parameters:
  ///   - layers: what comes; the shape stays.
  ///   - layer: the layer.
  /// - Throws: ``HostError`` when the host refuses.
  public func insert(_ layers: [NewLayer], after layer: Layer) throws {
    try emit(.insertAfter, target: layer.id, on: layer.name, layers)
  }

  /// Puts a residual block behind a layer and its activation.
  ///
  /// - Parameters:
  ///   - branch: its layers, of which the last is all 0, so that the block begins as its skip.
  ///   - layer: the layer.
  /// - Throws: ``HostError`` when the host refuses.
  public func insertBlock(_ branch: [NewLayer], after layer: Layer) throws {
    try emit(.insertBlock, target: layer.id, on: layer.name, branch)
  }

  /// Puts a residual block behind another and the activation of its sum.
  ///
  /// - Parameters:
  ///   - branch: its layers, of which the last is all 0, so that the block begins as its skip.
  ///   - block: the block that it follows.
  /// - Throws: ``HostError`` when the host refuses.
  public func insertBlock(_ branch: [NewLayer], after block: Block) throws {
    try emit(.insertBlock, target: block.id, on: block.name, branch)
  }

  /// Puts units beside what a dense layer reads. They read all of it, and so do the next ones with
  /// these.
  ///
  /// - Parameters:
  ///   - layers: a dense layer over all inputs of the reader, and perhaps an activation.
  ///   - reader: the layer that reads the units behind its present inputs.
  ///   - fanOut: its new columns, row-major: its outputs · the units; none for zeros. Fan-in and fan-out
  ///     of a unit may not both be 0.
  ///   - areFrozen: whether training leaves the new layers as they are; the fan-out is trained in any
  ///     case.
  /// - Throws: ``HostError`` when the host refuses, as one older than interface 1.1 does.
  public func insert(
    _ layers: [NewLayer], besideInputsOf reader: Layer, fanOut: [Float] = [],
    areFrozen: Bool = false
  ) throws {
    try emit(
      .insertBeside, target: reader.id, on: reader.name, layers, values: fanOut,
      flags: areFrozen ? WB_EDIT_FROZEN : 0)
  }

  /// Takes a layer out, with its activation; the shapes around it must agree.
  ///
  /// - Parameter layer: the layer.
  /// - Throws: ``HostError`` when the host refuses.
  public func remove(_ layer: Layer) throws {
    try emit(.removeLayer, target: layer.id, on: layer.name)
  }

  /// Has training leave parameters as they are.
  ///
  /// - Parameters:
  ///   - positions: along the layer's vector; nil for all of them.
  ///   - layer: the layer.
  /// - Throws: ``HostError`` when the host refuses.
  public func freeze(_ positions: [Int]? = nil, of layer: Layer) throws {
    try emit(
      .freeze, target: layer.id, on: layer.name, indices: positions ?? [],
      flags: positions == nil ? WB_EDIT_WHOLE : 0)
  }

  /// Has training change frozen parameters again.
  ///
  /// - Parameters:
  ///   - positions: along the layer's vector; nil for all of them.
  ///   - layer: the layer.
  /// - Throws: ``HostError`` when the host refuses.
  public func thaw(_ positions: [Int]? = nil, of layer: Layer) throws {
    try emit(
      .thaw, target: layer.id, on: layer.name, indices: positions ?? [],
      flags: positions == nil ? WB_EDIT_WHOLE : 0)
  }

  /// Says how much the strategy expects this plan to change the training loss; kept beside what came
  /// of it.
  ///
  /// - Parameter change: of the mean loss; negative where it falls.
  /// - Throws: ``HostError`` when the host refuses, as for a number that is not finite.
  public func predict(lossChange change: Double) throws {
    _ = try network.open("predict")
    try network.check(network.host.pointee.predict(network.host, change), "predict")
  }
}

/// Units to be added to a layer.
public struct NewUnits: Sendable {
  /// How many.
  public let count: Int
  /// Of each the weights into it, as a row of the layer has them.
  public let fanIn: [[Float]]
  /// One a unit; empty where the layer has none.
  public let biases: [Float]
  /// For each edge from the layer, in the order of `network.edges`, the new columns of the layer it
  /// goes to, row-major: its outputs · (count · area · kernel height · kernel width).
  public let fanOut: [[Float]]
  /// Of each the unit that it copies, or nil.
  public let sources: [Int]?

  /// Units to be added.
  ///
  /// - Parameters:
  ///   - fanIn: a row for each.
  ///   - biases: one a unit; zeros where none are given and the layer has some.
  ///   - fanOut: the columns for each edge.
  ///   - sources: of each the unit that it copies: then residual sums and batch normalisation follow
  ///     that unit.
  public init(
    fanIn: [[Float]], biases: [Float] = [], fanOut: [[Float]], sources: [Int]? = nil
  ) {
    count = fanIn.count
    self.fanIn = fanIn
    self.biases = biases
    self.fanOut = fanOut
    self.sources = sources
  }

  /// As the header orders them.
  func values(biased: Bool) -> [Float] {
    fanIn.indices.flatMap { unit in
      fanIn[unit] + (biased ? [unit < biases.count ? biases[unit] : 0] : [])
    } + fanOut.flatMap { $0 }
  }
}
