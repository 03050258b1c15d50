import CWorkbench
import Networks

extension Session {
  /// Takes a copy of an edit into the plan. What it says of the network is checked when the plan is
  /// applied; here its own form is.
  func take(_ pointer: UnsafePointer<wb_edit>) -> wb_status {
    let base = UnsafeRawPointer(pointer)
    let head = RawStruct<wb_edit>(base: base, size: extent(of: \wb_edit.struct_size))
    let size = Int(head.load(\.struct_size) ?? 0)
    let raw = RawStruct<wb_edit>(base: base, size: size)
    guard raw.has(\.target), let number = raw.load(\.kind), let target = raw.load(\.target) else {
      return reject("an edit says struct_size \(size); set it to sizeof(wb_edit)")
    }
    guard let kind = EditKind(rawValue: number) else { return WB_UNSUPPORTED }
    guard entry.edits & kind.bit != 0 else {
      return reject(
        "it emitted the edit \(kind.word), which its descriptor does not declare among its edits")
    }
    guard let indices = indices(raw, of: kind),
      let values = floats(raw.load(\.values) ?? nil, raw.load(\.value_count) ?? 0, of: kind)
    else { return WB_FAILED }
    let isWhole = (raw.load(\.flags) ?? 0) & WB_EDIT_WHOLE != 0
    let positions = isWhole ? nil : indices
    switch kind {
    case .maskOff: edits.append(.maskOff(layer: target, positions: indices))
    case .maskOn:
      edits.append(
        .maskOn(layer: target, positions: indices, values: values.isEmpty ? nil : values))
    case .setWeights:
      edits.append(
        .setParameters(layer: target, positions: positions, values: values))
    case .removeUnits: edits.append(.removeUnits(layer: target, units: indices))
    case .dropBlock: edits.append(.dropBlock(block: target))
    case .scaleBlock:
      guard let factor = values.first else { return reject("it scaled a block without a factor") }
      edits.append(.scaleBlock(block: target, factor: factor))
    case .freeze: edits.append(.freeze(layer: target, positions: positions))
    case .thaw: edits.append(.thaw(layer: target, positions: positions))
    case .removeLayer: edits.append(.removeLayer(layer: target))
    case .widen:
      return takeNewUnits(
        of: target, count: raw.load(\.unit_count) ?? 0, values, sources: indices)
    case .replace, .insertAfter, .insertBlock, .insertBeside:
      return takeLayers(kind, at: target, raw, values)
    }
    return WB_OK
  }

  func reject(_ violation: String) -> wb_status {
    note(violation)
    return WB_FAILED
  }

  /// Longer than anything a plan can speak of: a count that was never set.
  private static var longest: UInt64 { 1 << 31 }

  /// An edit's indices, or nil with a violation noted.
  private func indices(_ raw: RawStruct<wb_edit>, of kind: EditKind) -> [Int]? {
    let count = raw.load(\.index_count) ?? 0
    guard count > 0 else { return [] }
    guard let data = raw.load(\.indices) ?? nil, count < Self.longest else {
      note("it emitted \(kind.word) with \(count) indices at \(address(raw.address(\.indices)))")
      return nil
    }
    return UnsafeBufferPointer(start: data, count: Int(count)).map(Int.init)
  }

  /// An array's values, or nil with a violation noted.
  private func floats(
    _ data: UnsafePointer<Float>?, _ count: UInt64, of kind: EditKind
  ) -> [Float]? {
    guard count > 0 else { return [] }
    guard let data, count < Self.longest else {
      note("it emitted \(kind.word) with \(count) values at \(address(data))")
      return nil
    }
    return Array(UnsafeBufferPointer(start: data, count: Int(count)))
  }

  private func address(_ pointer: UnsafeRawPointer?) -> String {
    pointer == nil ? "a null address" : "an address"
  }

  // MARK: - New layers

  private func takeLayers(
    _ kind: EditKind, at target: UInt64, _ edit: RawStruct<wb_edit>, _ values: [Float]
  ) -> wb_status {
    let (layers, status) = layers(of: edit)
    guard let layers else { return status }
    switch kind {
    case .insertAfter: edits.append(.insertAfter(layer: target, layers))
    case .insertBlock: edits.append(.insertBlock(after: target, layers))
    case .insertBeside:
      let isFrozen = (edit.load(\.flags) ?? 0) & WB_EDIT_FROZEN != 0
      edits.append(
        .insertBeside(
          layer: target, UnitsBeside(layers: layers, fanOut: values, areFrozen: isFrozen)))
    default: edits.append(.replace(layer: target, with: layers))
    }
    return WB_OK
  }

  /// The layers that an edit brings, or nil with the status that it is answered with.
  private func layers(of edit: RawStruct<wb_edit>) -> ([LayerSpecification]?, wb_status) {
    let count = edit.load(\.layer_count) ?? 0
    guard let list = edit.address(\.layers), (1...64).contains(count) else {
      return (
        nil,
        reject(
          "its edit has \(count) layers at \(address(edit.address(\.layers))); give between 1 "
            + "and 64")
      )
    }
    var specifications: [LayerSpecification] = []
    for index in 0..<Int(count) {
      let word = list.loadUnaligned(
        fromByteOffset: index * MemoryLayout<UInt>.stride, as: UInt.self)
      guard let base = UnsafeRawPointer(bitPattern: word) else {
        return (nil, reject("layer \(index) of its edit is at a null address"))
      }
      let head = RawStruct<wb_layer_spec>(base: base, size: extent(of: \wb_layer_spec.struct_size))
      let size = Int(head.load(\.struct_size) ?? 0)
      guard size >= extent(of: \wb_layer_spec.bias_count) else {
        return (
          nil,
          reject("a wb_layer_spec says struct_size \(size); set it to sizeof(wb_layer_spec)")
        )
      }
      let layer = base.loadUnaligned(as: wb_layer_spec.self)
      guard let operation = Operation(layer) else { return (nil, WB_UNSUPPORTED) }
      guard let weights = floats(layer.weights, layer.weight_count, of: .replace),
        let biases = floats(layer.biases, layer.bias_count, of: .replace)
      else { return (nil, WB_FAILED) }
      guard let wanted = layer.weightCount(of: operation), weights.count == wanted else {
        return (
          nil,
          reject(
            "layer \(index) of its edit has \(weights.count) weights, which is not the product of "
              + "its dims \(layer.dims)")
        )
      }
      specifications.append(
        LayerSpecification(operation: operation, weights: weights, biases: biases))
    }
    return (specifications, WB_OK)
  }
}

extension Operation {
  /// The operation of a layer to be put in, or nil for a kind this host does not know.
  fileprivate init?(_ specification: wb_layer_spec) {
    let dims = specification.dims
    let hasBias = specification.bias_count > 0
    switch specification.kind {
    case WB_LAYER_DENSE: self = .dense(units: Int(dims.0), bias: hasBias)
    case WB_LAYER_CONVOLUTION:
      self = .convolution(
        Convolution(
          channels: Int(dims.0), kernel: Extent(Int(dims.2), Int(dims.3)),
          stride: Extent(Int(specification.stride.0), Int(specification.stride.1)),
          padding: Extent(Int(specification.padding.0), Int(specification.padding.1)),
          bias: hasBias))
    case WB_LAYER_RELU: self = .relu
    case WB_LAYER_TANH: self = .tanh
    case WB_LAYER_SIGMOID: self = .sigmoid
    case WB_LAYER_BATCH_NORM: self = .batchNorm
    default: return nil
    }
  }
}

extension wb_layer_spec {
  /// How many weights the dims ask for, or nil when the product is beyond all bounds.
  fileprivate func weightCount(of operation: Operation) -> Int? {
    guard operation.isWeighted else { return 0 }
    var product = 1
    for side in [dims.0, dims.1, dims.2, dims.3] {
      let (next, overflow) = product.multipliedReportingOverflow(by: Int(side))
      guard !overflow else { return nil }
      product = next
    }
    return product
  }
}
