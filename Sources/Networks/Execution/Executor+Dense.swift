import CKernels
import Numerics

/// The three products of a dense layer: of whole matrices where it runs dense, by rows of live weights
/// where it runs sparse.
extension Executor {
  func forwardDense(_ place: Int, _ step: Step) {
    guard let slot = packing.slots[place] else { return }
    let input = activation(step.first)
    let output = activation(place)
    let (units, lanes) = (step.shape.channels, batch.count)
    let weights = working.pointer + slot.weights.lowerBound
    let bias = slot.biases.isEmpty ? nil : working.pointer + slot.biases.lowerBound
    if let slotted = slot.slotted {
      slotted.with { wbk_sparse_single($0, weights, bias, input, output) }
      return
    }
    if let sparse = slot.sparse {
      sparse.with { matrix in
        multiplySparse(
          matrix, weights, bias, work: sparse.count * lanes, cuts: sparse.cuts, input, output)
      }
      return
    }
    let inputs = slot.weights.count / units
    if lanes == 1 {
      wbk_multiply_vector(Int64(units), Int64(inputs), weights, bias, input, output)
      return
    }
    shareProduct(
      columns: lanes, width: Int(wbk_product_columns()), work: units * inputs * lanes
    ) { columns, scratch in
      wbk_multiply_single(
        Int64(units), Int64(columns.count), Int64(inputs), 1, weights, Int64(inputs), 1,
        input + columns.lowerBound, Int64(lanes), 1, 0, bias, output + columns.lowerBound,
        Int64(lanes), scratch)
    }
  }

  /// The gradient of a dense layer's input from that of its output, most of which is 0 behind a rectifier
  /// and is left out.
  func propagateDense(
    _ place: Int, weights: UnsafePointer<Float>, into inner: UnsafeMutablePointer<Float>
  ) {
    guard let slot = packing.slots[place] else { return }
    let outer = gradient(place)
    let (units, lanes) = (steps[place].shape.channels, batch.count)
    if let transposed = slot.sparse?.transposed {
      transposed.with(weights) { matrix, values in
        multiplySparse(
          matrix, values, nil, work: slot.weights.count * lanes, cuts: transposed.cuts, outer, inner
        )
      }
      return
    }
    let inputs = slot.weights.count / units
    let work = units * inputs * lanes
    let isDone =
      min(units, inputs) >= Self.leastNonzeros
      && nonzeros.with(outer, rows: units, columns: lanes, .byColumn, team) { nonzeros in
        shareProduct(columns: inputs, width: Int(WBK_PRODUCT_PANEL), work: work) {
          columns, scratch in
          wbk_multiply_nonzeros_transposed(
            nonzeros, Int64(columns.count), weights + columns.lowerBound, Int64(inputs),
            inner + columns.lowerBound * lanes, scratch)
        }
      }
    guard !isDone else { return }
    shareProduct(rows: inputs, work: work) { rows, scratch in
      wbk_multiply_single(
        Int64(rows.count), Int64(lanes), Int64(units), 1, weights + rows.lowerBound, 1,
        Int64(inputs), outer, Int64(lanes), 1, 0, nil, inner + rows.lowerBound * lanes,
        Int64(lanes), scratch)
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
  ///
  /// Behind a rectifier most of `outer` is 0, and is left out: the bits stay.
  func outerProduct(
    _ outer: UnsafePointer<Float>, _ input: UnsafePointer<Float>, units: Int, inputs: Int,
    keeping: Float, into sums: UnsafeMutablePointer<Float>
  ) {
    let lanes = batch.count
    let work = units * inputs * lanes
    let isDone =
      inputs >= Self.leastNonzeros
      && nonzeros.with(outer, rows: units, columns: lanes, .byRow, team) { nonzeros in
        shareProduct(columns: inputs, width: Int(WBK_PRODUCT_PANEL), work: work) {
          columns, scratch in
          wbk_multiply_nonzeros(
            nonzeros, Int64(columns.count), input + columns.lowerBound * lanes, keeping,
            sums + columns.lowerBound, Int64(inputs), scratch)
        }
      }
    guard !isDone else { return }
    shareProduct(columns: inputs, width: Int(wbk_product_columns()), work: work) {
      columns, scratch in
      wbk_multiply_single(
        Int64(units), Int64(columns.count), Int64(lanes), 1, outer, Int64(lanes), 1,
        input + columns.lowerBound * lanes, 1, Int64(lanes), keeping, nil,
        sums + columns.lowerBound, Int64(inputs), scratch)
    }
  }

  /// y = biases + the matrix · x, shared by lanes where each thread has many: then it has the same ones of each
  /// layer, and need not fetch what another computed from its cache.
  private func multiplySparse(
    _ matrix: UnsafePointer<wbk_sparse>, _ values: UnsafePointer<Float>,
    _ bias: UnsafePointer<Float>?, work: Int, cuts: [Int], _ x: UnsafePointer<Float>,
    _ y: UnsafeMutablePointer<Float>
  ) {
    let (blocks, lanes) = (batch.blocks, Int64(batch.count))
    guard team.threads > 1, blocks >= Self.manyBlocks * team.threads, work >= Self.leastSparse
    else {
      shareRows(work, cuts: cuts) { rows in
        wbk_sparse_forward(
          matrix, values, bias, Int64(rows.lowerBound), Int64(rows.upperBound), lanes, lanes, x, y)
      }
      return
    }
    let parts = team.threads
    team.run(parts) { part in
      let first = blocks * part / parts * Lanes.width
      let end = blocks * (part + 1) / parts * Lanes.width
      wbk_sparse_forward(
        matrix, values, bias, 0, matrix.pointee.rows, Int64(end - first), lanes, x + first,
        y + first)
    }
  }

  // MARK: - Sharing among threads

  /// Calls `body` with the runs of rows between `cuts`.
  private func shareRows(_ work: Int, cuts: [Int], _ body: (Range<Int>) -> Void) {
    guard work >= Self.leastSparse else { return body(0..<cuts[cuts.count - 1]) }
    team.run(cuts.count - 1) { body(cuts[$0]..<cuts[$0 + 1]) }
  }

  /// Calls `body` with runs of a large product's columns, and memory that it may use. Runs are shorter than
  /// a thread's share, for threads are not all as fast; whose left matrix lies in order, they cost nothing.
  ///
  /// - Parameter width: Of the product's panels, between which it is cut.
  private func shareProduct(
    columns: Int, width: Int, work: Int, _ body: (Range<Int>, UnsafeMutablePointer<Float>) -> Void
  ) {
    let panels = (columns + width - 1) / width
    let isShared = team.threads > 1 && work >= Self.leastProduct
    let parts = isShared ? min(panels, Self.runsAThread * team.threads) : 1
    team.run(
      parts,
      numbered: { part, thread in
        let end = panels * (part + 1) / parts * width
        body(
          panels * part / parts * width..<min(end, columns), self.workspaces[thread].scratch.pointer
        )
      })
  }

  /// The same with runs of rows, a thread's share each.
  private func shareProduct(
    rows: Int, work: Int, _ body: (Range<Int>, UnsafeMutablePointer<Float>) -> Void
  ) {
    let parts = work >= Self.leastProduct ? min(team.threads, rows) : 1
    team.run(parts) { part in
      body(
        rows * part / parts..<rows * (part + 1) / parts, self.workspaces[part].scratch.pointer)
    }
  }

  /// Live weights times lanes: less takes some tens of microseconds, and as long to hand over where cores share no
  /// cache.
  private static let leastSparse = 1_500_000
  /// Registers of samples that a weight meets at a time with AVX-512, where it meets the most.
  private static let manyBlocks = 8
  private static let leastProduct = 1_000_000
  private static let runsAThread = 8
  /// Inputs, and for their gradient units, below which to look for zeros takes as long as the product.
  private static let leastNonzeros = 64
}
