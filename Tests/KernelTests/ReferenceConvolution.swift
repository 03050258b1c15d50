import CKernels
import Testing

/// The geometry of a convolution in whole numbers.
struct ConvolutionCase: CustomTestStringConvertible, Sendable {
  var inChannels: Int
  var outChannels: Int
  var height: Int
  var width: Int
  var kernel: (height: Int, width: Int)
  var stride = (y: 1, x: 1)
  var padding = (y: 0, x: 0)
  var blocks = 2

  var outHeight: Int { (height + 2 * padding.y - kernel.height) / stride.y + 1 }
  var outWidth: Int { (width + 2 * padding.x - kernel.width) / stride.x + 1 }
  var inputCount: Int { blocks * inChannels * height * width * Kernels.lanes }
  var outputCount: Int { blocks * outChannels * outHeight * outWidth * Kernels.lanes }
  var weightCount: Int { outChannels * inChannels * kernel.height * kernel.width }

  var shape: wbk_convolution {
    wbk_convolution(
      in_channels: Int32(inChannels), in_height: Int32(height), in_width: Int32(width),
      out_channels: Int32(outChannels), out_height: Int32(outHeight), out_width: Int32(outWidth),
      kernel_height: Int32(kernel.height), kernel_width: Int32(kernel.width),
      stride_y: Int32(stride.y), stride_x: Int32(stride.x),
      padding_y: Int32(padding.y), padding_x: Int32(padding.x))
  }

  var testDescription: String {
    "\(inChannels)→\(outChannels) \(kernel.height)×\(kernel.width) on \(height)×\(width) "
      + "stride \(stride.y),\(stride.x) padding \(padding.y),\(padding.x) blocks \(blocks)"
  }

  /// Calls `body` with the indices of every product that a convolution has: block, output channel,
  /// weight, and the vectors (without lanes) of the input and the output.
  func forEachProduct(_ body: (_ weight: Int, _ input: Int, _ output: Int, _ block: Int) -> Void) {
    for block in 0..<blocks {
      for out in 0..<outChannels {
        for oy in 0..<outHeight {
          for ox in 0..<outWidth {
            let output = ((block * outChannels + out) * outHeight + oy) * outWidth + ox
            for channel in 0..<inChannels {
              for ky in 0..<kernel.height {
                for kx in 0..<kernel.width {
                  let y = oy * stride.y - padding.y + ky
                  let x = ox * stride.x - padding.x + kx
                  guard 0..<height ~= y, 0..<width ~= x else { continue }
                  let weight =
                    ((out * inChannels + channel) * kernel.height + ky) * kernel.width + kx
                  let input = ((block * inChannels + channel) * height + y) * width + x
                  body(weight, input, output, block)
                }
              }
            }
          }
        }
      }
    }
  }

  func forward(_ input: [Float], _ weights: [Float], _ bias: [Float]?) -> [Sum] {
    var sums = [Sum](repeating: Sum(), count: outputCount)
    let plane = outHeight * outWidth * Kernels.lanes
    if let bias {
      for i in sums.indices { sums[i].add(Double(bias[i / plane % outChannels])) }
    }
    forEachProduct { weight, from, to, _ in
      for lane in 0..<Kernels.lanes {
        sums[to * Kernels.lanes + lane].add(
          Double(weights[weight]) * Double(input[from * Kernels.lanes + lane]))
      }
    }
    return sums
  }

  func dataGradient(_ gradient: [Float], _ weights: [Float]) -> [Sum] {
    var sums = [Sum](repeating: Sum(), count: inputCount)
    forEachProduct { weight, from, to, _ in
      for lane in 0..<Kernels.lanes {
        sums[from * Kernels.lanes + lane].add(
          Double(weights[weight]) * Double(gradient[to * Kernels.lanes + lane]))
      }
    }
    return sums
  }

  /// The weight gradient of every sample: [weight][sample].
  private func sampleGradients(_ input: [Float], _ gradient: [Float]) -> [[Sum]] {
    let samples = [Sum](repeating: Sum(), count: blocks * Kernels.lanes)
    var sums = [[Sum]](repeating: samples, count: weightCount)
    forEachProduct { weight, from, to, block in
      for lane in 0..<Kernels.lanes {
        sums[weight][block * Kernels.lanes + lane].add(
          Double(input[from * Kernels.lanes + lane]) * Double(gradient[to * Kernels.lanes + lane]))
      }
    }
    return sums
  }

  func weightGradient(_ input: [Float], _ gradient: [Float], start: [Float]) -> [Sum] {
    zip(start, sampleGradients(input, gradient)).map { start, samples in
      samples.reduce(into: Sum(value: Double(start), magnitude: abs(Double(start)))) {
        sum, sample in
        sum.value += sample.value
        sum.magnitude += sample.magnitude
      }
    }
  }

  func squaredWeightGradient(_ input: [Float], _ gradient: [Float], start: [Float]) -> [Sum] {
    zip(start, sampleGradients(input, gradient)).map { start, samples in
      samples.reduce(into: Sum(value: Double(start), magnitude: abs(Double(start)))) {
        sum, sample in
        sum.value += sample.value * sample.value
        sum.magnitude += sample.magnitude * sample.magnitude
      }
    }
  }

  func patches(_ input: [Float]) -> [Float] {
    var patches: [Float] = []
    for tap in 0..<(inChannels * kernel.height * kernel.width) {
      let channel = tap / (kernel.height * kernel.width)
      let ky = tap / kernel.width % kernel.height
      let kx = tap % kernel.width
      for block in 0..<blocks {
        for oy in 0..<outHeight {
          for ox in 0..<outWidth {
            let y = oy * stride.y - padding.y + ky
            let x = ox * stride.x - padding.x + kx
            let inside = 0..<height ~= y && 0..<width ~= x
            let from = (((block * inChannels + channel) * height + y) * width + x) * Kernels.lanes
            for lane in 0..<Kernels.lanes { patches.append(inside ? input[from + lane] : 0) }
          }
        }
      }
    }
    return patches
  }
}
