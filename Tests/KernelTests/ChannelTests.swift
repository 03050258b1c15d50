import CKernels
import Testing

extension Kernels {
  @Suite struct Channels {
    static let cases = [
      ChannelCase(blocks: 1, channels: 1, plane: 1, lanes: 16, valid: 16),
      ChannelCase(blocks: 3, channels: 5, plane: 7, lanes: 16, valid: 37),
      ChannelCase(blocks: 2, channels: 3, plane: 4, lanes: 16, valid: 1),
      ChannelCase(blocks: 1, channels: 9, plane: 1, lanes: 48, valid: 33),
      ChannelCase(blocks: 1, channels: 2, plane: 1, lanes: 64, valid: 16),
    ]

    @Test(arguments: variants, cases)
    func sumsAndAffineMaps(variant: String, shape: ChannelCase) {
      select(variant)
      defer { release() }
      let x = normals(shape.count, "x")
      let bias = normals(shape.channels, "bias")
      let start = normals(shape.channels, "start")
      let (blocks, channels, plane, lanes) = shape.sizes
      var sums = start
      wbk_channel_sum(blocks, channels, plane, lanes, x, &sums)
      expectClose(sums, adding(start, shape.sums { Double(x[$0]) }))

      var squares = start
      wbk_channel_sum_squared(blocks, channels, plane, lanes, x, &squares)
      expectClose(squares, adding(start, shape.squaredSums(x)))

      var affine = x
      wbk_channel_affine(blocks, channels, plane, lanes, bias, start, x, &affine)
      let references = x.indices.map { i in
        var sum = Sum()
        sum.add(Double(x[i]) * Double(bias[shape.channel(of: i)]))
        sum.add(Double(start[shape.channel(of: i)]))
        return sum
      }
      expectClose(affine, references)
    }

    @Test(arguments: variants, cases)
    func statisticsCountValidSamplesOnly(variant: String, shape: ChannelCase) {
      select(variant)
      defer { release() }
      var x = normals(shape.count, "x").map { max($0, 0) }
      for i in x.indices where !shape.isValid(i) { x[i] = i % 2 == 0 ? 0 : 1e6 }
      var zeros = [Double](repeating: 1, count: shape.channels)
      var sum = [Double](repeating: 2, count: shape.channels)
      var squares = [Double](repeating: 3, count: shape.channels)
      let (blocks, channels, plane, lanes) = shape.sizes
      wbk_channel_statistics(
        blocks, channels, plane, lanes, Int64(shape.valid), x, &zeros, &sum, &squares)
      #expect(zeros == shape.sums(shape.isValid) { x[$0] == 0 ? 1 : 0 }.map { $0.value + 1 })
      let sums = shape.sums(shape.isValid) { Double(x[$0]) }
      let squared = shape.sums(shape.isValid) { Double(x[$0]) * Double(x[$0]) }
      for channel in 0..<shape.channels {
        #expect(abs(sum[channel] - 2 - sums[channel].value) < 1e-10 * (1 + sums[channel].magnitude))
        #expect(
          abs(squares[channel] - 3 - squared[channel].value) < 1e-10 * (1 + squared[channel].value))
      }
    }

    /// A mean of 1000 beside a deviation of 1: single-pass single precision would lose it.
    @Test(arguments: variants, cases)
    func batchNormForward(variant: String, shape: ChannelCase) {
      select(variant)
      defer { release() }
      for offset: Float in [0, 1000] {
        var x = normals(shape.count, "x").map { $0 + offset }
        for i in x.indices where !shape.isValid(i) { x[i] = -777 }
        let scale = normals(shape.channels, "scale")
        let shift = normals(shape.channels, "shift")
        let epsilon: Float = 1e-5
        let result = forward(shape, x, scale, shift, epsilon)
        let reference = ReferenceBatchNorm(shape, x, epsilon: Double(epsilon))
        // The mean of numbers of either sign is as exact as they are, not as it is small.
        let means = zip(reference.mean, reference.inverse).map {
          Sum(value: $0, magnitude: abs($0) + 0.1 / $1)
        }
        expectClose(result.mean, means, relative: 1e-6)
        expectClose(result.variance, reference.variance, relative: 2e-5)
        expectClose(result.inverse, reference.inverse, relative: 2e-5)
        let outputs = x.indices.map { i in
          let c = shape.channel(of: i)
          let normal = (Double(x[i]) - reference.mean[c]) * reference.inverse[c]
          let rounding = 0.1 * Double(abs(x[i])) * reference.inverse[c]
          return Sum(
            value: normal * Double(scale[c]) + Double(shift[c]),
            magnitude: (abs(normal) + rounding) * abs(Double(scale[c])) + abs(Double(shift[c])))
        }
        expectClose(result.y, outputs, relative: 4e-6)
        let rectified = forward(shape, x, scale, shift, epsilon, rectifies: true)
        #expect(rectified.y == result.y.map { max(0, $0) })

        let statistics = forward(shape, x, scale, shift, epsilon, makesOutput: false)
        #expect(statistics.mean == result.mean && statistics.inverse == result.inverse)
        #expect(statistics.y.allSatisfy { $0.isNaN })
        let (blocks, channels, plane, lanes) = shape.sizes
        for expected in [result, rectified] {
          var again = statistics.y
          wbk_batch_norm_output(
            blocks, channels, plane, lanes, expected.y == rectified.y ? 1 : 0, x, scale, shift,
            result.mean, result.inverse, &again)
          #expect(again == expected.y)
        }
      }
    }

    @Test(arguments: variants, cases)
    func batchNormBackward(variant: String, shape: ChannelCase) {
      select(variant)
      defer { release() }
      for rectifies in [false, true] { checkBackward(shape, rectifies: rectifies) }
    }

    private func checkBackward(_ shape: ChannelCase, rectifies: Bool) {
      let x = normals(shape.count, "x")
      let outer = normals(shape.count, "dy")
      let scale = normals(shape.channels, "scale")
      let start = normals(shape.channels, "start")
      let forward = forward(shape, x, scale, start, 1e-3, rectifies: rectifies)
      let dy = outer.indices.map { rectifies && forward.y[$0] <= 0 ? 0 : outer[$0] }
      var dscale = start
      var dshift = start
      var dx = [Float](repeating: .nan, count: shape.count)
      let (blocks, channels, plane, lanes) = shape.sizes
      for part in [channels / 2..<channels, 0..<channels / 2] {
        if rectifies {
          wbk_batch_norm_backward(
            blocks, channels, plane, lanes, Int64(shape.valid), part.lowerBound, part.upperBound, x,
            start, outer, scale, forward.mean, forward.inverse, &dscale, &dshift, &dx)
        } else {
          wbk_batch_norm_backward(
            blocks, channels, plane, lanes, Int64(shape.valid), part.lowerBound, part.upperBound, x,
            nil, outer, scale, forward.mean, forward.inverse, &dscale, &dshift, &dx)
        }
      }

      if rectifies {
        // The rectifier's output is found again bit by bit: as if it had worked on dy itself.
        var plainScale = start
        var plainShift = start
        var plain = [Float](repeating: .nan, count: shape.count)
        wbk_batch_norm_backward(
          blocks, channels, plane, lanes, Int64(shape.valid), 0, channels, x, nil, dy, scale,
          forward.mean, forward.inverse, &plainScale, &plainShift, &plain)
        #expect(dx == plain)
        #expect(dscale == plainScale)
        #expect(dshift == plainShift)
      }

      let normal = x.indices.map { i in
        (Double(x[i]) - Double(forward.mean[shape.channel(of: i)]))
          * Double(forward.inverse[shape.channel(of: i)])
      }
      let along = shape.sums(shape.isValid) { Double(dy[$0]) * normal[$0] }
      let total = shape.sums(shape.isValid) { Double(dy[$0]) }
      expectClose(dscale, adding(start, along))
      expectClose(dshift, adding(start, total))
      let count = Double(shape.valid * shape.plane)
      let references = x.indices.map { i in
        var sum = Sum()
        guard shape.isValid(i) else { return sum }
        let c = shape.channel(of: i)
        let factor = Double(scale[c]) * Double(forward.inverse[c])
        sum.add(factor * Double(dy[i]))
        sum.add(-factor * total[c].value / count)
        sum.add(-factor * normal[i] * along[c].value / count)
        sum.magnitude += abs(factor) * (1 + abs(normal[i]))
        return sum
      }
      expectClose(dx, references)
      #expect(dx.indices.allSatisfy { shape.isValid($0) || dx[$0] == 0 })
    }

    private func adding(_ start: [Float], _ sums: [Sum]) -> [Sum] {
      zip(start, sums).map { start, sum in
        Sum(value: sum.value + Double(start), magnitude: sum.magnitude + abs(Double(start)))
      }
    }

    private struct Normalised {
      var mean, variance, inverse, y: [Float]
    }

    private func forward(
      _ shape: ChannelCase, _ x: [Float], _ scale: [Float], _ shift: [Float], _ epsilon: Float,
      rectifies: Bool = false, makesOutput: Bool = true
    ) -> Normalised {
      let empty = [Float](repeating: .nan, count: shape.channels)
      var result = Normalised(
        mean: empty, variance: empty, inverse: empty,
        y: [Float](repeating: .nan, count: shape.count))
      let (blocks, channels, plane, lanes) = shape.sizes
      for part in [channels / 2..<channels, 0..<channels / 2] {
        result.y.withUnsafeMutableBufferPointer { y in
          wbk_batch_norm_forward(
            blocks, channels, plane, lanes, Int64(shape.valid), part.lowerBound, part.upperBound,
            epsilon, rectifies ? 1 : 0, x, scale, shift, &result.mean, &result.variance,
            &result.inverse, makesOutput ? y.baseAddress : nil)
        }
      }
      return result
    }
  }
}

extension ChannelCase {
  fileprivate var sizes: (Int64, Int64, Int64, Int64) {
    (Int64(blocks), Int64(channels), Int64(plane), Int64(lanes))
  }
}
