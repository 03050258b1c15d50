import CKernels
import Numerics
import Testing

extension Kernels {
  @Suite struct Products {
    /// One product: sizes, which side is transposed, and what the result starts from.
    struct Case: CustomTestStringConvertible {
      var rows: Int, columns: Int, inner: Int
      var transposesA = false, transposesB = false
      var factor = 1.0, keeping = 0.0
      var starts = false

      var testDescription: String {
        "\(rows)×\(inner)\(transposesA ? "ᵀ" : "") · \(inner)×\(columns)\(transposesB ? "ᵀ" : "")"
      }

      /// Sizes around those of tiles, panels, blocks and bands, and at random.
      static let all: [Case] = {
        var cases: [Case] = []
        var random = RandomStream(seed: 1, name: "products")
        let sizes = [
          (1, 1, 1), (6, 64, 128), (7, 65, 129), (5, 16, 1), (300, 10, 3), (241, 33, 257),
          (13, 600, 40), (2, 3, 0),
        ]
        let some =
          sizes
          + (0..<8).map { _ in
            (
              1 + random.index(below: 70), 1 + random.index(below: 200),
              1 + random.index(below: 300)
            )
          }
        for (number, (rows, columns, inner)) in some.enumerated() {
          for (transposesA, transposesB) in [
            (false, false), (true, false), (false, true), (true, true),
          ] {
            cases.append(
              Case(
                rows: rows, columns: columns, inner: inner, transposesA: transposesA,
                transposesB: transposesB, factor: number.isMultiple(of: 2) ? 1 : -0.5,
                keeping: [0, 1, 0.25][number % 3], starts: number.isMultiple(of: 2)))
          }
        }
        return cases
      }()
    }

    @Test(arguments: variants, Case.all) func single(variant: String, product: Case) {
      select(variant)
      defer { release() }
      check(product, Float.self, relative: 3e-6) {
        rows, a, aStrides, b, bStrides, start, c, scratch in
        wbk_multiply_single(
          rows, Int64(product.columns), Int64(product.inner), Float(product.factor), a, aStrides.0,
          aStrides.1, b, bStrides.0, bStrides.1, Float(product.keeping), start, c,
          Int64(product.columns + 1), scratch)
      }
    }

    @Test(arguments: variants, Case.all) func double(variant: String, product: Case) {
      select(variant)
      defer { release() }
      check(product, Double.self, relative: 1e-14) {
        rows, a, aStrides, b, bStrides, start, c, scratch in
        wbk_multiply_double(
          rows, Int64(product.columns), Int64(product.inner), product.factor, a, aStrides.0,
          aStrides.1, b, bStrides.0, bStrides.1, product.keeping, start, c,
          Int64(product.columns + 1), scratch)
      }
    }

    @Test(arguments: variants, [(1, 1), (3, 15), (4, 16), (10, 100), (37, 33)])
    func vector(variant: String, size: (rows: Int, inner: Int)) {
      select(variant)
      defer { release() }
      let a = normals(size.rows * size.inner, "a")
      let (x, start) = (normals(size.inner, "x"), normals(size.rows, "start"))
      var y = [Float](repeating: .nan, count: size.rows + 1)
      wbk_multiply_vector(Int64(size.rows), Int64(size.inner), a, start, x, &y)
      let expected = (0..<size.rows).map { row in
        var sum = Sum()
        sum.add(Double(start[row]))
        for k in 0..<size.inner { sum.add(Double(a[row * size.inner + k]) * Double(x[k])) }
        return sum
      }
      #expect(y[size.rows].isNaN)
      expectClose(Array(y.dropLast()), expected)
    }

    private typealias Multiply<Real> = (
      _ rows: Int64, _ a: UnsafePointer<Real>, _ aStrides: (Int64, Int64),
      _ b: UnsafePointer<Real>, _ bStrides: (Int64, Int64), _ start: UnsafePointer<Real>?,
      _ c: UnsafeMutablePointer<Real>, _ scratch: UnsafeMutablePointer<Real>
    ) -> Void

    /// Whole, and its rows in two parts: the same bits; nothing behind the last column is touched.
    private func check<Real: BinaryFloatingPoint>(
      _ product: Case, _ type: Real.Type, relative: Double, _ multiply: Multiply<Real>
    ) {
      let (rows, columns, inner) = (product.rows, product.columns, product.inner)
      func numbers(_ count: Int, _ name: String) -> [Real] {
        var random = RandomStream(seed: 1, name: name)
        return (0..<count).map { _ in Real(random.normal()) }
      }
      let (a, b) = (numbers(rows * inner, "a"), numbers(inner * columns, "b"))
      let start = numbers(rows, "start")
      // What must not be looked at is no number.
      let before =
        product.keeping == 0
        ? [Real](repeating: .nan, count: rows * (columns + 1)) : numbers(rows * (columns + 1), "c")
      let aStrides = product.transposesA ? (1, Int64(rows)) : (Int64(inner), 1)
      let bStrides = product.transposesB ? (1, Int64(inner)) : (Int64(columns), 1)
      func run(_ parts: [Range<Int>]) -> [Real] {
        var c = before
        for part in parts {
          var scratch = [Real](
            repeating: .nan, count: wbk_multiply_scratch(Int64(part.count), Int64(inner)))
          a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
              start.withUnsafeBufferPointer { start in
                c.withUnsafeMutableBufferPointer { c in
                  guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress,
                    let start = start.baseAddress
                  else { return }
                  multiply(
                    Int64(part.count), a + part.lowerBound * Int(aStrides.0), aStrides, b, bStrides,
                    product.starts ? start + part.lowerBound : nil,
                    c + part.lowerBound * (columns + 1), &scratch)
                }
              }
            }
          }
        }
        return c
      }
      let whole = run([0..<rows])
      var expected: [Sum] = []
      for row in 0..<rows {
        for column in 0..<columns {
          var sum = Sum()
          if product.starts { sum.add(Double(start[row])) }
          if product.keeping != 0 {
            sum.add(product.keeping * Double(before[row * (columns + 1) + column]))
          }
          for k in 0..<inner {
            let left = a[row * Int(aStrides.0) + k * Int(aStrides.1)]
            let right = b[k * Int(bStrides.0) + column * Int(bStrides.1)]
            sum.add(product.factor * Double(left) * Double(right))
          }
          expected.append(sum)
        }
      }
      var kept: [Double] = []
      for row in 0..<rows {
        let first = row * (columns + 1)
        for at in first..<first + columns { kept.append(Double(whole[at])) }
      }
      expectClose(kept, expected, relative: relative)
      for row in 0..<rows {
        let at = row * (columns + 1) + columns
        #expect(whole[at] == before[at] || (whole[at].isNaN && before[at].isNaN))
      }
      let halves = run([0..<rows / 3, rows / 3..<rows])
      #expect(zip(whole, halves).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
    }
  }
}
