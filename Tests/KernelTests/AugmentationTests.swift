import CKernels
import Foundation
import Testing

extension Kernels {
  @Suite struct AffineImages {
    @Test(arguments: variants)
    func againstBilinearWeights(variant: String) {
      select(variant)
      defer { release() }
      let (channels, height, width) = (2, 5, 7)
      let samples = normals(3 * channels * height * width, "samples")
      let rows: [Int32] = [2, 0]
      let maps: [Float] = [1, 0, 0, 0, 1, 0, 0.9, -0.3, 0.7, 0.25, 1.1, -1.4]
      var images = [Float](repeating: .nan, count: 2 * channels * height * width)
      wbk_affine_images(
        2, Int64(channels), Int64(height), Int64(width), maps, samples, rows, &images)
      func pixel(_ row: Int, _ channel: Int, _ y: Int, _ x: Int) -> Double {
        guard 0..<height ~= y, 0..<width ~= x else { return 0 }
        return Double(samples[((row * channels + channel) * height + y) * width + x])
      }
      var index = 0
      for image in 0..<2 {
        let map = maps[6 * image..<6 * image + 6].map(Double.init)
        for channel in 0..<channels {
          for row in 0..<height {
            for column in 0..<width {
              let (y, x) = (Double(row) - 2, Double(column) - 3)
              let sourceY = map[0] * y + map[1] * x + map[2] + 2
              let sourceX = map[3] * y + map[4] * x + map[5] + 3
              var expected = 0.0
              for near in 0..<height {
                for beside in 0..<width {
                  let weight =
                    max(0, 1 - abs(sourceY - Double(near)))
                    * max(0, 1 - abs(sourceX - Double(beside)))
                  expected += weight * pixel(Int(rows[image]), channel, near, beside)
                }
              }
              #expect(abs(Double(images[index]) - expected) < 1e-5)
              index += 1
            }
          }
        }
      }
      #expect(Array(images.prefix(70)) == Array(samples[140..<210]))
    }

    /// Numbers that are none, and places far away, lead nowhere.
    @Test(arguments: variants)
    func mapsToNowhere(variant: String) {
      select(variant)
      defer { release() }
      let samples = [Float](repeating: 1, count: 9)
      for wrong in [Float.nan, .infinity, -.infinity, 1e30, -1e30] {
        var images = [Float](repeating: 7, count: 9)
        wbk_affine_images(1, 1, 3, 3, [1, 0, wrong, 0, 1, 0], samples, [0], &images)
        #expect(images.allSatisfy { $0 == 0 })
      }
    }
  }
}
