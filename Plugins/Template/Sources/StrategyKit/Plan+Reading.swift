extension Plan {
  /// The values of a signal with the plan so far applied, copied.
  ///
  /// - Parameters:
  ///   - signal: one of those that `info` says the strategy reads.
  ///   - layer: a layer that the plan so far left in place.
  /// - Returns: as ``NetworkView/values(of:for:)`` does for the network before the plan.
  /// - Throws: ``HostError`` when the host refuses, or measures nothing while a plan is made.
  public func values(of signal: Signal, for layer: Layer) throws -> [Float] {
    try network.withView(of: signal, for: layer, by: planned().pointee.read) { [Float]($0) }
  }

  /// The inverse of H + damping · mean(diagonal of H) · I with the plan so far applied.
  ///
  /// - Parameters:
  ///   - size: how many live prunable parameters the plan so far leaves.
  ///   - damping: relative; raised by the host until the inverse is finite.
  /// - Returns: as ``NetworkView/inverseHessian(size:damping:)`` does for the network before the
  ///   plan.
  /// - Throws: ``HostError`` when the host refuses, or measures nothing while a plan is made.
  public func inverseHessian(size: Int, damping: Double) throws -> NetworkView.InverseHessian {
    try network.inverseHessian(size: size, damping: damping, by: planned().pointee.inverse_hessian)
  }

  /// The mean loss with the plan so far applied, on the samples that signals are computed over.
  ///
  /// - Returns: the loss.
  /// - Throws: ``HostError`` when the host refuses, or is older than interface 1.1.
  public func loss() throws -> Double {
    let model = try network.open("loss of the plan")
    let planned = try planned()
    guard reaches(planned.pointee.struct_size, past: \wb_planned.retract) else {
      throw HostError(call: "loss of \(WB_PLANNED_1)", status: WB_UNSUPPORTED)
    }
    var loss = 0.0
    try network.check(planned.pointee.loss(network.host, model, &loss), "loss of the plan")
    return loss
  }

  /// Takes the last edits of the plan back, to try others.
  ///
  /// - Parameter count: how many.
  /// - Throws: ``HostError`` when there are not so many, or the host is older than interface 1.1.
  public func retract(_ count: Int) throws {
    let planned = try planned()
    guard reaches(planned.pointee.struct_size, past: \wb_planned.retract) else {
      throw HostError(call: "retract of \(WB_PLANNED_1)", status: WB_UNSUPPORTED)
    }
    try network.check(
      planned.pointee.retract(network.host, UInt64(clamping: count)), "retract \(count) edits")
  }

  private func planned() throws -> UnsafePointer<wb_planned> {
    _ = try network.open(WB_PLANNED_1)
    guard let table = network.host.pointee.query(network.host, WB_PLANNED_1) else {
      throw HostError(call: WB_PLANNED_1, status: WB_UNSUPPORTED)
    }
    let planned = table.assumingMemoryBound(to: wb_planned.self)
    guard reaches(planned.pointee.struct_size, past: \wb_planned.inverse_hessian) else {
      throw HostError(call: "all of \(WB_PLANNED_1)", status: WB_UNSUPPORTED)
    }
    return planned
  }
}
