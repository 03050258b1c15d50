import CKernels
import Numerics
import Testing

extension Kernels {
  @Suite struct Layout {
    /// (features, lanes, blocks, valid): blocked and flat, with tails of features and samples.
    static let gathers = [
      (784, 16, 3, 41), (17, 16, 1, 16), (5, 16, 2, 1), (32, 48, 1, 35), (33, 32, 1, 32),
      (16, 16, 2, 16), (1, 16, 1, 0),
    ]

    @Test(arguments: variants, gathers)
    func gather(variant: String, gather: (features: Int, lanes: Int, blocks: Int, valid: Int)) {
      select(variant)
      defer { release() }
      let population = 50
      let samples = normals(population * gather.features, "samples")
      var random = RandomStream(seed: 3, name: "rows")
      let rows = (0..<gather.valid).map { _ in Int32(random.index(below: population)) }
      var x = [Float](repeating: .nan, count: gather.blocks * gather.features * gather.lanes)
      let (middle, end) = (Int64(gather.lanes / 32 * 16), Int64(gather.lanes * gather.blocks))
      for part in [middle..<end, 0..<middle] {
        wbk_gather(
          Int64(gather.features), Int64(gather.lanes), part.lowerBound, part.upperBound,
          Int64(gather.valid), samples, rows, &x)
      }
      let expected = x.indices.map { i in
        let feature = i / gather.lanes % gather.features
        let sample = i / (gather.features * gather.lanes) * gather.lanes + i % gather.lanes
        return sample < gather.valid ? samples[Int(rows[sample]) * gather.features + feature] : 0
      }
      #expect(x == expected)
    }

    @Test(arguments: variants, [(1, 1), (1, 7), (5, 3), (8, 50)])
    func flattening(variant: String, size: (blocks: Int, features: Int)) {
      select(variant)
      defer { release() }
      let x = normals(size.blocks * size.features * lanes, "x")
      var flat = [Float](repeating: .nan, count: x.count)
      wbk_flatten(Int64(size.blocks), Int64(size.features), x, &flat)
      let expected = x.indices.map { i in
        let feature = i / (size.blocks * lanes)
        let sample = i % (size.blocks * lanes)
        return x[(sample / lanes * size.features + feature) * lanes + sample % lanes]
      }
      #expect(flat == expected)
      var back = [Float](repeating: .nan, count: x.count)
      wbk_unflatten(Int64(size.blocks), Int64(size.features), flat, &back)
      #expect(back == x)
    }
  }
}
