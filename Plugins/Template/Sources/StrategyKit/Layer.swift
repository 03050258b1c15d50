/// A layer with weights, as it is in this round.
///
/// Its parameters are one vector: the weights, row-major as outputs, inputs, kernel height, kernel
/// width, then one bias a unit where there are biases. Positions count along this vector.
public struct Layer: Sendable {
  /// The number by which the host knows it; stable over rounds, never used again.
  public let id: UInt64
  /// The id of the residual block in whose branch it lies.
  public let block: UInt64?
  /// Its name in the network.
  public let name: String
  /// What it computes.
  public let kind: LayerKind
  /// Neurons of a dense layer, channels out of a convolution.
  public let outputs: Int
  /// Features into a dense layer, channels into a convolution.
  public let inputs: Int
  /// The window of a convolution; 1 by 1 for a dense layer.
  public let kernel: Size
  /// The distance between windows.
  public let stride: Size
  /// Rows and columns of zeros around the input.
  public let padding: Size
  /// The map it produces; 1 by 1 for a dense layer.
  public let outputSize: Size
  /// Whether units may be removed.
  public let hasRemovableUnits: Bool
  /// Whether units may be added.
  public let hasGrowableUnits: Bool
  /// Whether other layers may take its place.
  public let isReplaceable: Bool
  /// Whether what ``Plan/insert(_:after:)`` puts behind it reads the values of a ReLU.
  public let isRectified: Bool
  /// Whether a ReLU put behind it changes nothing: there is one, or max pools alone lie before one.
  public let isRectifiable: Bool
  /// Where its vector starts in the network's flat parameter vector.
  public let parameterOffset: Int
  /// How many weights it has, masked ones too.
  public let weightCount: Int
  /// How many biases it has: none, or one a unit.
  public let biasCount: Int
  /// The leading part of its vector that may be masked.
  public let prunableCount: Int
  /// How many units it has.
  public let unitCount: Int

  /// Weights and biases together.
  public var parameterCount: Int { weightCount + biasCount }
  /// Weights into one unit.
  public var fanIn: Int { inputs * kernel.height * kernel.width }

  init(_ layer: UnsafePointer<wb_layer>) {
    let dimensions = layer.pointee.dims
    let flags = layer.pointee.flags
    id = layer.pointee.id
    block = layer.pointee.block == 0 ? nil : layer.pointee.block
    name = String(cString: layer.pointee.name)
    kind = LayerKind(layer.pointee.kind)
    outputs = Int(dimensions.0)
    inputs = Int(dimensions.1)
    kernel = Size(height: Int(dimensions.2), width: Int(dimensions.3))
    stride = Size(layer.pointee.stride)
    padding = Size(layer.pointee.padding)
    outputSize = Size(layer.pointee.output_size)
    hasRemovableUnits = flags & WB_FLAG_UNITS_REMOVABLE != 0
    hasGrowableUnits = flags & WB_FLAG_UNITS_GROWABLE != 0
    isReplaceable = flags & WB_FLAG_REPLACEABLE != 0
    isRectified = flags & WB_FLAG_RECTIFIED != 0
    isRectifiable = flags & WB_FLAG_RECTIFIABLE != 0
    parameterOffset = Int(layer.pointee.parameter_offset)
    weightCount = Int(layer.pointee.weight_count)
    biasCount = Int(layer.pointee.bias_count)
    let isPrunable = flags & WB_FLAG_WEIGHTS_PRUNABLE != 0
    prunableCount = isPrunable ? Int(layer.pointee.prunable_count) : 0
    unitCount = Int(layer.pointee.unit_count)
  }
}

/// What a layer computes.
public enum LayerKind: Hashable, Sendable {
  /// Every output from every input.
  case dense
  /// A window over a map.
  case convolution
  /// max(0, x), in replacements only.
  case relu
  /// The hyperbolic tangent, in replacements only.
  case tanh
  /// The logistic function, in replacements only.
  case sigmoid
  /// Ioffe and Szegedy's normalisation, in replacements only; biases are scales, then shifts.
  case batchNorm
  /// A kind that this version of the kit does not know.
  case other(wb_layer_kind)

  init(_ kind: wb_layer_kind) {
    switch kind {
    case WB_LAYER_DENSE: self = .dense
    case WB_LAYER_CONVOLUTION: self = .convolution
    case WB_LAYER_RELU: self = .relu
    case WB_LAYER_TANH: self = .tanh
    case WB_LAYER_SIGMOID: self = .sigmoid
    case WB_LAYER_BATCH_NORM: self = .batchNorm
    default: self = .other(kind)
    }
  }

  var number: wb_layer_kind {
    switch self {
    case .dense: WB_LAYER_DENSE
    case .convolution: WB_LAYER_CONVOLUTION
    case .relu: WB_LAYER_RELU
    case .tanh: WB_LAYER_TANH
    case .sigmoid: WB_LAYER_SIGMOID
    case .batchNorm: WB_LAYER_BATCH_NORM
    case .other(let kind): kind
    }
  }
}

/// A height and a width.
public struct Size: Hashable, Sendable {
  /// Rows.
  public var height: Int
  /// Columns.
  public var width: Int

  /// A height and a width.
  ///
  /// - Parameters:
  ///   - height: rows.
  ///   - width: columns.
  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  init(_ pair: (UInt32, UInt32)) {
    self.init(height: Int(pair.0), width: Int(pair.1))
  }
}

/// That the units of one layer are inputs of another, whatever lies between.
public struct Edge: Hashable, Sendable {
  /// The id of the layer that has the units.
  public let from: UInt64
  /// The id of the layer that reads them; nil for the network's output.
  public let to: UInt64?
  /// The inputs that unit 0 is begin here: features of a dense layer, channels of a convolution.
  public let first: Int
  /// How many inputs each unit is: more than one where a map is flattened.
  public let area: Int

  init(_ edge: UnsafePointer<wb_edge>) {
    from = edge.pointee.from
    to = edge.pointee.to == 0 ? nil : edge.pointee.to
    first = Int(clamping: edge.pointee.first)
    area = Int(clamping: edge.pointee.area)
  }
}

/// A residual block: skip + scale · branch.
public struct Block: Sendable {
  /// The number by which the host knows it.
  public let id: UInt64
  /// Its name in the network.
  public let name: String
  /// Its place among the blocks, from 0 at the input.
  public let index: Int
  /// The factor of its branch at evaluation.
  public let scale: Float
  /// Whether the skip alone has the right shape.
  public let isDroppable: Bool
  /// The weights of its branch.
  public let weightCount: Int

  init(_ block: UnsafePointer<wb_block>) {
    id = block.pointee.id
    name = String(cString: block.pointee.name)
    index = Int(block.pointee.index)
    scale = block.pointee.scale
    isDroppable = block.pointee.droppable != 0
    weightCount = Int(block.pointee.weight_count)
  }
}
