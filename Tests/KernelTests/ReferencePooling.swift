import CKernels
import Testing

/// The geometry of a pooling layer in whole numbers.
struct PoolingCase: CustomTestStringConvertible, Sendable {
  var channels: Int
  var height: Int
  var width: Int
  var window: (height: Int, width: Int)
  var stride: (y: Int, x: Int)
  var padding = (y: 0, x: 0)
  /// One more output per axis, whose window reaches beyond the plane.
  var roundsUp = false
  var blocks = 2

  var outHeight: Int {
    (height + 2 * padding.y - window.height) / stride.y + (roundsUp ? 2 : 1)
  }
  var outWidth: Int { (width + 2 * padding.x - window.width) / stride.x + (roundsUp ? 2 : 1) }
  var inputCount: Int { blocks * channels * height * width * Kernels.lanes }
  var outputCount: Int { blocks * channels * outHeight * outWidth * Kernels.lanes }

  var shape: wbk_pooling {
    wbk_pooling(
      channels: Int32(channels), in_height: Int32(height), in_width: Int32(width),
      out_height: Int32(outHeight), out_width: Int32(outWidth),
      window_height: Int32(window.height), window_width: Int32(window.width),
      stride_y: Int32(stride.y), stride_x: Int32(stride.x),
      padding_y: Int32(padding.y), padding_x: Int32(padding.x))
  }

  var testDescription: String {
    "\(window.height)×\(window.width) on \(channels)×\(height)×\(width) stride \(stride.y),"
      + "\(stride.x) padding \(padding.y),\(padding.x)\(roundsUp ? " rounded up" : "")"
  }

  /// The positions in the plane that the output at (oy, ox) sees, in order.
  func positions(_ oy: Int, _ ox: Int) -> [Int] {
    var positions: [Int] = []
    for ky in 0..<window.height {
      for kx in 0..<window.width {
        let y = oy * stride.y - padding.y + ky
        let x = ox * stride.x - padding.x + kx
        if 0..<height ~= y, 0..<width ~= x { positions.append(y * width + x) }
      }
    }
    return positions
  }

  /// Calls `body` with each output element, the first element of its input plane and lane, and the
  /// positions it sees.
  func forEachOutput(_ body: (_ output: Int, _ base: Int, _ positions: [Int]) -> Void) {
    for plane in 0..<(blocks * channels) {
      for oy in 0..<outHeight {
        for ox in 0..<outWidth {
          let seen = positions(oy, ox)
          for lane in 0..<Kernels.lanes {
            let output = ((plane * outHeight + oy) * outWidth + ox) * Kernels.lanes + lane
            body(output, plane * height * width * Kernels.lanes + lane, seen)
          }
        }
      }
    }
  }
}
