import CWorkbench
import Networks

extension Session {
  /// Answers a read: values that live until the call returns.
  func read(_ reading: UnsafeMutablePointer<wb_reading>, of model: ModelView) -> wb_status {
    guard let signal = Signal(rawValue: reading.pointee.signal) else { return WB_UNSUPPORTED }
    guard declares(signal) else { return WB_FAILED }
    let id = reading.pointee.layer
    guard let layer = model.layer(id) else {
      note("it read \(signal.word) of a layer with id \(id), and the network has none")
      return WB_FAILED
    }
    guard let network = model.network else {
      return refuse(.invalid, "\(signal.word) cannot be read \(activity.rawValue)")
    }
    switch signal {
    case .parameters:
      give(
        reading,
        view(of: signal, layer: layer, in: model) {
          network.values[layer.parameters]
        })
    case .mask:
      give(
        reading,
        view(of: signal, layer: layer, in: model) {
          network.mask[layer.parameters]
        })
    case .inverseHessian:
      return refuse(
        .invalid, "\(signal.word) is of the whole network; inverse_hessian gives it, not read")
    case .momentum:
      guard let momentum = model.momentum else {
        return refuse(.invalid, "\(signal.word) is there at update points alone")
      }
      give(
        reading, view(of: signal, layer: layer, in: model) { momentum()[layer.parameters] })
    default:
      if let reason = signal.reasonNotToBe(of: layer, in: network.graph) {
        return refuse(.invalid, reason)
      }
      guard let measurements = model.measurements else {
        return refuse(
          .invalid,
          "\(signal.word) is measured between training periods and cannot be read "
            + activity.rawValue)
      }
      if signal == .sampleGradients, let memoryLimit,
        let reason = model.sampleGradients?.obstacle(within: memoryLimit)
      {
        return refuse(.memory, reason)
      }
      let values = view(of: signal, layer: layer, in: model) {
        switch signal {
        case .hessianGradient: model.hessianGradient?.values[layer.parameters] ?? []
        case .sampleGradients: model.sampleGradients?.values(at: layer.place)[...] ?? []
        default: measurements.values(of: signal, at: layer.place, parameters: layer.parameters)
        }
      }
      let columns = signal.columns(of: layer, in: network.graph, values: values.count)
      give(reading, values, columns: columns)
    }
    return WB_OK
  }

  /// - Parameter columns: of a matrix; nil for one value a parameter or unit.
  private func give(
    _ reading: UnsafeMutablePointer<wb_reading>, _ values: UnsafeBufferPointer<Float>,
    columns: Int? = nil
  ) {
    reading.pointee.values = values.baseAddress
    reading.pointee.count = UInt64(values.count)
    reading.pointee.columns = UInt64(columns ?? 1)
    reading.pointee.rows = UInt64(values.count / max(1, columns ?? 1))
  }

  private func declares(_ signal: Signal) -> Bool {
    guard entry.signals & signal.bit == 0 else { return true }
    note("it read \(signal.word), which its descriptor does not declare among its signals")
    return false
  }

  /// The mean loss of a model.
  func loss(of model: ModelView, into out: UnsafeMutablePointer<Double>) -> wb_status {
    guard let measurements = model.measurements else {
      return refuse(.invalid, "the loss cannot be had \(activity.rawValue)")
    }
    out.pointee = measurements.loss()
    return WB_OK
  }

  /// Fills `out` with the inverse over the live prunable parameters.
  func inverseHessian(
    of model: ModelView, damping: Double, into out: UnsafeMutablePointer<Double>, count: UInt64,
    used: UnsafeMutablePointer<Double>
  ) -> wb_status {
    guard declares(.inverseHessian) else { return WB_FAILED }
    guard let measurements = model.measurements else {
      return refuse(
        .invalid,
        "the inverse Hessian is measured between training periods and cannot be had "
          + activity.rawValue)
    }
    let open = model.openPrunable(of: measurements)
    let side = open.count
    let (square, overflow) = side.multipliedReportingOverflow(by: side)
    guard !overflow, count == UInt64(square) else {
      note(
        "it gave the inverse Hessian room for \(count) values, and \(side) live parameters need "
          + "\(side)² of them")
      return WB_FAILED
    }
    do throws(InverseHessianError) {
      let inverse = try measurements.inverseHessian(
        over: open, isAll: model.closed.isEmpty, damping: damping, memoryLimit: memoryLimit ?? .max)
      for (index, value) in inverse.values.enumerated() { out[index] = value }
      used.pointee = inverse.usedDamping
      return WB_OK
    } catch {
      if case .tooLarge = error { return refuse(.memory, error.description) }
      return refuse(.invalid, error.description)
    }
  }
}

extension ModelView {
  /// Those of the live prunable parameters that the strategy may remove, ascending by layer.
  fileprivate func openPrunable(of measurements: Measurements) -> [Int] {
    guard !closed.isEmpty else { return measurements.livePrunable }
    return layers.flatMap(\.prunable).filter { measurements.network.mask[$0] != 0 }
  }
}

extension Measurements {
  /// The inverse over parameters; the others stay as they are.
  ///
  /// - Parameter isAll: Whether these are all live prunable ones.
  fileprivate func inverseHessian(
    over parameters: [Int], isAll: Bool, damping: Double, memoryLimit: Int
  ) throws(InverseHessianError) -> InverseHessian {
    if isAll { return try inverseHessian(damping: damping, memoryLimit: memoryLimit) }
    return try PreciseCurvature(network: network, samples: samples, loss: lossKind)
      .inverseHessian(over: parameters, damping: damping, memoryLimit: memoryLimit)
  }

  /// A measured signal of a layer.
  fileprivate func values(
    of signal: Signal, at place: Int, parameters: Range<Int>
  ) -> ArraySlice<Float> {
    switch signal {
    case .gradient: gradient(at: place)
    case .fisherDiagonal: fisherDiagonal()[parameters]
    case .gaussNewtonDiagonal: gaussNewtonDiagonal()[parameters]
    case .leCunDiagonal: leCunDiagonal()[parameters]
    case .activationZeroRate: activations(at: place).zeroRate[...]
    case .activationMean: activations(at: place).mean[...]
    case .activationVariance: activations(at: place).variance[...]
    case .outputCurvature: outputCurvature(at: place)[...]
    case .inputMoment: inputMoment(at: place).values[...]
    case .parameters, .mask, .inverseHessian: []
    case .momentum, .hessianGradient, .sampleGradients: []
    case .inputs: inputs(at: place)[...]
    case .outputGradients: outputGradients(at: place)[...]
    case .bypassGradient: bypassGradient(at: place)[...]
    }
  }
}

extension Signal {
  /// Why a layer has no such signal, or nil.
  fileprivate func reasonNotToBe(of layer: ModelView.LayerPlace, in graph: Graph) -> String? {
    switch self {
    case .inputs, .outputGradients:
      return layer.isDense
        ? nil : "\(word) is of dense layers, and '\(layer.name)' is a convolution"
    case .sampleGradients:
      return layer.isDense
        ? "\(word) is of convolutions, and '\(layer.name)' is a dense layer: output-gradients times "
          + "inputs" : nil
    case .bypassGradient:
      do throws(NoBypass) {
        _ = try graph.bypass(of: layer.place)
        return nil
      } catch {
        return "\(word) of '\(layer.name)' is not there: \(error)"
      }
    default: return nil
    }
  }

  /// The columns of a signal that is a matrix.
  fileprivate func columns(
    of layer: ModelView.LayerPlace, in graph: Graph, values: Int
  ) -> Int? {
    switch self {
    case .inputMoment: Int(Double(values).squareRoot().rounded())
    case .inputs: layer.inputs
    case .outputGradients: layer.units
    case .sampleGradients: layer.parameters.count
    case .bypassGradient: (try? graph.bypass(of: layer.place))?.columns
    default: nil
    }
  }
}
