/// The network of a round, and what the host tells about it.
///
/// A view is of use until the function to which it was given returns; after that every question
/// is answered with an error.
public final class NetworkView {
  let host: UnsafePointer<wb_host>
  private var model: OpaquePointer?

  /// The layers that have weights, from the input on.
  public private(set) lazy var layers: [Layer] = listed(host.pointee.layer_at, as: Layer.init)
  /// Which layers' units are which layers' inputs.
  public private(set) lazy var edges: [Edge] = listed(host.pointee.edge_at, as: Edge.init)
  /// The residual blocks, from the input on.
  public private(set) lazy var blocks: [Block] = listed(host.pointee.block_at, as: Block.init)

  init(host: UnsafePointer<wb_host>, model: OpaquePointer) {
    self.host = host
    self.model = model
  }

  /// Called when the host's callback returns: the model behind the view may go.
  func close() { model = nil }

  func open(_ call: @autoclosure () -> String) throws -> OpaquePointer {
    guard let model else {
      throw StrategyError("the network was used after the call it was given in: \(call())")
    }
    return model
  }

  func check(_ status: wb_status, _ call: @autoclosure () -> String) throws {
    guard status == WB_OK else { throw HostError(call: call(), status: status) }
  }

  private func listed<CValue, Value>(
    _ at: (UnsafePointer<wb_host>, OpaquePointer, UInt32) -> UnsafePointer<CValue>?,
    as make: (UnsafePointer<CValue>) -> Value
  ) -> [Value] {
    guard let model else { return [] }
    var values: [Value] = []
    while let value = at(host, model, UInt32(values.count)) { values.append(make(value)) }
    return values
  }

  /// The layer with an id.
  ///
  /// - Parameter id: the host's number.
  /// - Returns: the layer.
  /// - Throws: ``StrategyError`` when there is none.
  public func layer(_ id: UInt64) throws -> Layer {
    guard let layer = layers.first(where: { $0.id == id }) else {
      throw StrategyError("the network has no layer with id \(id)")
    }
    return layer
  }

  /// The values of a signal, copied.
  ///
  /// - Parameters:
  ///   - signal: one of those that `info` says the strategy reads.
  ///   - layer: the layer it is of.
  /// - Returns: one value a parameter or a unit, or a matrix, by the signal.
  /// - Throws: ``HostError`` when the host refuses or does not know the signal.
  public func values(of signal: Signal, for layer: Layer) throws -> [Float] {
    try withView(of: signal, for: layer) { [Float]($0) }
  }

  /// Lends the values of a signal without a copy.
  ///
  /// - Parameters:
  ///   - signal: one of those that `info` says the strategy reads.
  ///   - layer: the layer it is of.
  ///   - body: gets the values.
  /// - Returns: what the body returns.
  /// - Throws: ``HostError`` when the host refuses or does not know the signal.
  public func withValues<Result>(
    of signal: Signal, for layer: Layer, _ body: (Span<Float>) throws -> Result
  ) throws -> Result {
    try withView(of: signal, for: layer) { try body($0.span) }
  }

  private func withView<Result>(
    of signal: Signal, for layer: Layer, _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) throws -> Result {
    try withView(of: signal, for: layer, by: host.pointee.read, body)
  }

  func withView<Result>(
    of signal: Signal, for layer: Layer,
    by read: (
      UnsafePointer<wb_host>, OpaquePointer, UnsafeMutablePointer<wb_reading>
    ) -> wb_status, _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) throws -> Result {
    let model = try open("\(signal) of '\(layer.name)'")
    var reading = wb_reading()
    reading.struct_size = UInt32(MemoryLayout<wb_reading>.size)
    reading.signal = signal.rawValue
    reading.layer = layer.id
    try check(read(host, model, &reading), "\(signal) of '\(layer.name)'")
    return try body(UnsafeBufferPointer(start: reading.values, count: Int(reading.count)))
  }

  /// The inverse of the damped Gauss-Newton matrix over the live prunable parameters.
  public struct InverseHessian {
    /// Square and symmetric; the parameters are in flat order.
    public let matrix: Matrix
    /// The damping that was needed, relative to the mean of the diagonal.
    public let damping: Double
  }

  /// The inverse of H + damping · mean(diagonal of H) · I over the live prunable parameters.
  ///
  /// Their order is that of the layers, then of the positions below `prunableCount` that are not
  /// masked. The matrix takes 8 · size² bytes, and while the host makes it 24 · size² in all; see
  /// ``memoryLimit``.
  ///
  /// - Parameters:
  ///   - size: how many live prunable parameters there are.
  ///   - damping: relative; raised by the host until the inverse is finite.
  /// - Returns: the inverse and the damping that was needed.
  /// - Throws: ``HostError`` when the host refuses, among others for a wrong size.
  public func inverseHessian(size: Int, damping: Double) throws -> InverseHessian {
    try inverseHessian(size: size, damping: damping, by: host.pointee.inverse_hessian)
  }

  func inverseHessian(
    size: Int, damping: Double,
    by invert: (
      UnsafePointer<wb_host>, OpaquePointer, Double, UnsafeMutablePointer<Double>, UInt64,
      UnsafeMutablePointer<Double>
    ) -> wb_status
  ) throws -> InverseHessian {
    let model = try open("inverse Hessian")
    var matrix = Matrix(rows: size, columns: size)
    var used = damping
    let count = UInt64(matrix.values.count)
    let status = matrix.values.withUnsafeMutableBufferPointer { values in
      values.baseAddress.map { invert(host, model, damping, $0, count, &used) } ?? WB_OK
    }
    try check(status, "inverse Hessian of \(size) parameters")
    return InverseHessian(matrix: matrix, damping: used)
  }

  /// What the network would count with the plan so far applied.
  ///
  /// - Returns: the counts.
  /// - Throws: ``HostError`` when the host refuses.
  public func measure() throws -> Counts {
    let model = try open("measure")
    var counts = wb_counts()
    counts.struct_size = UInt32(MemoryLayout<wb_counts>.size)
    try check(host.pointee.measure(host, model, &counts), "measure")
    return Counts(counts)
  }

  /// Values drawn uniformly from 0 up to but not including 1, from this run's own stream.
  ///
  /// - Parameter count: how many.
  /// - Returns: the values.
  public func random(_ count: Int) -> [Float] {
    guard model != nil, count > 0 else { return [] }
    return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      guard let base = buffer.baseAddress else { return }
      buffer.initialize(repeating: 0)
      host.pointee.random(host, base, UInt64(count))
      initialized = count
    }
  }

  /// Bytes that the strategy may take in addition; nil when there is no limit.
  ///
  /// It says whether a strategy can run, and must not choose what it computes: where the user sets
  /// no limit, it is what the machine has. Strategies that read neither the inverse Hessian nor sample
  /// gradients have none.
  public var memoryLimit: Int? {
    let limit = host.pointee.memory_limit
    return limit == 0 ? nil : Int(clamping: limit)
  }

  /// Writes a line to the run's log.
  ///
  /// - Parameters:
  ///   - text: the line.
  ///   - isWarning: whether the user should see it.
  public func log(_ text: String, isWarning: Bool = false) {
    host.pointee.log(host, isWarning ? WB_LOG_WARNING : WB_LOG_INFO, text)
  }

  /// The host's double-precision algebra.
  ///
  /// - Returns: the algebra, of use as long as this view.
  /// - Throws: ``HostError`` when this host has none.
  public func linearAlgebra() throws -> LinearAlgebra {
    guard let table = host.pointee.query(host, WB_LINEAR_ALGEBRA_1) else {
      throw HostError(call: WB_LINEAR_ALGEBRA_1, status: WB_UNSUPPORTED)
    }
    let algebra = table.assumingMemoryBound(to: wb_linear_algebra.self)
    guard reaches(algebra.pointee.struct_size, past: \wb_linear_algebra.least_squares) else {
      throw HostError(call: "all of \(WB_LINEAR_ALGEBRA_1)", status: WB_UNSUPPORTED)
    }
    return LinearAlgebra(algebra)
  }
}

/// Whether a struct of the stated size has the field: what `WB_HAS` is in C.
func reaches<Struct, Field>(_ size: Int, past field: KeyPath<Struct, Field>) -> Bool {
  guard let offset = MemoryLayout<Struct>.offset(of: field) else { return false }
  return size >= offset + MemoryLayout<Field>.size
}
