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
  private let second: FloatBuffer
  private var step: Int
  /// The squared norm of each block of the gradient.
  private var squares: [Double]

  /// The blocks of a norm: their number, and so the order of the sum, does not depend on the threads.
  private static let block = 1 << 13

  /// Goes on from `state`.
  init(_ recipe: TrainingRecipe, _ state: OptimizerState, packing: ParameterPacking, team: Team) {
    kind = recipe.optimizer
    decay = recipe.decay
    longestGradient = recipe.longestGradient
    self.packing = packing
    self.team = team
    first = FloatBuffer(count: packing.count)
    second = FloatBuffer(count: packing.count)
    step = state.step
    squares = [Double](
      repeating: 0, count: (packing.count + Self.block - 1) / Self.block)
    packing.pack(state.first, into: first.pointer)
    packing.pack(state.second, into: second.pointer)
  }

  /// One step on all `values`; masked ones stay exactly 0. A gradient that is too long is shortened
  /// in place.
  func update(
    _ values: UnsafeMutablePointer<Float>, by gradient: UnsafeMutablePointer<Float>, rate: Float
  ) {
    step += 1
    if let longestGradient { shorten(gradient, to: longestGradient) }
    let (first, second, mask) = (first.pointer, second.pointer, packing.mask?.pointer)
    team.share(packing.count, work: 8 * packing.count) { range in
      let start = range.lowerBound
      let count = Int64(range.count)
      let mask = mask.map { UnsafePointer($0 + start) }
      switch kind {
      case .sgd(let momentum, let nesterov):
        wbk_sgd(
          count, rate, momentum, nesterov ? 1 : 0, decay, gradient + start, mask, first + start,
          values + start)
      case .adam(let beta1, let beta2, let epsilon):
        wbk_adam(
          count, rate, beta1, beta2, epsilon, decay, Int64(step), gradient + start, mask,
          first + start, second + start, values + start)
      }
    }
  }

  private func shorten(_ gradient: UnsafeMutablePointer<Float>, to longest: Double) {
    let norm = self.norm(of: gradient)
    guard norm > longest else { return }
    let factor = Float(longest / norm)
    team.share(packing.count, work: 2 * packing.count) { range in
      let part = gradient + range.lowerBound
      wbk_scale(Int64(range.count), factor, part, part)
    }
  }

  /// Of the parameters that are not masked.
  private func norm(of gradient: UnsafePointer<Float>) -> Double {
    let mask = packing.mask?.pointer
    squares.withUnsafeMutableBufferPointer { squares in
      team.share(squares.count, work: packing.count) { blocks in
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
    state.take(packing, first: first.pointer, second: second.pointer, step: step)
  }
}
