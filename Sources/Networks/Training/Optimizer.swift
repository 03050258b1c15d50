import CKernels
import Numerics

/// An optimiser at work on the packed parameters of an executor, in one pass over them a step.
final class Optimizer {
  private let kind: OptimizerKind
  private let decay: Float
  private let packing: ParameterPacking
  private let team: Team
  private let first: FloatBuffer
  private let second: FloatBuffer
  private var step: Int

  /// Goes on from `state`.
  init(_ recipe: TrainingRecipe, _ state: OptimizerState, packing: ParameterPacking, team: Team) {
    kind = recipe.optimizer
    decay = recipe.decay
    self.packing = packing
    self.team = team
    first = FloatBuffer(count: packing.count)
    second = FloatBuffer(count: packing.count)
    step = state.step
    packing.pack(state.first, into: first.pointer)
    packing.pack(state.second, into: second.pointer)
  }

  /// One step on all `values`; masked ones stay exactly 0.
  func update(
    _ values: UnsafeMutablePointer<Float>, by gradient: UnsafePointer<Float>, rate: Float
  ) {
    step += 1
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

  /// Gives back what it remembers.
  func release(into state: inout OptimizerState) {
    state.take(packing, first: first.pointer, second: second.pointer, step: step)
  }
}
