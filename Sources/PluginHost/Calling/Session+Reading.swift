import CWorkbench
import Networks

extension Session {
  /// Answers a read: a view that lives until the call returns.
  func read(
    _ signal: Signal, of id: UInt64, in model: ModelView,
    into out: UnsafeMutablePointer<wb_floats>
  ) -> wb_status {
    guard declares(signal) else { return WB_FAILED }
    guard let layer = model.layer(id) else {
      note("it read \(signal.word) of a layer with id \(id), and the network has none")
      return WB_FAILED
    }
    guard let network = model.network else {
      return refuse(.invalid, "\(signal.word) cannot be read \(activity.rawValue)")
    }
    switch signal {
    case .parameters:
      out.pointee = view(of: signal, layer: layer, in: model) {
        Array(network.values[layer.parameters])
      }
    case .mask:
      out.pointee = view(of: signal, layer: layer, in: model) {
        Array(network.mask[layer.parameters])
      }
    case .inverseHessian:
      return refuse(
        .invalid, "\(signal.word) is of the whole network; inverse_hessian gives it, not read")
    default:
      guard let measurements = model.measurements else {
        return refuse(
          .invalid,
          "\(signal.word) is measured between training periods and cannot be read "
            + activity.rawValue)
      }
      out.pointee = view(of: signal, layer: layer, in: model) {
        measurements.values(of: signal, at: layer.place, parameters: layer.parameters)
      }
    }
    return WB_OK
  }

  private func declares(_ signal: Signal) -> Bool {
    guard entry.signals & signal.bit == 0 else { return true }
    note("it read \(signal.word), which its descriptor does not declare among its signals")
    return false
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
    let side = measurements.livePrunable.count
    let (square, overflow) = side.multipliedReportingOverflow(by: side)
    guard !overflow, count == UInt64(square) else {
      note(
        "it gave the inverse Hessian room for \(count) values, and \(side) live parameters need "
          + "\(side)² of them")
      return WB_FAILED
    }
    do throws(InverseHessianError) {
      let inverse = try measurements.inverseHessian(
        damping: damping, memoryLimit: memoryLimit ?? .max)
      for (index, value) in inverse.values.enumerated() { out[index] = value }
      used.pointee = inverse.usedDamping
      return WB_OK
    } catch {
      if case .tooLarge = error { return refuse(.memory, error.description) }
      return refuse(.invalid, error.description)
    }
  }
}

extension Measurements {
  /// A measured signal of a layer.
  fileprivate func values(
    of signal: Signal, at place: Int, parameters: Range<Int>
  ) -> [Float] {
    switch signal {
    case .gradient: Array(gradient()[parameters])
    case .fisherDiagonal: Array(fisherDiagonal()[parameters])
    case .gaussNewtonDiagonal: Array(gaussNewtonDiagonal()[parameters])
    case .leCunDiagonal: Array(leCunDiagonal()[parameters])
    case .activationZeroRate: activations(at: place).zeroRate
    case .activationMean: activations(at: place).mean
    case .activationVariance: activations(at: place).variance
    case .outputCurvature: outputCurvature(at: place)
    case .inputMoment: inputMoment(at: place).values
    case .parameters, .mask, .inverseHessian: []
    }
  }
}
