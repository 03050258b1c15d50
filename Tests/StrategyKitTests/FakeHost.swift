import CWorkbench

/// A host made by hand: a few layers and signals, plain algebra, and a record of all it is told.
///
/// A view that it lends is spoiled when the callback returns.
final class FakeHost {
  struct Edit {
    var kind: wb_edit_kind
    var target: UInt64
    var indices: [Int]
    var values: [Float]
    var layers: [Specification]
  }

  struct Specification {
    var kind: wb_layer_kind
    var dimensions: [Int]
    var stride: [Int]
    var padding: [Int]
    var weights: [Float]
    var biases: [Float]

    /// Stands for a null pointer.
    static let missing = Specification(
      kind: -1, dimensions: [], stride: [], padding: [], weights: [], biases: [])
  }

  let layers: [FakeLayer]
  let blocks: [FakeBlock]
  /// H of the loss over the live prunable parameters, row-major.
  var hessian: [Double] = []
  /// What an emit is answered with.
  var emitStatus = WB_OK
  private(set) var edits: [Edit] = []
  private(set) var log: [String] = []
  private(set) var failures: [String] = []
  private(set) var drawn: [Float] = []
  /// How many inverses were asked for.
  private(set) var inverses = 0

  let table: UnsafeMutablePointer<wb_host>
  private let cLayers: UnsafeMutablePointer<wb_layer>
  private let cBlocks: UnsafeMutablePointer<wb_block>
  /// Each layer's units are what the next one reads.
  private let cEdges: UnsafeMutablePointer<wb_edge>
  private let names: [UnsafeMutablePointer<CChar>]
  private var lent: [UnsafeMutableBufferPointer<Float>] = []
  private var random: SplitMix

  init(
    _ layers: [FakeLayer] = [], blocks: [FakeBlock] = [], memoryLimit: UInt64 = 0, seed: UInt64 = 11
  ) {
    random = SplitMix(state: seed)
    self.layers = layers
    self.blocks = blocks
    table = .allocate(capacity: 1)
    cLayers = .allocate(capacity: max(layers.count, 1))
    cBlocks = .allocate(capacity: max(blocks.count, 1))
    cEdges = .allocate(capacity: max(layers.count, 1))
    names = (layers.map(\.name) + blocks.map(\.name)).map(copied)
    table.initialize(to: hostTable(memoryLimit))
    table.pointee.context = Unmanaged.passUnretained(self).toOpaque()
    var offset = 0
    for (index, layer) in layers.enumerated() {
      (cLayers + index).initialize(to: layer.entry(names[index], offset))
      offset += layer.parameters.count
    }
    for (index, block) in blocks.enumerated() {
      (cBlocks + index).initialize(
        to: block.entry(
          names[layers.count + index], index, blocks.count,
          weights: layers.reduce(0) { $0 + ($1.block == block.id ? $1.live.count : 0) }))
    }
    for (index, layer) in layers.enumerated() {
      let next = layers.dropFirst(index + 1).first
      (cEdges + index).initialize(
        to: wb_edge(
          struct_size: UInt32(MemoryLayout<wb_edge>.size), reserved: 0, from: layer.id,
          to: next?.id ?? 0, first: 0, area: UInt64(max(1, (next?.inputs ?? 0) / layer.outputs))))
    }
  }

  deinit {
    lent.forEach { $0.deallocate() }
    names.forEach { $0.deallocate() }
    cLayers.deallocate()
    cBlocks.deallocate()
    cEdges.deallocate()
    table.deallocate()
  }

  /// The model has no content of its own: any address serves.
  var model: OpaquePointer { OpaquePointer(UnsafeMutableRawPointer(cLayers)) }

  /// Live prunable parameters.
  var weights: Int { layers.reduce(0) { $0 + $1.live.count } }

  /// A new plan begins.
  func beginPlan() { edits = [] }

  /// Forgets what earlier calls did.
  func clear() {
    edits = []
    log = []
    failures = []
    drawn = []
  }

  /// What every callback ends with: nothing that was lent may be used from here on.
  func spoilViews() {
    for view in lent { view.update(repeating: .nan) }
  }

  // MARK: What the table calls

  static func of(_ host: UnsafePointer<wb_host>) -> FakeHost? {
    host.pointee.context.map { Unmanaged<FakeHost>.fromOpaque($0).takeUnretainedValue() }
  }

  func note(_ text: String) { log.append(text) }

  func fail(_ text: String) { failures.append(text) }

  func layer(_ index: UInt32) -> UnsafePointer<wb_layer>? {
    Int(index) < layers.count ? UnsafePointer(cLayers + Int(index)) : nil
  }

  func edge(_ index: UInt32) -> UnsafePointer<wb_edge>? {
    layers.indices.contains(Int(index)) ? UnsafePointer(cEdges + Int(index)) : nil
  }

  func block(_ index: UInt32) -> UnsafePointer<wb_block>? {
    Int(index) < blocks.count ? UnsafePointer(cBlocks + Int(index)) : nil
  }

  func lend(_ id: UInt64, _ signal: wb_signal) -> UnsafeBufferPointer<Float>? {
    guard let layer = layers.first(where: { $0.id == id }), let values = layer[signal] else {
      return nil
    }
    return lend(values)
  }

  private func lend(_ values: [Float]) -> UnsafeBufferPointer<Float> {
    let view = UnsafeMutableBufferPointer<Float>.allocate(capacity: values.count)
    _ = view.initialize(from: values)
    lent.append(view)
    return UnsafeBufferPointer(view)
  }

  /// Lends a signal as it is with the plan so far: H does not depend on the weights, so only masks do.
  func lendPlanned(_ id: UInt64, _ signal: wb_signal) -> UnsafeBufferPointer<Float>? {
    guard signal == WB_SIGNAL_GAUSS_NEWTON_DIAGONAL, hessian.count == weights * weights else {
      return nil
    }
    guard let layer = layers.first(where: { $0.id == id }) else { return nil }
    let start = layers.prefix { $0.id != id }.reduce(0) { $0 + $1.live.count }
    var diagonal = [Float](repeating: 0, count: layer.parameters.count)
    for (index, position) in layer.live.enumerated() {
      diagonal[position] = Float(hessian[(start + index) * (weights + 1)])
    }
    return lend(diagonal)
  }

  /// The inverse over what is live before the plan, or with it so far applied.
  func inverseHessian(
    _ damping: Double, _ out: UnsafeMutablePointer<Double>, _ count: UInt64, planned: Bool = false
  ) -> wb_status {
    let all = weights
    guard hessian.count == all * all, !hessian.isEmpty else { return WB_FAILED }
    let left = planned ? plannedLive : Array(0..<all)
    let size = left.count
    guard count == size * size else { return WB_FAILED }
    inverses += 1
    var damped = left.flatMap { row in left.map { hessian[row * all + $0] } }
    let mean = (0..<size).reduce(0) { $0 + damped[$1 * (size + 1)] } / Double(size)
    for index in 0..<size { damped[index * (size + 1)] += damping * mean }
    guard let inverse = PlainAlgebra.inverse(damped, size) else { return WB_FAILED }
    for (index, value) in inverse.enumerated() { out[index] = value }
    return WB_OK
  }

  /// The rows of H whose weights the plan so far leaves.
  private var plannedLive: [Int] {
    var row = -1
    var left: [Int] = []
    for layer in layers {
      let masked = Set(
        edits(WB_EDIT_MASK_OFF).filter { $0.target == layer.id }.flatMap(\.indices))
      for position in layer.live {
        row += 1
        if !masked.contains(position) { left.append(row) }
      }
    }
    return left
  }

  func emit(_ edit: wb_edit) -> wb_status {
    guard emitStatus == WB_OK else { return emitStatus }
    edits.append(
      Edit(
        kind: edit.kind, target: edit.target,
        indices: UnsafeBufferPointer(start: edit.indices, count: Int(edit.index_count))
          .map { Int($0) },
        values: copied(edit.values, edit.value_count),
        layers: UnsafeBufferPointer(start: edit.layers, count: Int(edit.layer_count)).map { layer in
          guard let spec = layer?.pointee else { return .missing }
          return Specification(
            kind: spec.kind,
            dimensions: [spec.dims.0, spec.dims.1, spec.dims.2, spec.dims.3].map { Int($0) },
            stride: [Int(spec.stride.0), Int(spec.stride.1)],
            padding: [Int(spec.padding.0), Int(spec.padding.1)],
            weights: copied(spec.weights, spec.weight_count),
            biases: copied(spec.biases, spec.bias_count))
        }))
    return WB_OK
  }

  /// Live prunable parameters with the plan so far: layers in a chain, each plan one edit a layer.
  func measuredWeights() -> Int {
    var count = 0
    for (index, layer) in layers.enumerated() {
      if layer.block.map({ id in edits(WB_EDIT_DROP_BLOCK).contains { $0.target == id } }) == true {
        continue
      }
      if let edit = edits(WB_EDIT_REPLACE).first(where: { $0.target == layer.id }) {
        count += edit.layers.reduce(0) { $0 + $1.weights.count }
        continue
      }
      let goneOutputs = Set(removedUnits(of: layer))
      let goneInputs = index > 0 ? Set(removedUnits(of: layers[index - 1])) : []
      let width = index > 0 ? max(1, layer.fanIn / layers[index - 1].outputs) : 1
      let masked = Set(
        edits(WB_EDIT_MASK_OFF).filter { $0.target == layer.id }.flatMap(\.indices))
      count += layer.live.count { position in
        guard !masked.contains(position) else { return false }
        guard position < layer.weightCount else {
          return !goneOutputs.contains(position - layer.weightCount)
        }
        return !goneOutputs.contains(position / layer.fanIn)
          && !goneInputs.contains(position % layer.fanIn / width)
      }
    }
    return count
  }

  private func removedUnits(of layer: FakeLayer) -> [Int] {
    edits(WB_EDIT_REMOVE_UNITS).filter { $0.target == layer.id }.flatMap(\.indices)
  }

  func edits(_ kind: wb_edit_kind) -> [Edit] { edits.filter { $0.kind == kind } }

  func draw(_ count: UInt64) -> [Float] {
    let values = (0..<count).map { _ in Float(random.next() >> 40) / Float(1 << 24) }
    drawn += values
    return values
  }
}

private func copied(_ text: String) -> UnsafeMutablePointer<CChar> {
  let bytes = text.utf8CString
  let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
  for (index, byte) in bytes.enumerated() { (copy + index).initialize(to: byte) }
  return copy
}

private func copied(_ values: UnsafePointer<Float>?, _ count: UInt64) -> [Float] {
  Array(UnsafeBufferPointer(start: values, count: Int(count)))
}

/// Answers a read with a view, where there is one.
private func give(
  _ view: UnsafeBufferPointer<Float>?, _ reading: UnsafeMutablePointer<wb_reading>
) -> wb_status {
  guard let view else { return WB_UNSUPPORTED }
  reading.pointee.values = view.baseAddress
  reading.pointee.count = UInt64(view.count)
  return WB_OK
}

private let version: StaticString = "fake 1.0"

private func hostTable(_ memoryLimit: UInt64) -> wb_host {
  wb_host(
    struct_size: MemoryLayout<wb_host>.size, context: nil, abi_minor: WB_ABI_MINOR, reserved: 0,
    version: UnsafeRawPointer(version.utf8Start).assumingMemoryBound(to: CChar.self),
    memory_limit: memoryLimit,
    log: { host, _, text in FakeHost.of(host)?.note(String(cString: text)) },
    fail: { host, text in
      FakeHost.of(host)?.fail(String(cString: text))
      return WB_FAILED
    },
    layer_at: { host, _, index in FakeHost.of(host)?.layer(index) },
    block_at: { host, _, index in FakeHost.of(host)?.block(index) },
    edge_at: { host, _, index in FakeHost.of(host)?.edge(index) },
    read: { host, _, reading in
      give(FakeHost.of(host)?.lend(reading.pointee.layer, reading.pointee.signal), reading)
    },
    inverse_hessian: { host, _, damping, out, count, used in
      used.pointee = damping
      return FakeHost.of(host)?.inverseHessian(damping, out, count) ?? WB_FAILED
    },
    emit: { host, edit in FakeHost.of(host)?.emit(edit.pointee) ?? WB_FAILED },
    measure: { host, _, out in
      guard let host = FakeHost.of(host) else { return WB_FAILED }
      out.pointee.weights = UInt64(host.measuredWeights())
      return WB_OK
    },
    predict: { _, _ in WB_OK },
    random: { host, out, count in
      for (index, value) in (FakeHost.of(host)?.draw(count) ?? []).enumerated() {
        out[index] = value
      }
    },
    query: { _, id in
      switch String(cString: id) {
      case WB_LINEAR_ALGEBRA_1: UnsafeRawPointer(plainAlgebraTable)
      case WB_PLANNED_1: UnsafeRawPointer(plannedTable)
      default: nil
      }
    })
}

nonisolated(unsafe) private let plannedTable: UnsafePointer<wb_planned> = {
  let table = UnsafeMutablePointer<wb_planned>.allocate(capacity: 1)
  table.initialize(
    to: wb_planned(
      struct_size: MemoryLayout<wb_planned>.size,
      read: { host, _, reading in
        give(FakeHost.of(host)?.lendPlanned(reading.pointee.layer, reading.pointee.signal), reading)
      },
      inverse_hessian: { host, _, damping, out, count, used in
        used.pointee = damping
        return FakeHost.of(host)?.inverseHessian(damping, out, count, planned: true) ?? WB_FAILED
      }, loss: { _, _, _ in WB_UNSUPPORTED }, retract: { _, _ in WB_UNSUPPORTED }))
  return UnsafePointer(table)
}()

/// Steele, Lea and Flood's generator: small, seeded, and good enough for tests.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Values from -1 to 1.
  mutating func floats(_ count: Int) -> [Float] {
    (0..<count).map { _ in Float.random(in: -1...1, using: &self) }
  }

  /// A symmetric positive definite matrix: the second moment of random vectors.
  mutating func moment(_ size: Int, silent: Set<Int> = []) -> [Double] {
    var moment = [Double](repeating: 0, count: size * size)
    for _ in 0..<2 * size {
      var vector = floats(size).map { Double($0) }
      for index in silent { vector[index] = 0 }
      for row in 0..<size {
        for column in 0..<size {
          // Rounded as the signal is, so that a test can know the host's values exactly.
          moment[row * size + column] += vector[row] * vector[column] / Double(2 * size)
        }
      }
    }
    return moment.map { Double(Float($0)) }
  }
}
