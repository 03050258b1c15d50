import CKernels
import Numerics

extension Executor {
  /// Where the backward pass puts what it learns of the parameters, in packed order.
  enum Sink {
    /// Writes the gradient, summed over samples; batch normalisations add to theirs.
    case gradient(UnsafeMutablePointer<Float>)
    /// Adds the sum over samples of each sample's squared gradient; weighted layers only.
    case squares(UnsafeMutablePointer<Float>)
    /// The same of layers alone whose weights work several times a sample.
    case squaresOfRepeatedWeights(UnsafeMutablePointer<Float>)
    case nothing
  }

  /// Writes the gradient of the mean loss in the parameters to `gradient`, in the flat order. An
  /// executor to measure with has it for masked parameters, too; others may leave 0 there.
  ///
  /// - Precondition: ``forward(_:mode:)`` and ``loss(_:gradient:)`` went before.
  package func backward(_ network: Network, into gradient: inout [Float]) {
    precondition(gradient.count == layout.count, "the gradient has another length")
    let packed = FloatBuffer(count: packing.count)
    backward(into: packed.pointer)
    packing.unpack(packed.pointer, into: &gradient)
  }

  /// Writes the gradient of the mean loss in the packed parameters.
  func backward(into gradient: UnsafeMutablePointer<Float>) {
    for place in steps.indices {
      guard let slot = packing.slots[place] else { continue }
      // Of a dropped block nothing else is written, and the kernels add to the biases' sums.
      let range = isDropped(place) ? slot.all : slot.biases
      (gradient + range.lowerBound).update(repeating: 0, count: range.count)
    }
    backward(sink: .gradient(gradient)) { _ in }
  }

  /// Carries the output's gradient back to every layer.
  ///
  /// - Parameter observe: called with the place of each weighted layer, once the gradient of its
  ///   output is complete.
  func backward(sink: Sink, observe: (Int) -> Void) {
    beginBackward()
    for place in steps.indices.dropFirst().reversed() where reaches(place) {
      if steps[place].pool >= 0 {
        guard case .gradient(let sums) = sink else { continue }
        backwardConvolution(place, parameters: working.pointer, into: sums)
        continue
      }
      if steps[place].kind.role == .layer { observe(place) }
      accumulate(place, into: sink)
      propagate(place, BackwardPass(parameters: working.pointer, sink: sink))
    }
  }

  /// Forgets the gradients of the last pass but the output's.
  func beginBackward() {
    for index in written.indices { written[index] = false }
    written[storage[steps.count - 1]] = true
  }

  /// Whether the pass under way has a gradient at the node and somebody asks for it.
  func reaches(_ place: Int) -> Bool {
    guard needsGradient[place], !isDropped(place), !steps[place].isPooledAtOnce else {
      return false
    }
    let holder = steps[place].pool >= 0 ? steps[place].pool : place
    return written[storage[holder]]
  }

  /// Carries the gradient of a node's output to its inputs.
  func propagate(_ place: Int, _ pass: BackwardPass) {
    let step = steps[place]
    if step.isRectifiedAtOnce, steps[step.first].kind.rectifiesBackward(self) {
      // The gradient lies where its input's would; the node before takes it from there.
      written[storage[step.first]] = true
    } else {
      step.kind.propagate(self, place, pass)
    }
  }

  /// Whether somebody asks for the gradient of a node and no other reader has left any there.
  func isFresh(_ input: Int) -> Bool {
    let sharesWithReader = graph.consumers[input].count == 1
    return needsGradient[input] && (!written[storage[input]] || sharesWithReader)
  }

  /// Lets `write` put a gradient into `input`'s, or add to what another reader left there.
  func deliver(to input: Int, _ write: (UnsafeMutablePointer<Float>) -> Void) {
    guard needsGradient[input] else { return }
    let index = storage[input]
    if isFresh(input) {
      write(gradient(input))
      written[index] = true
    } else {
      write(carry.pointer)
      let (total, carry) = (gradient(input), carry.pointer)
      shareValues(input) { wbk_add_scaled($1, 1, carry + $0, total + $0) }
    }
  }

  // MARK: - Parameters

  /// Brings to `sink` what the node at `place` learns from the gradient of its output.
  func accumulate(_ place: Int, into sink: Sink) {
    if case .nothing = sink { return }
    steps[place].kind.accumulate(self, place, into: sink)
  }

  /// Adds the gradient of the node's biases, from the gradient of its output, or of the pool that
  /// takes its output at once: the same sum, as every window has one winner.
  func addBiasGradient(
    _ slot: ParameterPacking.Slot, _ place: Int, into sums: UnsafeMutablePointer<Float>
  ) {
    guard !slot.biases.isEmpty else { return }
    let holder = steps[place].pool >= 0 ? steps[place].pool : place
    let view = view(holder)
    wbk_channel_sum(
      view.blocks, view.channels, view.plane, view.lanes, gradient(holder),
      sums + slot.biases.lowerBound)
  }

  func addSquaredBiasGradient(
    _ slot: ParameterPacking.Slot, _ place: Int, into sums: UnsafeMutablePointer<Float>
  ) {
    guard !slot.biases.isEmpty else { return }
    let view = view(place)
    wbk_channel_sum_squared(
      view.blocks, view.channels, view.plane, view.lanes, gradient(place),
      sums + slot.biases.lowerBound)
  }

  // MARK: - Squares of dense layers

  /// Adds Σ over samples of `outer` · (squared input)ᵀ to the weights' sums and Σ `outer` to the
  /// biases': a dense layer's squared gradients, from squared gradients of its output (units × lanes).
  func addDenseSquares(
    _ place: Int, outer: UnsafePointer<Float>, into sums: UnsafeMutablePointer<Float>
  ) {
    guard let slot = packing.slots[place] else { return }
    let units = steps[place].shape.channels
    let inputs = slot.weights.count / units
    wbk_square(Int64(inputs * batch.count), activation(steps[place].first), carry.pointer)
    outerProduct(
      outer, carry.pointer, units: units, inputs: inputs, keeping: 1,
      into: sums + slot.weights.lowerBound)
    if !slot.biases.isEmpty {
      wbk_channel_sum(1, Int64(units), 1, Int64(batch.count), outer, sums + slot.biases.lowerBound)
    }
  }

  func squares(of values: UnsafePointer<Float>, count: Int) -> UnsafePointer<Float> {
    wbk_square(Int64(count), values, squared.pointer)
    return UnsafePointer(squared.pointer)
  }
}
