import CKernels
import Testing

extension Kernels {
  @Suite struct LayerNormalisation {
    struct Shape: Sendable, CustomTestStringConvertible {
      let blocks, channels, plane, lanes: Int
      var testDescription: String { "\(blocks)×\(channels)×\(plane)×\(lanes)" }
      var features: Int { channels * plane }
      var count: Int { blocks * features * lanes }

      /// Where a feature of a sample lies.
      func place(_ block: Int, _ feature: Int, _ lane: Int) -> Int {
        (block * features + feature) * lanes + lane
      }
    }

    static let shapes = [
      Shape(blocks: 2, channels: 3, plane: 5, lanes: 16),
      Shape(blocks: 1, channels: 7, plane: 1, lanes: 48),
      Shape(blocks: 1, channels: 1, plane: 1, lanes: 16),
    ]

    @Test(arguments: variants, shapes)
    func againstTheFormula(variant: String, shape: Shape) {
      select(variant)
      defer { release() }
      let x = normals(shape.count, "x").map { 3 + 2 * $0 }
      let dy = normals(shape.count, "dy")
      let scale = normals(shape.channels, "scale")
      let shift = normals(shape.channels, "shift")
      var mean = [Float](repeating: .nan, count: shape.blocks * shape.lanes)
      var inverse = mean
      var y = [Float](repeating: .nan, count: shape.count)
      let sizes = [shape.blocks, shape.channels, shape.plane, shape.lanes].map(Int64.init)
      wbk_layer_norm_forward(
        sizes[0], sizes[1], sizes[2], sizes[3], 1e-5, x, scale, shift, &mean, &inverse, &y)
      var dscale = [Float](repeating: 1, count: shape.channels)
      var dshift = dscale
      var dx = [Float](repeating: .nan, count: shape.count)
      wbk_layer_norm_backward(
        sizes[0], sizes[1], sizes[2], sizes[3], x, dy, scale, mean, inverse, &dscale, &dshift, &dx)

      var sums = [[Double]](repeating: [1, 1], count: shape.channels)
      for block in 0..<shape.blocks {
        for lane in 0..<shape.lanes {
          let places = (0..<shape.features).map { shape.place(block, $0, lane) }
          let values = places.map { Double(x[$0]) }
          let count = Double(values.count)
          let centre = values.reduce(0, +) / count
          let variance = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / count
          let root = 1 / (variance + 1e-5).squareRoot()
          let normal = values.map { ($0 - centre) * root }
          let outer = places.enumerated().map {
            Double(scale[$0 / shape.plane]) * Double(dy[$1])
          }
          let sum = outer.reduce(0, +) / count
          let moment = zip(outer, normal).reduce(0) { $0 + $1.0 * $1.1 } / count
          for (feature, place) in places.enumerated() {
            let channel = feature / shape.plane
            let expected = Double(scale[channel]) * normal[feature] + Double(shift[channel])
            #expect(abs(Double(y[place]) - expected) < 2e-5)
            let slope = root * (outer[feature] - sum - normal[feature] * moment)
            #expect(abs(Double(dx[place]) - slope) < 2e-5 * (1 + root))
            sums[channel][0] += Double(dy[place]) * normal[feature]
            sums[channel][1] += Double(dy[place])
          }
        }
      }
      for channel in 0..<shape.channels {
        #expect(abs(Double(dscale[channel]) - sums[channel][0]) < 1e-4)
        #expect(abs(Double(dshift[channel]) - sums[channel][1]) < 1e-4)
      }
    }
  }
}
