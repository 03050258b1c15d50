import CKernels
import Foundation
import Testing

extension Kernels {
  @Suite struct Optimisers {
    private static let count = 83
    private let mask = (0..<count).map { $0 % 3 == 0 ? Float(0) : 1 }
    private var start: [Float] { zip(Kernels.normals(Self.count, "weights"), mask).map { $0 * $1 } }

    private func gradient(_ step: Int) -> [Float] {
      Kernels.normals(Self.count, "gradient", seed: UInt64(step))
    }

    @Test(arguments: variants, [0 as Int32, 1])
    func momentum(variant: String, nesterov: Int32) {
      select(variant)
      defer { release() }
      var weights = start
      var velocity = [Float](repeating: 0, count: Self.count)
      var expected = weights.map(Double.init)
      var moving = [Double](repeating: 0, count: Self.count)
      for step in 1...100 {
        let gradient = gradient(step)
        wbk_sgd(
          Int64(Self.count), 0.05, 0.9, nesterov, 1e-2, gradient, mask, &velocity, &weights)
        for i in expected.indices {
          let slope = Double(gradient[i]) + 1e-2 * expected[i]
          let moved = 0.9 * moving[i] + slope
          let direction = nesterov == 1 ? slope + 0.9 * moved : moved
          moving[i] = Double(mask[i]) * moved
          expected[i] = Double(mask[i]) * (expected[i] - 0.05 * direction)
        }
        for i in weights.indices where mask[i] == 0 {
          #expect(weights[i] == 0 && velocity[i] == 0)
        }
      }
      expectClose(
        weights, expected.map { Sum(value: $0, magnitude: abs($0) + 5) }, relative: 1e-5)
      expectClose(
        velocity, moving.map { Sum(value: $0, magnitude: abs($0) + 5) }, relative: 1e-5)
    }

    @Test(arguments: variants, [1, 16, 83])
    func sumOfSquaresLeavesOutWhatIsMasked(variant: String, count: Int) {
      select(variant)
      defer { release() }
      let x = gradient(1)
      var (all, live) = (0.0, 0.0)
      wbk_sum_of_squares(Int64(count), x, nil, &all)
      wbk_sum_of_squares(Int64(count), x, mask, &live)
      let squares = x.prefix(count).map { Double($0) * Double($0) }
      #expect(abs(all - squares.reduce(0, +)) <= 1e-13 * all)
      let expected = zip(squares, mask).reduce(0) { $0 + ($1.1 == 0 ? 0 : $1.0) }
      #expect(abs(live - expected) <= 1e-13 * live)
    }

    @Test(arguments: variants)
    func adam(variant: String) {
      select(variant)
      defer { release() }
      var weights = start
      var first = [Float](repeating: 0, count: Self.count)
      var second = first
      var expected = weights.map(Double.init)
      var mean = [Double](repeating: 0, count: Self.count)
      var square = mean
      for step in 1...100 {
        let gradient = gradient(step)
        wbk_adam(
          Int64(Self.count), 0.01, 0.9, 0.999, 1e-8, 1e-2, Int64(step), gradient, mask, &first,
          &second, &weights)
        for i in expected.indices {
          let slope = Double(gradient[i]) + 1e-2 * expected[i]
          mean[i] = Double(mask[i]) * (0.9 * mean[i] + 0.1 * slope)
          square[i] = Double(mask[i]) * (0.999 * square[i] + 0.001 * slope * slope)
          let corrected = mean[i] / (1 - pow(0.9, Double(step)))
          let scale = (square[i] / (1 - pow(0.999, Double(step)))).squareRoot() + 1e-8
          expected[i] = Double(mask[i]) * (expected[i] - 0.01 * corrected / scale)
        }
        for i in weights.indices where mask[i] == 0 {
          #expect(weights[i] == 0 && first[i] == 0 && second[i] == 0)
        }
      }
      expectClose(
        weights, expected.map { Sum(value: $0, magnitude: abs($0) + 1) }, relative: 2e-5)
    }

    private static let ages = [90, 30, 7, 0]

    /// Rates and roots of cohorts at a step, of which each began so many steps earlier.
    private func factors(_ step: Int, rate: Float) -> (rates: [Float], roots: [Float]) {
      let ages = Self.ages.map { Double($0 + step) }
      return (
        ages.map { Float(Double(rate) / (1 - pow(Double(Float(0.9)), $0))) },
        ages.map { Float(1 / (1 - pow(Double(Float(0.999)), $0)).squareRoot()) }
      )
    }

    @Test(arguments: variants, [nil, 0 as Float])
    func adamOfSeveralAges(variant: String, masked: Float?) {
      select(variant)
      defer { release() }
      let mask = masked == nil ? [Float](repeating: 1, count: Self.count) : self.mask
      let cohort = (0..<Self.count).map { Int32($0 * 7 % Self.ages.count) }
      var weights = zip(Kernels.normals(Self.count, "weights"), mask).map { $0 * $1 }
      var first = [Float](repeating: 0, count: Self.count)
      var second = first
      var expected = weights.map(Double.init)
      var mean = [Double](repeating: 0, count: Self.count)
      var square = mean
      for step in 1...50 {
        let gradient = gradient(step)
        let (rates, roots) = factors(step, rate: 0.01)
        mask.withUnsafeBufferPointer {
          wbk_adam_cohorts(
            Int64(Self.count), 0.9, 0.999, 1e-8, 1e-2, cohort, rates, roots, gradient,
            masked == nil ? nil : $0.baseAddress, &first, &second, &weights)
        }
        for i in expected.indices {
          let age = Double(Self.ages[Int(cohort[i])] + step)
          let slope = Double(gradient[i]) + 1e-2 * expected[i]
          mean[i] = Double(mask[i]) * (0.9 * mean[i] + 0.1 * slope)
          square[i] = Double(mask[i]) * (0.999 * square[i] + 0.001 * slope * slope)
          let corrected = mean[i] / (1 - pow(0.9, age))
          let scale = (square[i] / (1 - pow(0.999, age))).squareRoot() + 1e-8
          expected[i] = Double(mask[i]) * (expected[i] - 0.01 * corrected / scale)
        }
        for i in weights.indices where mask[i] == 0 {
          #expect(weights[i] == 0 && first[i] == 0 && second[i] == 0)
        }
      }
      expectClose(
        weights, expected.map { Sum(value: $0, magnitude: abs($0) + 1) }, relative: 2e-5)
    }

    /// A cohort is computed as if it were alone, in every bit.
    @Test(arguments: variants, [1, 15, 16, 83])
    func aCohortIsAsAllOfOneAge(variant: String, count: Int) {
      select(variant)
      defer { release() }
      let cohort = (0..<count).map { Int32($0 % Self.ages.count) }
      for (number, age) in Self.ages.enumerated() {
        var alone = (weights: start, first: gradient(8), second: gradient(9).map(abs))
        var mixed = alone
        for step in 1...5 {
          let (rates, roots) = factors(step, rate: 0.01)
          wbk_adam(
            Int64(count), 0.01, 0.9, 0.999, 1e-8, 1e-2, Int64(age + step), gradient(step), mask,
            &alone.first, &alone.second, &alone.weights)
          wbk_adam_cohorts(
            Int64(count), 0.9, 0.999, 1e-8, 1e-2, cohort, rates, roots, gradient(step), mask,
            &mixed.first, &mixed.second, &mixed.weights)
        }
        for i in 0..<count where cohort[i] == number {
          #expect(mixed.weights[i] == alone.weights[i])
          #expect(mixed.first[i] == alone.first[i] && mixed.second[i] == alone.second[i])
        }
        #expect(mixed.weights[count...] == start[count...])
      }
    }

    @Test(arguments: variants)
    func aMaskedWeightOutlivesABadGradient(variant: String) {
      select(variant)
      defer { release() }
      var weights = start
      var velocity = [Float](repeating: 0, count: Self.count)
      let gradient = mask.map { $0 == 0 ? Float.infinity : 0.5 }
      for _ in 0..<2 {
        wbk_sgd(Int64(Self.count), 0.1, 0.9, 1, 0.1, gradient, mask, &velocity, &weights)
      }
      #expect(weights.indices.allSatisfy { mask[$0] == 1 || weights[$0] == 0 })
      #expect(weights.allSatisfy { $0.isFinite })
    }
  }
}
