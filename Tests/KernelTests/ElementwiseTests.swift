import CKernels
import Foundation
import Testing

extension Kernels {
  @Suite struct Elementwise {
    /// Whole vectors, remainders, and nothing at all.
    static let counts = [0, 1, 15, 16, 17, 64, 1003]

    /// A grid over the range of interest, its neighbourhood of 0, and the extremes.
    private var arguments: [Float] {
      var values = stride(from: -20 as Float, through: 20, by: 0.0137).map { $0 }
      values += stride(from: -1 as Float, through: 1, by: 0.00091).map { $0 * $0 * $0 }
      values += [0, -0.0, 1e-30, -1e-30, 0.625, 0.62499994, 88, -88, 1e4, -1e4]
      values += [.greatestFiniteMagnitude, -.greatestFiniteMagnitude, .infinity, -.infinity]
      return values
    }

    @Test(arguments: variants)
    func activations(variant: String) {
      select(variant)
      defer { release() }
      let x = arguments
      let count = Int64(x.count)
      var y = x
      wbk_tanh(count, x, &y)
      expectClose(y, x.map { tanh(Double($0)) }, relative: 4e-7)
      wbk_relu(count, x, &y)
      #expect(y == x.map { max($0, 0) })
      // Beyond -87 the result is below every normal number; it may be 0.
      wbk_sigmoid(count, x, &y)
      let references = x.map { x in
        let value = 1 / (1 + exp(-Double(x)))
        return Sum(value: value, magnitude: value + 1e-31)
      }
      expectClose(y, references, relative: 4e-7)
    }

    /// A diverged network must show.
    @Test(arguments: variants)
    func notANumberPasses(variant: String) {
      select(variant)
      defer { release() }
      let x = [Float](repeating: .nan, count: 17)
      var y = [Float](repeating: 0, count: 17)
      for function in [wbk_relu, wbk_tanh, wbk_sigmoid, wbk_sign] {
        y = [Float](repeating: 0, count: 17)
        function(17, x, &y)
        #expect(y.allSatisfy { $0.isNaN })
      }
    }

    @Test(arguments: variants, counts)
    func gradients(variant: String, count: Int) {
      select(variant)
      defer { release() }
      let y = normals(count, "y")
      let dy = normals(count, "dy")
      var dx = [Float](repeating: .nan, count: count)
      wbk_relu_gradient(Int64(count), y, dy, &dx)
      #expect(dx == zip(y, dy).map { $0 > 0 ? $1 : 0 })
      wbk_tanh_gradient(Int64(count), y, dy, &dx)
      expectClose(
        dx,
        zip(y, dy).map { y, dy in
          let square = Double(y) * Double(y)
          return Sum(
            value: Double(dy) * (1 - square), magnitude: abs(Double(dy)) * (1 + square))
        })
      wbk_sigmoid_gradient(Int64(count), y, dy, &dx)
      expectClose(
        dx,
        zip(y, dy).map { y, dy in
          let square = Double(y) * Double(y)
          return Sum(
            value: Double(dy) * (Double(y) - square),
            magnitude: abs(Double(dy)) * (abs(Double(y)) + square))
        })
      // In place.
      var gradient = dy
      gradient.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        wbk_relu_gradient(Int64(count), y, base, base)
      }
      #expect(gradient == zip(y, dy).map { $0 > 0 ? $1 : 0 })
    }

    @Test(arguments: variants)
    func straightThrough(variant: String) {
      select(variant)
      defer { release() }
      let x: [Float] = [-2, -1.0000001, -1, -0.5, -0.0, 0, 1e-30, 1, 1.0000001, 7] + arguments
      var y = x
      wbk_sign(Int64(x.count), x, &y)
      #expect(y == x.map { $0 < 0 ? -1 : 1 })
      wbk_binarize(Int64(x.count), x, &y)
      #expect(y == x.map { $0 == 0 ? 0 : $0 < 0 ? -1 : 1 })
      wbk_clamp(Int64(x.count), 1.5, x, &y)
      #expect(y == x.map { min(max($0, -1.5), 1.5) })
      let dy = normals(x.count, "dy")
      var dx = [Float](repeating: .nan, count: x.count)
      wbk_sign_gradient(Int64(x.count), x, dy, &dx)
      #expect(dx == zip(x, dy).map { abs($0) <= 1 ? $1 : 0 })
    }

    @Test(arguments: variants)
    func dropout(variant: String) {
      select(variant)
      defer { release() }
      let count = 100_003
      let x = normals(count, "x").map { $0 == 0 ? 1 : $0 }
      func run(_ key: UInt64, _ rate: Double) -> [Float] {
        var y = x
        // In parts of any length, as threads share them.
        y.withUnsafeMutableBufferPointer { y in
          guard let base = y.baseAddress else { return }
          for (start, end) in [(0, 17), (17, 40_000), (40_000, count)] {
            wbk_dropout(
              Int64(end - start), Int64(start), key, UInt32(rate * 4_294_967_296), 1.25,
              base + start, base + start)
          }
        }
        return y
      }
      for rate in [0, 0.1, 0.5, 0.9] {
        let y = run(42, rate)
        #expect(zip(x, y).allSatisfy { $1 == 0 || $1 == 1.25 * $0 })
        let share = Double(y.count { $0 == 0 }) / Double(count)
        #expect(abs(share - rate) <= 4 * (rate * (1 - rate) / Double(count)).squareRoot())
        #expect(y == run(42, rate))
      }
      // Other keys and neighbours choose as if by themselves.
      let (first, second) = (run(1, 0.5).map { $0 == 0 }, run(2, 0.5).map { $0 == 0 })
      let agreements = zip(first, second).count { $0 == $1 }
      let neighbours = zip(first, first.dropFirst()).count { $0 == $1 }
      for found in [agreements, neighbours] {
        #expect(abs(Double(found) / Double(count) - 0.5) < 2 / Double(count).squareRoot())
      }
    }

    @Test(arguments: variants, counts)
    func arithmetic(variant: String, count: Int) {
      select(variant)
      defer { release() }
      let a = normals(count, "a")
      let b = normals(count, "b")
      let factor: Float = -1.7
      func sum(_ first: Float, _ second: Float) -> Sum {
        var sum = Sum()
        sum.add(Double(first))
        sum.add(Double(factor) * Double(second))
        return sum
      }
      // The values behind the last one belong to somebody else.
      var y = a + [7]
      wbk_add_scaled(Int64(count), factor, b, &y)
      expectClose(Array(y.dropLast()), zip(a, b).map(sum))
      wbk_sum_scaled(Int64(count), a, factor, b, &y)
      expectClose(Array(y.dropLast()), zip(a, b).map(sum))
      let sums = Array(y.dropLast())
      wbk_sum_scaled_relu(Int64(count), a, factor, b, &y)
      #expect(Array(y.dropLast()) == sums.map { max(0, $0) })
      for rectifies in [false, true] {
        var skip = a + [7]
        var branch = a + [7]
        let slopes = zip(sums, b).map { rectifies && $0 <= 0 ? 0 : $1 }
        if rectifies {
          wbk_sum_scaled_gradient(Int64(count), factor, sums, b, &skip, &branch)
        } else {
          wbk_sum_scaled_gradient(Int64(count), factor, nil, b, &skip, &branch)
        }
        #expect(skip == slopes + [7])
        #expect(branch == slopes.map { factor * $0 } + [7])
      }
      wbk_scale(Int64(count), factor, a, &y)
      #expect(Array(y.dropLast()) == a.map { factor * $0 })
      wbk_square(Int64(count), a, &y)
      #expect(Array(y.dropLast()) == a.map { $0 * $0 })
      y = a + [7]
      wbk_add_square(Int64(count), b, &y)
      expectClose(
        Array(y.dropLast()),
        zip(a, b).map { first, second in
          var sum = Sum()
          sum.add(Double(first))
          sum.add(Double(second) * Double(second))
          return sum
        })
      #expect(y.last == 7)
    }
  }
}
