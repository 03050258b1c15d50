import CKernels
import Numerics

/// The second moment of a layer's inputs.
package struct InputMoment: Sendable, Equatable {
  /// Rows and columns: the inputs of one unit, and 1 more where the layer has biases.
  package let side: Int
  /// side² values, symmetric.
  package let values: [Float]
}

extension BatchedCurvature {
  /// E[x xᵀ] over samples and map positions of what one unit of the weighted layer at `place`
  /// multiplies with its weights, in the order of the weights; a last 1 stands for the bias.
  func inputMoment(at place: Int) -> InputMoment {
    guard let slot = network.layout[place],
      let units = network.graph.nodes[place].operation.units, units > 0
    else { return InputMoment(side: 0, values: []) }
    let inputs = slot.weights.count / units
    let side = inputs + (slot.biases.isEmpty ? 0 : 1)
    let batchSums = FloatBuffer(count: side * side)
    var sums = [Double](repeating: 0, count: side * side)
    forEachBatch { _ in
      batchSums.fill(side * side)
      executor.addInputProducts(at: place, inputs: inputs, side: side, to: batchSums.pointer)
      for row in 0..<side {
        for column in row..<side {
          sums[row * side + column] += Double(batchSums.pointer[row * side + column])
        }
      }
    }
    let count = Double(max(samples.count * network.graph.shapes[place].plane, 1))
    var values = [Float](repeating: 0, count: side * side)
    for row in 0..<side {
      for column in row..<side {
        values[row * side + column] = Float(sums[row * side + column] / count)
        values[column * side + row] = values[row * side + column]
      }
    }
    return InputMoment(side: side, values: values)
  }
}

extension Executor {
  /// Adds Σ x xᵀ over the valid samples (and positions) of the loaded batch to the upper triangle
  /// of `sums`, side × side.
  fileprivate func addInputProducts(
    at place: Int, inputs: Int, side: Int, to sums: UnsafeMutablePointer<Float>
  ) {
    let node = graph.nodes[place]
    let source = activation(node.inputs[0])
    guard var geometry = graph.convolutionGeometry(at: place) else {
      let columns = FloatBuffer(count: side * batch.count)
      columns.pointer.update(from: source, count: inputs * batch.count)
      addProducts(columns, inputs: inputs, side: side, groups: 1, lanes: batch.count, to: sums)
      return
    }
    // Block by block: the patches of a whole batch could take hundreds of megabytes.
    let positions = graph.shapes[place].plane
    let columns = FloatBuffer(count: side * positions * Lanes.width)
    let inputBlock = graph.shapes[node.inputs[0]].count * Lanes.width
    for block in 0..<batch.blocks {
      wbk_convolution_patches(&geometry, 1, source + block * inputBlock, columns.pointer)
      addProducts(
        columns, inputs: inputs, side: side, groups: positions, lanes: Lanes.width,
        firstSample: block * Lanes.width, to: sums)
    }
  }

  /// `columns` holds side rows of `groups` × `lanes` inputs; lanes from the last valid sample on are
  /// cleared, and the row behind the inputs, where there is one, gets its 1.
  private func addProducts(
    _ columns: FloatBuffer, inputs: Int, side: Int, groups: Int, lanes: Int, firstSample: Int = 0,
    to sums: UnsafeMutablePointer<Float>
  ) {
    let width = groups * lanes
    let valid = min(lanes, batch.valid - firstSample)
    for row in 0..<side {
      for group in 0..<groups {
        let start = columns.pointer + row * width + group * lanes
        if row == inputs { start.update(repeating: 1, count: valid) }
        (start + valid).update(repeating: 0, count: lanes - valid)
      }
    }
    addUpperProducts(columns.pointer, rows: side, width: width, to: sums)
  }

  /// The upper triangle of `sums` (rows × rows) += x xᵀ for x (rows × width); some of the lower one is
  /// overwritten.
  private func addUpperProducts(
    _ x: UnsafePointer<Float>, rows: Int, width: Int, to sums: UnsafeMutablePointer<Float>
  ) {
    let band = Int(WBK_PRODUCT_BAND)
    team.run((rows + band - 1) / band) { part in
      let first = part * band
      let count = min(band, rows - first)
      let scratch = FloatBuffer(count: wbk_multiply_scratch(Int64(count), Int64(width)))
      wbk_multiply_single(
        Int64(count), Int64(rows - first), Int64(width), 1, x + first * width, Int64(width), 1,
        x + first * width, 1, Int64(width), 1, nil, sums + first * rows + first, Int64(rows),
        scratch.pointer)
    }
  }
}
