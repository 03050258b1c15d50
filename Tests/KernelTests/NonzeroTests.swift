import CKernels
import Numerics
import Testing

extension Kernels {
  /// Products that leave out what is 0 of the left matrix.
  @Suite struct Nonzeros {
    struct Case: CustomTestStringConvertible {
      var rows: Int, columns: Int, inner: Int
      var density: Double
      var keeping: Float
      var testDescription: String { "\(rows)×\(inner) (\(density)) · \(inner)×\(columns)" }

      /// Sizes around those of panels and blocks; no values, some, and all of them.
      static let all: [Case] = {
        let sizes = [
          (1, 1, 1), (5, 64, 128), (7, 65, 129), (3, 16, 16), (6, 31, 300), (2, 130, 48),
          (300, 784, 128), (4, 200, 257),
        ]
        return sizes.enumerated().flatMap { number, size in
          [0, 0.2, 1].map { density in
            Case(
              rows: size.0, columns: size.1, inner: size.2, density: density,
              keeping: [0, 1, 0.25][number % 3])
          }
        }
      }()

      /// The left matrix: some rows are empty, one is full.
      var matrix: [Float] {
        var random = RandomStream(seed: 1, name: "nonzeros")
        return (0..<rows * inner).map { index in
          let value = Float(random.normal())
          let share = density == 0 || density == 1 ? density : Double(index / inner % 6) / 5
          return random.uniform() < share ? value : index.isMultiple(of: 2) ? 0 : -0
        }
      }
    }

    @Test(arguments: variants, Case.all) func areThoseOfTheMatrix(variant: String, product: Case) {
      select(variant)
      defer { release() }
      let matrix = product.matrix
      withNonzeros(of: product, matrix) { nonzeros in
        for row in 0..<product.rows {
          let expected = (0..<product.inner).filter { matrix[row * product.inner + $0] != 0 }
          let start = row * product.inner
          let found = Int(nonzeros.count[row])
          #expect((0..<found).map { Int(nonzeros.column[start + $0]) } == expected)
          #expect(
            (0..<found).map { nonzeros.values[start + $0] } == expected.map { matrix[start + $0] })
        }
      }
    }

    /// Against the dense product, whose sums run in the same order.
    @Test(arguments: variants, Case.all) func haveTheBitsOfTheProduct(
      variant: String, product: Case
    ) {
      select(variant)
      defer { release() }
      let (rows, columns, inner) = (product.rows, product.columns, product.inner)
      let a = product.matrix
      let b = normals(columns * inner, "b")
      // What must not be looked at is no number, and behind a row's columns lies what must stay.
      let width = columns + 1
      let before =
        product.keeping == 0
        ? [Float](repeating: .nan, count: rows * width) : normals(rows * width, "c")
      var scratch = [Float](repeating: .nan, count: wbk_multiply_scratch(Int64(rows), Int64(inner)))
      var expected = before
      wbk_multiply_single(
        Int64(rows), Int64(columns), Int64(inner), 1, a, Int64(inner), 1, b, 1, Int64(inner),
        product.keeping, nil, &expected, Int64(width), &scratch)
      var found = before
      withNonzeros(of: product, a) { nonzeros in
        withUnsafePointer(to: nonzeros) {
          wbk_multiply_nonzeros(
            $0, Int64(columns), b, product.keeping, &found, Int64(width), &scratch)
        }
      }
      #expect(found.map(\.bitPattern) == expected.map(\.bitPattern))
    }

    /// Sizes of a gradient, units × lanes, and of the layer's inputs, around those of panels and blocks.
    static let gradients = [
      (1, 16, 1, 0.5), (100, 128, 300, 0.2), (300, 32, 70, 0.3), (129, 48, 64, 1), (5, 16, 33, 0),
    ]

    /// As rows of the transposed matrix, with a result that lies transposed, too: the bits of Wᵀ · gradient.
    @Test(arguments: variants, gradients)
    func haveTheBitsOfTheTransposedProduct(
      variant: String, size: (units: Int, lanes: Int, inputs: Int, density: Double)
    ) {
      select(variant)
      defer { release() }
      let (units, lanes, inputs) = (size.units, size.lanes, size.inputs)
      var random = RandomStream(seed: 2, name: "gradient")
      let gradient = (0..<units * lanes).map { _ in
        random.uniform() < size.density ? Float(random.normal()) : 0
      }
      let weights = normals(units * inputs, "weights")
      var scratch = [Float](
        repeating: .nan,
        count: wbk_multiply_scratch(Int64(max(8, inputs)), Int64(WBK_PRODUCT_DEPTH)))
      var expected = [Float](repeating: .nan, count: inputs * lanes)
      wbk_multiply_single(
        Int64(inputs), Int64(lanes), Int64(units), 1, weights, 1, Int64(inputs), gradient,
        Int64(lanes), 1, 0, nil, &expected, Int64(lanes), &scratch)
      var count = [Int32](repeating: -1, count: lanes)
      var column = [Int32](repeating: -1, count: units * lanes)
      var values = [Float](repeating: .nan, count: units * lanes)
      let middle = lanes / 32 * 16
      for part in [middle..<lanes, 0..<middle] {
        wbk_nonzeros_of_transposed(
          Int64(part.lowerBound), Int64(part.upperBound), Int64(units), Int64(lanes), gradient,
          &count, &column, &values)
      }
      #expect(count.map(Int.init).reduce(0, +) == gradient.count { $0 != 0 })
      var found = [Float](repeating: .nan, count: inputs * lanes)
      withNonzeros(rows: lanes, columns: units, count, column, values) { nonzeros in
        withUnsafePointer(to: nonzeros) {
          wbk_multiply_nonzeros_transposed(
            $0, Int64(inputs), weights, Int64(inputs), &found, &scratch)
        }
      }
      #expect(found.map(\.bitPattern) == expected.map(\.bitPattern))
    }

    /// The rows' values, found in two parts.
    private func withNonzeros(of product: Case, _ matrix: [Float], _ body: (wbk_nonzeros) -> Void) {
      let (rows, inner) = (product.rows, product.inner)
      var count = [Int32](repeating: -1, count: rows)
      var column = [Int32](repeating: -1, count: rows * inner)
      var values = [Float](repeating: .nan, count: rows * inner)
      for part in [rows / 3..<rows, 0..<rows / 3] {
        wbk_nonzeros_of(
          Int64(part.lowerBound), Int64(part.upperBound), Int64(inner), matrix, &count, &column,
          &values)
      }
      withNonzeros(rows: rows, columns: inner, count, column, values, body)
    }

    private func withNonzeros(
      rows: Int, columns: Int, _ count: [Int32], _ column: [Int32], _ values: [Float],
      _ body: (wbk_nonzeros) -> Void
    ) {
      count.withUnsafeBufferPointer { count in
        column.withUnsafeBufferPointer { column in
          values.withUnsafeBufferPointer { values in
            guard let count = count.baseAddress, let column = column.baseAddress,
              let values = values.baseAddress
            else { return }
            body(
              wbk_nonzeros(
                rows: Int64(rows), columns: Int64(columns), count: count, column: column,
                values: values))
          }
        }
      }
    }
  }
}
