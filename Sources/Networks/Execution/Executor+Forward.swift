import CKernels
import Numerics

extension Executor {
  /// Computes the output of the loaded batch with the parameters of `network`.
  package func forward(_ network: Network, mode: Mode) {
    adopt(network)
    forward(mode: mode)
  }

  /// Computes the output of the loaded batch.
  package func forward(mode: Mode) {
    setGates(mode)
    // Not the gates: to hold the caller's array would have it copied before its next change.
    if case .training = mode { self.mode = .training(gates: []) } else { self.mode = .inference }
    for place in steps.indices.dropFirst()
    where !isDropped(place) && !steps[place].isPooledAtOnce {
      forward(place)
    }
  }

  /// Whether the node lies in a branch that this pass skips.
  func isDropped(_ place: Int) -> Bool {
    guard let sum = sums[place] else { return false }
    return gates[sum] == 0
  }

  private func setGates(_ mode: Mode) {
    var block = 0
    for place in steps.indices {
      guard case .residualSum(let scale) = steps[place].operation else { continue }
      switch mode {
      case .inference: gates[place] = scale
      case .training(let values): gates[place] = values.isEmpty ? 1 : values[block]
      }
      block += 1
    }
  }

  private func forward(_ place: Int) {
    let step = steps[place]
    let view = view(place)
    let input = activation(step.first)
    switch step.operation {
    case .input: break
    case .dense: forwardDense(place, step)
    case .convolution: forwardConvolution(place, step)
    case .maxPool:
      guard let winners = winners[place]?.pointer else { return }
      let output = activation(place)
      shareBlocks(step) { block, blocks, _ in
        withUnsafePointer(to: step.pooling) {
          wbk_max_pool_forward(
            $0, blocks, input + block * self.blockSize(step.first),
            output + block * self.blockSize(place), winners + block * self.blockSize(place))
        }
      }
    case .averagePool, .globalAveragePool:
      withUnsafePointer(to: step.pooling) {
        wbk_average_pool_forward($0, view.blocks, input, activation(place))
      }
    case .batchNorm: forwardBatchNorm(place, step)
    case .relu where step.isRectifiedAtOnce && rectifiesAtOnce(step.first): break
    case .relu: shareValues(place) { wbk_relu($1, input + $0, self.activation(place) + $0) }
    case .tanh: shareValues(place) { wbk_tanh($1, input + $0, self.activation(place) + $0) }
    case .sigmoid: shareValues(place) { wbk_sigmoid($1, input + $0, self.activation(place) + $0) }
    case .residualSum:
      let (output, branch) = (activation(place), step.second)
      let factor = gates[place]
      shareValues(place) { start, count in
        if factor == 0 {
          (output + start).update(from: input + start, count: Int(count))
        } else if step.rectifies {
          wbk_sum_scaled_relu(
            count, input + start, factor, self.activation(branch) + start, output + start)
        } else {
          wbk_sum_scaled(
            count, input + start, factor, self.activation(branch) + start, output + start)
        }
      }
    case .concatenate: forwardConcatenation(place)
    case .flatten: wbk_flatten(Int64(batch.blocks), view.channels, input, activation(place))
    }
  }

  /// Whether the node, which a ReLU follows, does the ReLU's work in the pass under way: a batch
  /// normalisation in training, a residual sum unless its branch is dropped.
  func rectifiesAtOnce(_ place: Int) -> Bool {
    switch steps[place].operation {
    case .residualSum: gates[place] != 0
    default: mode != .inference
    }
  }

  // MARK: - Sharing among threads

  /// Floats of one block of 16 samples of a spatial node.
  func blockSize(_ place: Int) -> Int { steps[place].shape.count * Lanes.width }

  /// Calls `body` with runs of blocks: the first, how many, and a number below the team's threads.
  func shareBlocks(_ step: Step, _ body: (_ first: Int, _ count: Int64, _ part: Int) -> Void) {
    let blocks = batch.blocks
    let parts = min(team.threads, blocks)
    guard parts > 1, blocks * step.shape.count * Lanes.width >= Self.leastShared else {
      return body(0, Int64(blocks), 0)
    }
    team.run(parts) { part in
      let first = blocks * part / parts
      body(first, Int64(blocks * (part + 1) / parts - first), part)
    }
  }

  /// Calls `body` with runs of the values of a node: where they start and how many.
  func shareValues(_ place: Int, _ body: (_ start: Int, _ count: Int64) -> Void) {
    let count = Int(view(place).count)
    team.share(count, work: count) { body($0.lowerBound, Int64($0.count)) }
  }

  private static let leastShared = 50_000

  // MARK: - Convolution

  private func forwardConvolution(_ place: Int, _ step: Step) {
    let output = step.pool >= 0 ? nil : activation(place)
    let input = activation(step.first)
    shareBlocks(step) { first, count, part in
      let source = input + first * self.blockSize(step.first)
      if let output {
        self.convolve(place, step, count, source, output + first * self.blockSize(place), part)
      } else {
        self.convolveAndPool(place, step, first..<first + Int(count), source, part)
      }
    }
  }

  /// One block after the other, so that what the pool reads is still near the processor.
  private func convolveAndPool(
    _ place: Int, _ step: Step, _ blocks: Range<Int>, _ source: UnsafePointer<Float>, _ part: Int
  ) {
    guard let winners = winners[step.pool]?.pointer else { return }
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
    let weights = parameters.pointer + slot.weights.lowerBound
    let bias = slot.biases.isEmpty ? nil : parameters.pointer + slot.biases.lowerBound
    let scratch = workspaces[part].scratch.pointer
    withUnsafePointer(to: step.convolution) { geometry in
      if let plan = slot.sparse?.plan {
        wbk_sparse_convolution_forward(
          geometry, plan.pointer, weights, bias, blocks, input, output, scratch)
      } else {
        wbk_convolution_forward(geometry, blocks, input, weights, bias, output, scratch)
      }
    }
  }

  // MARK: - The rest

  private func forwardBatchNorm(_ place: Int, _ step: Step) {
    guard let slot = packing.slots[place], let range = layout.statistics[place],
      let state = norms[place]
    else { return }
    let view = view(place)
    let channels = step.shape.channels
    let (input, output) = (activation(step.first), activation(place))
    let scale = parameters.pointer + slot.biases.lowerBound
    let shift = scale + channels
    switch mode {
    case .training:
      team.share(channels, work: Int(view.count)) { part in
        wbk_batch_norm_forward(
          view.blocks, view.channels, view.plane, view.lanes, Int64(self.batch.valid),
          Int64(part.lowerBound), Int64(part.upperBound), Self.epsilon, step.rectifies ? 1 : 0,
          input, scale, shift, state.mean.pointer, state.variance.pointer, state.inverse.pointer,
          output)
      }
    case .inference:
      let mean = statistics.pointer + range.lowerBound
      for channel in 0..<channels {
        let inverse = 1 / (mean[channels + channel] + Self.epsilon).squareRoot()
        state.mean.pointer[channel] = mean[channel]
        state.variance.pointer[channel] = mean[channels + channel]
        state.inverse.pointer[channel] = inverse
        state.factor.pointer[channel] = scale[channel] * inverse
        state.offset.pointer[channel] = shift[channel] - mean[channel] * scale[channel] * inverse
      }
      wbk_channel_affine(
        view.blocks, view.channels, view.plane, view.lanes, state.factor.pointer,
        state.offset.pointer, input, output)
    }
  }

  private func forwardConcatenation(_ place: Int) {
    let output = view(place)
    let outputBlock = Int(output.channels * output.plane * output.lanes)
    var offset = 0
    for input in graph.nodes[place].inputs {
      let view = view(input)
      let block = Int(view.channels * view.plane * view.lanes)
      for index in 0..<Int(view.blocks) {
        (activation(place) + index * outputBlock + offset)
          .update(from: activation(input) + index * block, count: block)
      }
      offset += block
    }
  }

  /// Moves the running statistics towards those of the last training batch: new = old + `rate` ·
  /// (batch − old), the variance unbiased. Those of a channel whose scale and shift are frozen stay.
  package func updateStatistics(rate: Float = 0.1) {
    for place in steps.indices where !isDropped(place) {
      guard let state = norms[place], let range = layout.statistics[place],
        let slot = layout[place]
      else { continue }
      let channels = range.count / 2
      let samples = Float(batch.valid * steps[place].shape.plane)
      let unbiased = samples > 1 ? samples / (samples - 1) : 1
      let mean = statistics.pointer + range.lowerBound
      let variance = mean + channels
      for channel in 0..<channels {
        let scale = slot.biases.lowerBound + channel
        if !frozen.isEmpty, frozen[scale], frozen[scale + channels] { continue }
        mean[channel] += rate * (state.mean.pointer[channel] - mean[channel])
        variance[channel] += rate * (state.variance.pointer[channel] * unbiased - variance[channel])
      }
    }
  }
}
