import Numerics

extension BatchedCurvature {
  /// What goes into the dense layer at `place`: samples × inputs, row-major.
  func inputs(at place: Int) -> [Float] {
    let source = network.graph.nodes[place].inputs[0]
    guard source != 0 else { return samples.inputs }
    var rows: [Float] = []
    forEachBatch { _ in
      rows += executor.samples(
        of: executor.activation(source), width: network.graph.shapes[source].count)
    }
    return rows
  }

  /// The gradient of each sample's own loss in the pre-activations of the dense layer at `place`:
  /// samples × units, row-major.
  func outputGradients(at place: Int) -> [Float] {
    let width = network.graph.shapes[place].count
    var rows: [Float] = []
    forEachGradient { _ in
      // The batch's loss is a mean, so every sample's gradient comes divided by their number.
      let count = Float(executor.batch.valid)
      rows += executor.samples(of: executor.gradient(place), width: width).map { $0 * count }
    }
    return rows
  }
}

extension Executor {
  /// The valid samples of a flat tensor, features × lanes, one after the other.
  fileprivate func samples(of tensor: UnsafePointer<Float>, width: Int) -> [Float] {
    var rows = [Float](repeating: 0, count: batch.valid * width)
    for feature in 0..<width {
      for sample in 0..<batch.valid {
        rows[sample * width + feature] = tensor[feature * batch.count + sample]
      }
    }
    return rows
  }
}
