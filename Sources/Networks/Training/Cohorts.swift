import CKernels
import Foundation

/// Packed parameters by the step at which they began, for Adam's bias correction.
///
/// The correction makes up for moments that began at 0 (Kingma & Ba 2015, section 3). One for the
/// steps of the whole training would leave the first moment of a parameter that began late ten times
/// too small, and its second one a thousand times.
final class Cohorts {
  /// For each packed parameter the number of its cohort.
  let cohort: Buffer<Int32>
  /// Of each cohort: the learning rate and the root's factor with the correction in them.
  let rates: FloatBuffer
  let roots: FloatBuffer
  /// The step at which each cohort began, rising.
  private let births: [Int]

  /// - Returns: the step at which all parameters began, and cohorts where they began at different ones.
  static func all(
    of state: OptimizerState, _ packing: ParameterPacking
  ) -> (birth: Int, cohorts: Cohorts?) {
    guard !state.births.isEmpty else { return (0, nil) }
    let births = Buffer<Int32>(count: packing.count)
    packing.pack(state.births, into: births.pointer)
    // What is masked or frozen takes no step; its birth would only make a cohort more.
    let mask = packing.trainedMask?.pointer
    var occurs = [Bool](repeating: false, count: state.step + 1)
    for place in 0..<packing.count where mask.map({ $0[place] != 0 }) ?? true {
      occurs[Int(births.pointer[place])] = true
    }
    let distinct = occurs.indices.filter { occurs[$0] }
    guard distinct.count > 1 else { return (distinct.first ?? 0, nil) }
    return (0, Cohorts(births, distinct, steps: state.step))
  }

  private init(_ birth: Buffer<Int32>, _ births: [Int], steps: Int) {
    self.births = births
    rates = FloatBuffer(count: births.count)
    roots = FloatBuffer(count: births.count)
    var numbers = [Int32](repeating: 0, count: steps + 1)
    for (number, birth) in births.enumerated() { numbers[birth] = Int32(number) }
    for place in 0..<birth.count { birth.pointer[place] = numbers[Int(birth.pointer[place])] }
    cohort = birth
  }

  /// Computes the factors of one step, as ``wbk_adam(_:_:_:_:_:_:_:_:_:_:_:_:)`` does for one age.
  func prepare(step: Int, rate: Float, beta1: Float, beta2: Float) {
    for (number, birth) in births.enumerated() {
      let age = Double(step - birth)
      let correction1 = 1 - pow(Double(beta1), age)
      let correction2 = 1 - pow(Double(beta2), age)
      rates.pointer[number] = Float(Double(rate) / correction1)
      roots.pointer[number] = Float(1 / correction2.squareRoot())
    }
  }
}
