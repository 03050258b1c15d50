import CWorkbench
import Networks

/// A network as a strategy sees it: its layers and blocks as C structs with their names.
final class ModelView {
  let graph: Graph
  /// The parameters; nil where the strategy may see the structure alone.
  var network: Network? { fixed ?? trained?.network }
  private let fixed: Network?
  /// The parameters of the network that is being trained, while they may be seen.
  var trained: TrainedParameters?
  /// The gradients and curvatures of the network; nil while it is being trained.
  let measurements: Measurements?
  /// Measured beside those; nil where they are.
  private(set) lazy var hessianGradient = measurements.map(HessianGradient.init)
  private(set) lazy var sampleGradients = measurements.map(SampleGradients.init)
  /// What momentum has gathered, one value a parameter; nil but at update points.
  let momentum: (() -> [Float])?
  /// Ids of the layers that the strategy is told to leave alone.
  let closed: Set<UInt64>
  let layers: [LayerPlace]
  private let layerTable: UnsafeMutableBufferPointer<wb_layer>
  private let blockTable: UnsafeMutableBufferPointer<wb_block>
  private let edgeTable: UnsafeMutableBufferPointer<wb_edge>
  private let names: [UnsafeMutablePointer<CChar>]

  /// A weighted layer's node and its parameters.
  struct LayerPlace {
    let id: UInt64
    let name: String
    let place: Int
    /// Its vector within the flat one.
    let parameters: Range<Int>
    let prunable: Range<Int>
    let units: Int
    /// Weights into one unit.
    let inputs: Int
    let isDense: Bool
    /// Whether the strategy may change it; where not, none of its weights is prunable.
    let isOpen: Bool
    let unitsRemovable: Bool
    let unitsGrowable: Bool
  }

  /// - Parameters:
  ///   - seesParameters: Whether the strategy may see the parameters of `network`.
  ///   - closed: Ids of layers that are to stay as they are.
  init(
    _ network: Network, measurements: Measurements?, momentum: (() -> [Float])? = nil,
    seesParameters: Bool = true, closed: Set<UInt64> = []
  ) {
    self.closed = closed
    self.measurements = measurements
    self.momentum = momentum
    let graph = network.graph
    self.graph = graph
    fixed = seesParameters ? network : nil
    let (removable, growable) = network.changeableWidths()
    layers = graph.weightedLayers.compactMap { place in
      guard let slot = network.layout[place], let units = graph.nodes[place].operation.units
      else { return nil }
      let isOpen = !closed.contains(graph.nodes[place].id)
      let prunable = network.prunable(at: place)
      return LayerPlace(
        id: graph.nodes[place].id, name: graph.nodes[place].name, place: place,
        parameters: slot.all, prunable: isOpen ? prunable : prunable.prefix(0), units: units,
        inputs: slot.weights.count / units, isDense: graph.nodes[place].operation.dense != nil,
        isOpen: isOpen, unitsRemovable: isOpen && removable.contains(place),
        unitsGrowable: isOpen && growable.contains(place))
    }
    var names: [UnsafeMutablePointer<CChar>] = []
    func cString(_ text: String) -> UnsafePointer<CChar> {
      let copy = text.utf8CString
      let memory = UnsafeMutableBufferPointer<CChar>.allocate(capacity: copy.count)
      _ = memory.initialize(from: copy)
      let start = memory.baseAddress ?? .allocate(capacity: 1)
      names.append(start)
      return UnsafePointer(start)
    }
    layerTable = .allocate(capacity: layers.count)
    _ = layerTable.initialize(
      from: layers.map { wb_layer($0, of: network, name: cString($0.name)) })
    let sums = graph.residualSums
    blockTable = .allocate(capacity: sums.count)
    _ = blockTable.initialize(
      from: sums.enumerated().map { index, place in
        wb_block(
          index, of: sums.count, at: place, in: network, name: cString(graph.nodes[place].name))
      })
    let edges = graph.unitEdges
    edgeTable = .allocate(capacity: edges.count)
    _ = edgeTable.initialize(from: edges.map { wb_edge($0, in: graph) })
    self.names = names
  }

  deinit {
    for name in names { name.deallocate() }
    layerTable.deallocate()
    blockTable.deallocate()
    edgeTable.deallocate()
  }

  var blockCount: Int { blockTable.count }

  func layer(at index: UInt32) -> UnsafePointer<wb_layer>? {
    Int(index) < layerTable.count
      ? layerTable.baseAddress.map { UnsafePointer($0 + Int(index)) } : nil
  }

  func block(at index: UInt32) -> UnsafePointer<wb_block>? {
    Int(index) < blockTable.count
      ? blockTable.baseAddress.map { UnsafePointer($0 + Int(index)) } : nil
  }

  func edge(at index: UInt32) -> UnsafePointer<wb_edge>? {
    Int(index) < edgeTable.count
      ? edgeTable.baseAddress.map { UnsafePointer($0 + Int(index)) } : nil
  }

  /// Operations of all that was measured on it.
  var operations: Double {
    (measurements?.operations ?? 0) + (hessianGradient?.operations ?? 0)
      + (sampleGradients?.operations ?? 0)
  }

  func layer(_ id: UInt64) -> LayerPlace? { layers.first { $0.id == id } }
}

extension wb_layer {
  fileprivate init(
    _ layer: ModelView.LayerPlace, of network: Network, name: UnsafePointer<CChar>
  ) {
    let graph = network.graph
    let node = graph.nodes[layer.place]
    let input = graph.shapes[node.inputs[0]]
    let output = graph.shapes[layer.place]
    let counts = graph.parameterCounts(at: layer.place)
    var flags = layer.isOpen ? WB_FLAG_WEIGHTS_PRUNABLE : 0
    // What would come in the place of a layer of signs works with its weights as they are.
    if layer.isOpen, node.operation.dense?.isBinary != true { flags |= WB_FLAG_REPLACEABLE }
    if layer.unitsRemovable { flags |= WB_FLAG_UNITS_REMOVABLE }
    if layer.unitsGrowable { flags |= WB_FLAG_UNITS_GROWABLE }
    if graph.isRectified(behind: layer.place) { flags |= WB_FLAG_RECTIFIED }
    if graph.isRectifiable(behind: layer.place) { flags |= WB_FLAG_RECTIFIABLE }
    self.init(
      struct_size: UInt32(MemoryLayout<wb_layer>.size), kind: WB_LAYER_DENSE, id: layer.id,
      block: node.block ?? 0, name: name,
      dims: (UInt32(layer.units), UInt32(input.count), 1, 1), stride: (1, 1), padding: (0, 0),
      output_size: (UInt32(output.height), UInt32(output.width)), flags: flags, reserved: 0,
      parameter_offset: UInt64(layer.parameters.lowerBound), weight_count: UInt64(counts.weights),
      bias_count: UInt64(counts.biases), prunable_count: UInt64(layer.prunable.count),
      unit_count: UInt64(layer.units))
    if let convolution = node.operation.convolution {
      kind = WB_LAYER_CONVOLUTION
      dims.1 = UInt32(input.channels)
      dims.2 = UInt32(convolution.kernel.height)
      dims.3 = UInt32(convolution.kernel.width)
      stride = (UInt32(convolution.stride.height), UInt32(convolution.stride.width))
      padding = (UInt32(convolution.padding.height), UInt32(convolution.padding.width))
    }
  }
}

extension wb_block {
  fileprivate init(
    _ index: Int, of count: Int, at place: Int, in network: Network, name: UnsafePointer<CChar>
  ) {
    let graph = network.graph
    let node = graph.nodes[place]
    let weights = network.layout.slots
      .filter { graph.nodes[$0.place].block == node.id }
      .map { network.live(in: network.prunable(at: $0.place)) }
    let scale = node.operation.residualSum?.scale ?? 1
    // A graph exists only when skip and branch have the same shape, so every block can go.
    self.init(
      struct_size: UInt32(MemoryLayout<wb_block>.size), reserved: 0, id: node.id, name: name,
      index: UInt32(index), count: UInt32(count), scale: scale, droppable: 1,
      weight_count: UInt64(weights.reduce(0, +)))
  }
}

extension wb_edge {
  fileprivate init(_ edge: UnitEdge, in graph: Graph) {
    self.init(
      struct_size: UInt32(MemoryLayout<wb_edge>.size), reserved: 0,
      from: graph.nodes[edge.producer].id, to: edge.consumer.map { graph.nodes[$0].id } ?? 0,
      first: UInt64(edge.offset), area: UInt64(edge.area))
  }
}
