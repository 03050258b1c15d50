import CKernels
import Numerics

/// The products of convolutions, shared out by blocks of samples.
extension Executor {
  func forwardConvolution(_ place: Int, _ step: Step) {
    shareBlocks(step) { first, count, part in
      let blocks = first..<first + Int(count)
      self.withInput(of: step, blocks, part) { input, blocks in
        if step.pool >= 0 {
          self.convolveAndPool(place, step, blocks, input, part)
        } else {
          let output = self.activation(place) + blocks.lowerBound * self.blockSize(place)
          self.convolve(place, step, Int64(blocks.count), input, output, part)
        }
      }
    }
  }

  /// Calls `body` with what a convolution reads of some blocks: with all of them, or where it makes its
  /// normalised input itself with as many at a time as stay near the processor.
  private func withInput(
    of step: Step, _ blocks: Range<Int>, _ part: Int,
    _ body: (_ input: UnsafePointer<Float>, _ blocks: Range<Int>) -> Void
  ) {
    guard step.normalisation >= 0 else {
      return body(activation(step.first) + blocks.lowerBound * blockSize(step.first), blocks)
    }
    let made = workspaces[part].block.pointer
    let most = withUnsafePointer(to: step.convolution) { Int(wbk_weight_gradient_blocks($0)) }
    for first in stride(from: blocks.lowerBound, to: blocks.upperBound, by: most) {
      let run = first..<min(first + most, blocks.upperBound)
      BatchNorm.normalise(self, step.normalisation, run, into: made)
      body(made, run)
    }
  }

  /// One block after the other, so that what the pool reads is still near the processor.
  private func convolveAndPool(
    _ place: Int, _ step: Step, _ blocks: Range<Int>, _ source: UnsafePointer<Float>, _ part: Int
  ) {
    guard let winners = winners(of: step.pool) else { return }
    let pooled = activation(step.pool)
    let size = blockSize(step.pool)
    let whole = workspaces[part].block.pointer
    for (number, block) in blocks.enumerated() {
      convolve(place, step, 1, source + number * blockSize(step.first), whole, part)
      withUnsafePointer(to: steps[step.pool].pooling) {
        wbk_max_pool_forward($0, 1, whole, pooled + block * size, winners + block * size)
      }
    }
  }

  private func convolve(
    _ place: Int, _ step: Step, _ blocks: Int64, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ part: Int
  ) {
    guard let slot = packing.slots[place] else { return }
    let weights = working.pointer + slot.weights.lowerBound
    let bias = slot.biases.isEmpty ? nil : working.pointer + slot.biases.lowerBound
    let scratch = workspaces[part].scratch.pointer
    withUnsafePointer(to: step.convolution) { geometry in
      if let plan = slot.sparse?.plan {
        wbk_sparse_convolution_forward(
          geometry, plan.pointer, weights, bias, blocks, input, output)
      } else {
        wbk_convolution_forward(geometry, blocks, input, weights, bias, output, scratch)
      }
    }
  }

  // MARK: - Gradients

  /// Writes the gradient of the weights from that of the output.
  func convolutionGradients(_ place: Int, weights: UnsafeMutablePointer<Float>) {
    let step = steps[place]
    let outer = gradient(place)
    sumParts(place, into: weights) { part, blocks, sums in
      self.withInput(of: step, blocks, part) { input, blocks in
        self.weightGradient(
          place, Int64(blocks.count), part, input,
          outer + blocks.lowerBound * self.blockSize(place), into: sums)
      }
    }
  }

  /// Brings the gradient of the output to the input.
  ///
  /// With few live weights the time goes into memory: what is added to another reader's gradient is
  /// added block by block, while it is near the processor.
  func propagateConvolution(_ place: Int, parameters: UnsafePointer<Float>) {
    let step = steps[place]
    let outer = gradient(place)
    guard needsGradient[step.first], !isFresh(step.first), packing.slots[place]?.sparse != nil
    else {
      deliver(to: step.first) { inner in
        shareBlocks(step) { first, count, part in
          self.dataGradient(
            place, count, part, parameters, outer + first * self.blockSize(place),
            into: inner + first * self.blockSize(step.first))
        }
      }
      return
    }
    let (size, total, carry) = (blockSize(step.first), gradient(step.first), carry.pointer)
    shareBlocks(step) { first, count, part in
      let block = carry + part * size
      for number in first..<first + Int(count) {
        self.dataGradient(
          place, 1, part, parameters, outer + number * self.blockSize(place), into: block)
        wbk_add_scaled(Int64(size), 1, block, total + number * size)
      }
    }
  }

  /// All gradients of a convolution whose output a pool takes at once: block by block the pool's
  /// gradient is spread over the convolution's output, and used while it is near the processor.
  func backwardConvolution(
    _ place: Int, parameters: UnsafePointer<Float>, into sums: UnsafeMutablePointer<Float>
  ) {
    guard let slot = packing.slots[place] else { return }
    let step = steps[place]
    func run(_ inner: UnsafeMutablePointer<Float>?) {
      sumParts(place, into: sums + slot.weights.lowerBound) { part, blocks, sums in
        for block in blocks {
          self.spread(step.pool, block, part)
          let outer = self.workspaces[part].block.pointer
          let offset = block * self.blockSize(step.first)
          self.weightGradient(
            place, 1, part, self.activation(step.first) + offset, outer, into: sums)
          if let inner {
            self.dataGradient(place, 1, part, parameters, outer, into: inner + offset)
          }
        }
      }
    }
    if needsGradient[step.first] { deliver(to: step.first) { run($0) } } else { run(nil) }
    addBiasGradient(slot, place, into: sums)
  }

  /// Fills a part's block with what the winners of one block of a pool receive.
  private func spread(_ pool: Int, _ block: Int, _ part: Int) {
    guard let winners = winners(of: pool) else { return }
    let offset = block * blockSize(pool)
    withUnsafePointer(to: steps[pool].pooling) {
      wbk_max_pool_backward(
        $0, 1, gradient(pool) + offset, winners + offset, workspaces[part].block.pointer)
    }
  }

  /// Lets `body` add to zeroed sums, a part of the blocks each, and adds these up in order.
  private func sumParts(
    _ place: Int, into total: UnsafeMutablePointer<Float>,
    _ body: (_ part: Int, _ blocks: Range<Int>, _ sums: UnsafeMutablePointer<Float>) -> Void
  ) {
    let count = packing.slots[place]?.weights.count ?? 0
    let blocks = batch.blocks
    let parts = min(Workspace.gradientParts, blocks)
    team.run(parts) { part in
      let sums = part == 0 ? total : self.workspaces[part].weights.pointer
      sums.update(repeating: 0, count: count)
      body(part, blocks * part / parts..<blocks * (part + 1) / parts, sums)
    }
    for part in 1..<max(parts, 1) {
      wbk_add_scaled(Int64(count), 1, workspaces[part].weights.pointer, total)
    }
  }

  private func weightGradient(
    _ place: Int, _ blocks: Int64, _ part: Int, _ input: UnsafePointer<Float>,
    _ outer: UnsafePointer<Float>, into sums: UnsafeMutablePointer<Float>
  ) {
    let scratch = workspaces[part].scratch.pointer
    withUnsafePointer(to: steps[place].convolution) { geometry in
      if let sparse = packing.slots[place]?.sparse {
        sparse.with {
          wbk_sparse_convolution_weight_gradient(geometry, $0, blocks, input, outer, sums)
        }
      } else {
        wbk_convolution_weight_gradient(geometry, blocks, input, outer, sums, scratch)
      }
    }
  }

  /// Adds the sum over samples of each sample's squared gradient of the weights.
  func addConvolutionSquares(_ place: Int, into sums: UnsafeMutablePointer<Float>) {
    withUnsafePointer(to: steps[place].convolution) {
      wbk_convolution_weight_gradient_squared(
        $0, Int64(batch.blocks), activation(steps[place].first), gradient(place), sums,
        workspaces[0].scratch.pointer)
    }
  }

  private func dataGradient(
    _ place: Int, _ blocks: Int64, _ part: Int, _ parameters: UnsafePointer<Float>,
    _ outer: UnsafePointer<Float>, into inner: UnsafeMutablePointer<Float>
  ) {
    guard let slot = packing.slots[place] else { return }
    let weights = parameters + slot.weights.lowerBound
    let scratch = workspaces[part].scratch.pointer
    withUnsafePointer(to: steps[place].convolution) { geometry in
      if let plan = slot.sparse?.plan {
        wbk_sparse_convolution_data_gradient(
          geometry, plan.pointer, weights, blocks, outer, inner)
      } else {
        wbk_convolution_data_gradient(geometry, blocks, outer, weights, inner, scratch)
      }
    }
  }
}
