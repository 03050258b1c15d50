import CKernels
import Numerics

/// An optimiser at work on the packed parameters of an executor, in one pass over them a step.
final class Optimizer {
  private let kind: OptimizerKind
  private let decay: Float
  private let longestGradient: Double?
  private let packing: ParameterPacking
  private let team: Team
  private let first: FloatBuffer
  /// Nil where it is 0 throughout and stays so: nobody has to carry it along.
  private let second: FloatBuffer?
  private var step: Int
  /// The step at which all parameters began.
  private let birth: Int
  /// Under Adam, where they began at different ones.
  private let cohorts: Cohorts?
  /// The squared norm of each block of the gradient.
  private var squares: [Double]

  /// The blocks of a norm: their number, and so the order of the sum, does not depend on the threads.
  private static let block = 1 << 13

  /// Goes on from `state`.
  ///
  /// - Parameter hasSecond: Whether second moments are more than 0 anywhere, or will be.
  init(
    _ recipe: TrainingRecipe, _ state: OptimizerState, hasSecond: Bool, packing: ParameterPacking,
    team: Team
  ) {
    kind = recipe.optimizer
    decay = recipe.decay
    longestGradient = recipe.longestGradient
    self.packing = packing
    self.team = team
    first = FloatBuffer(count: packing.count)
    second = hasSecond ? FloatBuffer(count: packing.count) : nil
    step = state.step
    squares = [Double](
      repeating: 0, count: (packing.count + Self.block - 1) / Self.block)
    if case .adam = recipe.optimizer {
      (birth, cohorts) = Cohorts.all(of: state, packing)
    } else {
      (birth, cohorts) = (0, nil)
    }
    packing.pack(state.first, into: first.pointer)
    packing.clearUntrained(first.pointer)
    guard let second else { return }
    packing.pack(state.second, into: second.pointer)
    packing.clearUntrained(second.pointer)
  }

  /// One step on all `values` that are not frozen; masked ones stay exactly 0. A gradient that is too
  /// long is shortened in place.
  func update(
    _ values: UnsafeMutablePointer<Float>, by gradient: UnsafeMutablePointer<Float>, rate: Float
  ) {
    step += 1
    if let longestGradient { shorten(gradient, to: longestGradient) }
    if let cohorts, case .adam(let beta1, let beta2, _) = kind {
      cohorts.prepare(step: step, rate: rate, beta1: beta1, beta2: beta2)
    }
    team.share(packing.count, bytes: 20 * packing.count) { range in
      for run in packing.trained {
        let part = run.clamped(to: range)
        if !part.isEmpty { update(part, values, gradient, rate) }
      }
    }
  }

  private func update(
    _ part: Range<Int>, _ values: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>,
    _ rate: Float
  ) {
    let start = part.lowerBound
    let count = Int64(part.count)
    let mask = packing.mask.map { UnsafePointer($0.pointer + start) }
    let first = first.pointer + start
    switch kind {
    case .sgd(let momentum, let nesterov):
      wbk_sgd(
        count, rate, momentum, nesterov ? 1 : 0, decay, gradient + start, mask, first,
        values + start)
    case .adam(let beta1, let beta2, let epsilon):
      guard let second = second.map({ $0.pointer + start }) else { return }
      if let cohorts {
        wbk_adam_cohorts(
          count, beta1, beta2, epsilon, decay, cohorts.cohort.pointer + start,
          cohorts.rates.pointer, cohorts.roots.pointer, gradient + start, mask, first, second,
          values + start)
      } else {
        wbk_adam(
          count, rate, beta1, beta2, epsilon, decay, Int64(step - birth), gradient + start, mask,
          first, second, values + start)
      }
    }
  }

  private func shorten(_ gradient: UnsafeMutablePointer<Float>, to longest: Double) {
    let norm = self.norm(of: gradient)
    guard norm > longest else { return }
    let factor = Float(longest / norm)
    team.share(packing.count, bytes: 8 * packing.count) { range in
      let part = gradient + range.lowerBound
      wbk_scale(Int64(range.count), factor, part, part)
    }
  }

  /// Of the parameters that are neither masked nor frozen.
  private func norm(of gradient: UnsafePointer<Float>) -> Double {
    let mask = packing.trainedMask?.pointer
    squares.withUnsafeMutableBufferPointer { squares in
      team.share(squares.count, bytes: 4 * packing.count) { blocks in
        for block in blocks {
          let start = block * Self.block
          let count = min(Self.block, packing.count - start)
          wbk_sum_of_squares(
            Int64(count), gradient + start, mask.map { UnsafePointer($0 + start) },
            &squares[block])
        }
      }
    }
    return squares.reduce(0, +).squareRoot()
  }

  /// Gives back what it remembers.
  func release(into state: inout OptimizerState) {
    state.take(
      packing, first: first.pointer, second: second.map { UnsafePointer($0.pointer) }, step: step)
  }
}
