import CWorkbench

/// A layer of the fake host.
///
/// Biases are there when `hasBiases`, and prunable when the count says.
struct FakeLayer {
  var id: UInt64
  var name: String
  var kind = WB_LAYER_DENSE
  var outputs: Int
  var inputs: Int
  var kernel = (1, 1)
  var stride = (1, 1)
  var padding = (0, 0)
  var block: UInt64?
  var flags = WB_FLAG_WEIGHTS_PRUNABLE | WB_FLAG_UNITS_REMOVABLE | WB_FLAG_REPLACEABLE
  var hasBiases = true
  var prunesBiases = false
  var parameters: [Float] = []
  var masked: Set<Int> = []
  var signals: [wb_signal: [Float]] = [:]

  /// A layer with parameters from a generator.
  static func random(
    _ id: UInt64, _ outputs: Int, _ inputs: Int, kernel: (Int, Int)? = nil,
    hasBiases: Bool = true, using random: inout SplitMix
  ) -> FakeLayer {
    var layer = FakeLayer(id: id, name: "layer\(id)", outputs: outputs, inputs: inputs)
    if let kernel {
      layer.kind = WB_LAYER_CONVOLUTION
      layer.kernel = kernel
    }
    layer.hasBiases = hasBiases
    layer.parameters = random.floats(layer.weightCount + (hasBiases ? outputs : 0))
    return layer
  }

  var fanIn: Int { inputs * kernel.0 * kernel.1 }
  var weightCount: Int { outputs * fanIn }
  var prunableCount: Int { weightCount + (prunesBiases ? outputs : 0) }
  /// The live prunable positions.
  var live: [Int] { (0..<prunableCount).filter { !masked.contains($0) } }
  var mask: [Float] { parameters.indices.map { masked.contains($0) ? 0 : 1 } }

  subscript(signal: wb_signal) -> [Float]? {
    switch signal {
    case WB_SIGNAL_PARAMETERS: parameters
    case WB_SIGNAL_MASK: mask
    default: signals[signal]
    }
  }

  func entry(_ name: UnsafePointer<CChar>, _ offset: Int) -> wb_layer {
    wb_layer(
      struct_size: UInt32(MemoryLayout<wb_layer>.size), kind: kind, id: id, block: block ?? 0,
      name: name, dims: (UInt32(outputs), UInt32(inputs), UInt32(kernel.0), UInt32(kernel.1)),
      stride: (UInt32(stride.0), UInt32(stride.1)),
      padding: (UInt32(padding.0), UInt32(padding.1)), output_size: (1, 1), flags: flags,
      reserved: 0, parameter_offset: UInt64(offset), weight_count: UInt64(weightCount),
      bias_count: UInt64(hasBiases ? outputs : 0), prunable_count: UInt64(prunableCount),
      unit_count: UInt64(outputs))
  }
}

/// A residual block of the fake host.
struct FakeBlock {
  var id: UInt64
  var name: String
  var scale: Float = 1
  var isDroppable = true

  func entry(
    _ name: UnsafePointer<CChar>, _ index: Int, _ count: Int, weights: Int
  ) -> wb_block {
    wb_block(
      struct_size: UInt32(MemoryLayout<wb_block>.size), reserved: 0, id: id, name: name,
      index: UInt32(index), count: UInt32(count), scale: scale, droppable: isDroppable ? 1 : 0,
      weight_count: UInt64(weights))
  }
}
