import CKernels

extension Executor {
  /// The mean loss over the loaded samples; with `gradient` also its gradient in the output, from
  /// which ``backward(_:into:)`` goes on.
  ///
  /// - Precondition: the samples' targets are of the loss's kind and the output's width.
  package func loss(_ loss: Loss, gradient wanted: Bool) -> Double {
    precondition(batch.count == batch.blocks * Lanes.width, "a loss needs whole blocks of lanes")
    let last = steps.count - 1
    let outputs = Int64(graph.outputs)
    let lanes = Int64(batch.count)
    let valid = Int64(batch.valid)
    let factor = 1 / Float(max(batch.valid, 1))
    let gradient = wanted ? gradient(last) : nil
    switch (loss, targets) {
    case (.crossEntropy, .labels):
      wbk_softmax_cross_entropy(
        outputs, lanes, valid, factor, activation(last), labels.pointer, losses.pointer, gradient)
    case (.squaredError, .values(let values)):
      wbk_squared_error(
        outputs, lanes, valid, factor, activation(last), values.pointer, losses.pointer, gradient)
    default:
      preconditionFailure("the targets are not of the kind that \(loss) compares with")
    }
    var sum = 0.0
    for sample in 0..<batch.valid { sum += Double(losses.pointer[sample]) }
    return sum / Double(max(batch.valid, 1))
  }
}
