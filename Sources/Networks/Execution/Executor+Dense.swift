import CKernels
import COpenBLAS
import Numerics

/// The three products of a dense layer: by the linear-algebra library where it runs dense, by rows of
/// live weights where it runs sparse.
extension Executor {
  func forwardDense(_ place: Int, _ step: Step) {
    guard let slot = packing.slots[place] else { return }
    let input = activation(step.first)
    let output = activation(place)
    let (units, lanes) = (step.shape.channels, batch.count)
    let weights = parameters.pointer + slot.weights.lowerBound
    let bias = slot.biases.isEmpty ? nil : parameters.pointer + slot.biases.lowerBound
    if let sparse = slot.sparse {
      shareRows(sparse.count * lanes, cuts: sparse.cuts) { rows in
        sparse.with {
          wbk_sparse_forward(
            $0, weights, bias, Int64(rows.lowerBound), Int64(rows.upperBound), Int64(lanes), input,
            output)
        }
      }
      return
    }
    let inputs = slot.weights.count / units
    if lanes == 1 {
      cblas_sgemv(
        CblasRowMajor, CblasNoTrans, Int32(units), Int32(inputs), 1, weights, Int32(inputs), input,
        1, 0, output, 1)
      if let bias { wbk_add_scaled(Int64(units), 1, bias, output) }
      return
    }
    shareProduct(rows: units, work: units * inputs * lanes) { rows in
      let result = output + rows.lowerBound * lanes
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows.count), Int32(lanes), Int32(inputs),
        1,
        weights + rows.lowerBound * inputs, Int32(inputs), input, Int32(lanes), 0, result,
        Int32(lanes))
      if let bias {
        wbk_add_bias(1, Int64(rows.count), 1, Int64(lanes), bias + rows.lowerBound, result)
      }
    }
  }

  /// The gradient of a dense layer's input from that of its output.
  func propagateDense(
    _ place: Int, weights: UnsafePointer<Float>, into inner: UnsafeMutablePointer<Float>
  ) {
    guard let slot = packing.slots[place] else { return }
    let outer = gradient(place)
    let (units, lanes) = (steps[place].shape.channels, batch.count)
    if let transposed = slot.sparse?.transposed {
      transposed.with(weights) { matrix, values in
        shareRows(slot.weights.count * lanes, cuts: transposed.cuts) { rows in
          wbk_sparse_forward(
            matrix, values, nil, Int64(rows.lowerBound), Int64(rows.upperBound), Int64(lanes),
            outer,
            inner)
        }
      }
      return
    }
    let inputs = slot.weights.count / units
    shareProduct(rows: inputs, work: units * inputs * lanes) { rows in
      cblas_sgemm(
        CblasRowMajor, CblasTrans, CblasNoTrans, Int32(rows.count), Int32(lanes), Int32(units), 1,
        weights + rows.lowerBound, Int32(inputs), outer, Int32(lanes), 0,
        inner + rows.lowerBound * lanes, Int32(lanes))
    }
  }

  /// gradient = outer (units × lanes) · input (inputs × lanes)ᵀ, of live weights alone where the
  /// layer runs sparse.
  func denseWeightGradient(_ place: Int, into gradient: UnsafeMutablePointer<Float>) {
    guard let slot = packing.slots[place] else { return }
    let input = activation(steps[place].first)
    let outer = self.gradient(place)
    if let sparse = slot.sparse {
      shareRows(sparse.count * batch.count, cuts: sparse.cuts) { rows in
        sparse.with {
          wbk_sparse_weight_gradient(
            $0, Int64(rows.lowerBound), Int64(rows.upperBound), Int64(self.batch.count), input,
            outer, gradient)
        }
      }
      return
    }
    outerProduct(
      outer, input, units: steps[place].shape.channels,
      inputs: slot.weights.count / steps[place].shape.channels, keeping: 0, into: gradient)
  }

  /// sums (units × inputs) = `keeping` · sums + outer (units × lanes) · input (inputs × lanes)ᵀ.
  func outerProduct(
    _ outer: UnsafePointer<Float>, _ input: UnsafePointer<Float>, units: Int, inputs: Int,
    keeping: Float, into sums: UnsafeMutablePointer<Float>
  ) {
    let lanes = batch.count
    shareProduct(rows: units, work: units * inputs * lanes) { rows in
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows.count), Int32(inputs), Int32(lanes), 1,
        outer + rows.lowerBound * lanes, Int32(lanes), input, Int32(lanes), keeping,
        sums + rows.lowerBound * inputs, Int32(inputs))
    }
  }

  // MARK: - Sharing among threads

  /// Calls `body` with the runs of rows between `cuts`.
  private func shareRows(_ work: Int, cuts: [Int], _ body: (Range<Int>) -> Void) {
    guard work >= Self.leastRows else { return body(0..<cuts[cuts.count - 1]) }
    team.run(cuts.count - 1) { body(cuts[$0]..<cuts[$0 + 1]) }
  }

  /// Calls `body` with the two halves of a large product's rows. The library may round the same row
  /// differently in products of different sizes, so the halves are the same for any team.
  private func shareProduct(rows: Int, work: Int, _ body: (Range<Int>) -> Void) {
    guard work >= Self.leastProduct else { return body(0..<rows) }
    team.run(2) { $0 == 0 ? body(0..<rows / 2) : body(rows / 2..<rows) }
  }

  private static let leastRows = 200_000
  private static let leastProduct = 4_000_000
}
