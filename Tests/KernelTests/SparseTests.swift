import CKernels
import Testing

extension Kernels {
  @Suite struct Sparse {
    static let shapes = [(1, 1), (3, 7), (10, 100), (37, 50), (64, 19)]
    static let densities = [0, 0.03, 0.3, 1]
    static let laneCounts = [1, 16, 32, 48, 80, 128, 304]

    @Test(arguments: variants, laneCounts)
    func forwardOfDenseLayers(variant: String, lanes: Int) {
      select(variant)
      defer { release() }
      for (rows, columns) in Self.shapes {
        for density in Self.densities {
          let structure = SparseStructure(rows: rows, columns: columns, density: density)
          let values = normals(structure.count, "values")
          let x = normals(columns * lanes, "x")
          let bias = normals(rows, "bias")
          var y = [Float](repeating: .nan, count: rows * lanes)
          let middle = Int64(rows / 2)
          structure.with { matrix in
            let some = Int64(lanes / 32 * 16), all = Int64(lanes)
            wbk_sparse_forward(matrix, values, bias, 0, middle, all, all, x, &y)
            wbk_sparse_forward(matrix, values, bias, middle, Int64(rows), some, all, x, &y)
            y.withUnsafeMutableBufferPointer { y in
              x.withUnsafeBufferPointer { x in
                guard let x = x.baseAddress, let y = y.baseAddress else { return }
                wbk_sparse_forward(
                  matrix, values, bias, middle, Int64(rows), all - some, all, x + Int(some),
                  y + Int(some))
              }
            }
          }
          var expected = [Sum](repeating: Sum(), count: rows * lanes)
          for row in 0..<rows {
            for lane in 0..<lanes {
              expected[row * lanes + lane].add(Double(bias[row]))
              for entry in Int(structure.start[row])..<Int(structure.start[row + 1]) {
                let input = x[Int(structure.column[entry]) * lanes + lane]
                expected[row * lanes + lane].add(Double(values[entry]) * Double(input))
              }
            }
          }
          expectClose(y, expected)

          var half = y
          structure.with {
            wbk_sparse_forward(
              $0, values, nil, 0, Int64(rows), Int64(lanes), Int64(lanes), x, &half)
          }
          for row in 0..<rows {
            for lane in 0..<lanes { expected[row * lanes + lane].add(-Double(bias[row])) }
          }
          expectClose(half, expected)
        }
      }
    }

    @Test(arguments: variants, laneCounts.dropFirst())
    func weightGradientOfDenseLayers(variant: String, lanes: Int) {
      select(variant)
      defer { release() }
      for (rows, columns) in Self.shapes {
        for density in Self.densities {
          let structure = SparseStructure(rows: rows, columns: columns, density: density)
          let x = normals(columns * lanes, "x")
          let dy = normals(rows * lanes, "dy")
          var gradient = [Float](repeating: .nan, count: structure.count + 1)
          let middle = Int64(rows / 3)
          structure.with { matrix in
            wbk_sparse_weight_gradient(matrix, middle, Int64(rows), Int64(lanes), x, dy, &gradient)
            wbk_sparse_weight_gradient(matrix, 0, middle, Int64(lanes), x, dy, &gradient)
          }
          let expected = structure.places.map { place in
            var sum = Sum()
            for lane in 0..<lanes {
              sum.add(
                Double(dy[place / columns * lanes + lane])
                  * Double(x[place % columns * lanes + lane]))
            }
            return sum
          }
          #expect(gradient[structure.count].isNaN)
          expectClose(Array(gradient.dropLast()), expected)
        }
      }
    }

    @Test(arguments: variants, [(1, 1), (16, 32), (21, 70)])
    func slotsOfASingleSample(variant: String, size: (rows: Int, columns: Int)) {
      select(variant)
      defer { release() }
      for density in Self.densities {
        let structure = SparseStructure(rows: size.rows, columns: size.columns, density: density)
        let values = normals(structure.count, "values")
        let bias = normals(size.rows, "bias")
        let segments = (size.columns + 31) / 32
        // What no live weight meets is no number.
        var x = [Float](repeating: .nan, count: segments * 32)
        for (column, value) in zip(structure.column, normals(structure.count, "x")) {
          x[Int(column)] = value
        }
        // A step for every place of a segment: more than needed, and many with nothing live.
        var (start, segment, live): ([Int32], [Int32], [UInt16]) = ([0], [], [])
        var (place, slots): ([UInt8], [Float]) = ([], [])
        let dense = structure.dense(values)
        let isLive = Set(structure.places)
        for first in stride(from: 0, to: size.rows, by: 16) {
          for column in 0..<size.columns {
            segment.append(Int32(column / 32))
            live.append(0)
            for lane in 0..<16 {
              let at = (first + lane) * size.columns + column
              let meets = first + lane < size.rows && isLive.contains(at)
              place.append(meets ? UInt8(column % 32) : 0)
              slots.append(meets ? dense[at] : 0)
              if meets { live[live.count - 1] |= 1 << UInt16(lane) }
            }
          }
          start.append(Int32(segment.count))
        }
        var y = [Float](repeating: .nan, count: size.rows + 1)
        start.withUnsafeBufferPointer { start in
          segment.withUnsafeBufferPointer { segment in
            live.withUnsafeBufferPointer { live in
              place.withUnsafeBufferPointer { place in
                guard let start = start.baseAddress, let segment = segment.baseAddress,
                  let live = live.baseAddress, let place = place.baseAddress
                else { return }
                var matrix = wbk_sparse_slots(
                  rows: Int64(size.rows), start: start, segment: segment, live: live, place: place)
                wbk_sparse_single(&matrix, slots, bias, x, &y)
              }
            }
          }
        }
        var expected = bias.map { Sum(value: Double($0), magnitude: abs(Double($0))) }
        for (number, place) in structure.places.enumerated() {
          expected[place / size.columns].add(
            Double(values[number]) * Double(x[place % size.columns]))
        }
        #expect(y[size.rows].isNaN)
        expectClose(Array(y.dropLast()), expected)
      }
    }

    @Test(arguments: variants) func take(variant: String) {
      select(variant)
      defer { release() }
      let values = normals(41, "values")
      let order = (0..<41).map { Int32($0 * 17 % 41) }
      var taken = [Float](repeating: 0, count: 41)
      wbk_take(41, order, values, &taken)
      #expect(taken == order.map { values[Int($0)] })
    }
  }
}
