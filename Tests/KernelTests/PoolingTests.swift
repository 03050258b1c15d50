import CKernels
import Testing

extension Kernels {
  @Suite struct Pooling {
    static let cases = [
      PoolingCase(channels: 3, height: 6, width: 8, window: (2, 2), stride: (2, 2)),
      PoolingCase(channels: 2, height: 7, width: 7, window: (3, 3), stride: (2, 2)),
      PoolingCase(
        channels: 2, height: 7, width: 5, window: (3, 3), stride: (2, 2), padding: (1, 1)),
      PoolingCase(channels: 1, height: 7, width: 5, window: (2, 2), stride: (2, 2), roundsUp: true),
      PoolingCase(channels: 2, height: 4, width: 4, window: (4, 4), stride: (1, 1)),
      PoolingCase(channels: 2, height: 5, width: 6, window: (1, 3), stride: (3, 1)),
    ]

    /// Values of a small set, so that ties are common: the first of them wins.
    @Test(arguments: variants, cases)
    func maximum(variant: String, pooling: PoolingCase) {
      select(variant)
      defer { release() }
      let x = normals(pooling.inputCount, "x").map { ($0 * 2).rounded() - 3 }
      let dy = normals(pooling.outputCount, "dy")
      var y = [Float](repeating: .nan, count: pooling.outputCount)
      var winners = [Int32](repeating: -7, count: pooling.outputCount)
      var dx = [Float](repeating: .nan, count: pooling.inputCount)
      var shape = pooling.shape
      wbk_max_pool_forward(&shape, Int64(pooling.blocks), x, &y, &winners)
      wbk_max_pool_backward(&shape, Int64(pooling.blocks), dy, winners, &dx)

      var expected = [Float](repeating: 0, count: pooling.outputCount)
      var expectedWinners = [Int32](repeating: -1, count: pooling.outputCount)
      var gradient = [Sum](repeating: Sum(), count: pooling.inputCount)
      pooling.forEachOutput { output, base, positions in
        guard var winner = positions.first else { return }
        for position in positions.dropFirst()
        where x[base + position * lanes] > x[base + winner * lanes] {
          winner = position
        }
        expected[output] = x[base + winner * lanes]
        expectedWinners[output] = Int32(winner)
        gradient[base + winner * lanes].add(Double(dy[output]))
      }
      #expect(y == expected)
      #expect(winners == expectedWinners)
      expectClose(dx, gradient)
    }

    @Test(arguments: variants)
    func theFirstOfEqualsWins(variant: String) {
      select(variant)
      defer { release() }
      let pooling = PoolingCase(
        channels: 1, height: 2, width: 2, window: (2, 2), stride: (2, 2), blocks: 1)
      let x = [Float](repeating: -4, count: pooling.inputCount)
      var y = [Float](repeating: .nan, count: lanes)
      var winners = [Int32](repeating: -7, count: lanes)
      var dx = [Float](repeating: .nan, count: pooling.inputCount)
      var shape = pooling.shape
      wbk_max_pool_forward(&shape, 1, x, &y, &winners)
      wbk_max_pool_backward(&shape, 1, [Float](repeating: 1, count: lanes), winners, &dx)
      #expect(y == [Float](repeating: -4, count: lanes))
      #expect(winners == [Int32](repeating: 0, count: lanes))
      #expect(dx == (0..<(4 * lanes)).map { $0 < lanes ? 1 : 0 })
    }

    @Test(arguments: variants, cases)
    func average(variant: String, pooling: PoolingCase) {
      select(variant)
      defer { release() }
      let x = normals(pooling.inputCount, "x")
      let dy = normals(pooling.outputCount, "dy")
      var y = [Float](repeating: .nan, count: pooling.outputCount)
      var dx = [Float](repeating: .nan, count: pooling.inputCount)
      var shape = pooling.shape
      wbk_average_pool_forward(&shape, Int64(pooling.blocks), x, &y)
      wbk_average_pool_backward(&shape, Int64(pooling.blocks), dy, &dx)

      let area = Double(pooling.window.height * pooling.window.width)
      var means = [Sum](repeating: Sum(), count: pooling.outputCount)
      var gradient = [Sum](repeating: Sum(), count: pooling.inputCount)
      pooling.forEachOutput { output, base, positions in
        for position in positions {
          means[output].add(Double(x[base + position * lanes]) / area)
          gradient[base + position * lanes].add(Double(dy[output]) / area)
        }
      }
      expectClose(y, means)
      expectClose(dx, gradient)
    }
  }
}
