import CKernels
package import Numerics

extension Executor {
  /// Brings the samples at `rows` into the lanes, inputs and targets.
  ///
  /// - Parameter changed: the inputs to be seen in place of those of the samples, in the order of the
  ///   rows; nil for those of the samples.
  /// - Precondition: at most ``capacity`` rows, each of a sample, whose features fit the input.
  package func load(
    _ samples: Samples, rows: ArraySlice<Int32>, changed: UnsafePointer<Float>? = nil
  ) {
    precondition(rows.count <= capacity, "\(rows.count) rows where \(capacity) fit")
    precondition(samples.features == graph.inputShape.count, "samples do not fit the input")
    precondition(rows.allSatisfy { $0 >= 0 && $0 < samples.count }, "a row is out of range")
    batch = Lanes(valid: rows.count, isSingle: isSingle)
    rows.withUnsafeBufferPointer { rows in
      samples.inputs.withUnsafeBufferPointer { inputs in
        guard let rows = rows.baseAddress, let inputs = inputs.baseAddress else { return }
        if let changed {
          inOrder.withUnsafeBufferPointer { inOrder in
            if let inOrder = inOrder.baseAddress { gather(changed, at: inOrder) }
          }
        } else {
          gather(inputs, at: rows)
        }
      }
      switch samples.targets {
      case .labels(let values, _):
        for (lane, row) in rows.enumerated() { labels.pointer[lane] = values[Int(row)] }
        targets = .labels
      case .values(let values, let width):
        let buffer = targetBuffer(width)
        values.withUnsafeBufferPointer { values in
          guard let rows = rows.baseAddress, let values = values.baseAddress else { return }
          let lanes = Lanes(valid: batch.valid)
          wbk_gather(
            Int64(width), Int64(lanes.count), 0, Int64(lanes.count), Int64(lanes.valid), values,
            rows, buffer.pointer)
        }
      }
    }
  }

  private func gather(_ inputs: UnsafePointer<Float>, at rows: UnsafePointer<Int32>) {
    let view = view(0)
    let input = activation(0)
    guard !isSingle else {
      let features = graph.inputShape.count
      return input.update(from: inputs + Int(rows[0]) * features, count: features)
    }
    let width = Lanes.width
    team.share(batch.count / width, bytes: 8 * Int(view.count)) { part in
      wbk_gather(
        view.channels * view.plane, view.lanes, Int64(part.lowerBound * width),
        Int64(part.upperBound * width), Int64(self.batch.valid), inputs, rows, input)
    }
  }

  private func targetBuffer(_ width: Int) -> FloatBuffer {
    let needed = width * Lanes(valid: capacity).count
    if case .values(let buffer) = targets, buffer.count >= needed { return buffer }
    let buffer = FloatBuffer(count: needed)
    targets = .values(buffer)
    return buffer
  }
}
