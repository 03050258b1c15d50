import CKernels
import Numerics

extension BatchedCurvature {
  /// The gradient of the mean loss in the weights of a bypass that is 0 throughout: E[g hᵀ] for the
  /// gradient g of a sample's own loss in the consumer's pre-activations and the producer's inputs h,
  /// summed over the positions of a convolution.
  func bypassGradient(_ bypass: Bypass) -> [Float] {
    let batchSums = FloatBuffer(count: bypass.count)
    var sums = [Double](repeating: 0, count: bypass.count)
    forEachGradient { share in
      batchSums.fill(bypass.count)
      executor.addProducts(past: bypass, to: batchSums.pointer)
      for index in sums.indices { sums[index] += share * Double(batchSums.pointer[index]) }
    }
    return sums.map { Float($0) }
  }
}

extension Executor {
  /// Adds Σ g hᵀ over the loaded batch to `sums`, outputs × columns, once the gradient of the
  /// consumer's output is there.
  fileprivate func addProducts(past bypass: Bypass, to sums: UnsafeMutablePointer<Float>) {
    let source = graph.nodes[bypass.producer].inputs[0]
    guard graph.layouts[source] == .spatial else {
      return outerProduct(
        gradient(bypass.consumer), activation(source), units: bypass.outputs,
        inputs: bypass.inputs, keeping: 1, into: sums)
    }
    guard graph.layouts[bypass.consumer] == .flat else {
      return addProducts(
        past: bypass, inputs: activation(source), slopes: gradient(bypass.consumer), to: sums)
    }
    let slopes = mapsOfOnePosition(gradient(bypass.consumer), channels: bypass.outputs)
    withExtendedLifetime(slopes) {
      addProducts(past: bypass, inputs: activation(source), slopes: slopes.pointer, to: sums)
    }
  }

  /// A flat tensor as convolutions have it, a block of lanes after the other.
  private func mapsOfOnePosition(
    _ tensor: UnsafePointer<Float>, channels: Int
  ) -> FloatBuffer {
    let maps = FloatBuffer(count: channels * batch.count)
    for block in 0..<batch.blocks {
      for channel in 0..<channels {
        (maps.pointer + (block * channels + channel) * Lanes.width).update(
          from: tensor + channel * batch.count + block * Lanes.width, count: Lanes.width)
      }
    }
    return maps
  }

  /// The weight gradient of the bypass, in so many parts that the bits do not depend on the threads.
  private func addProducts(
    past bypass: Bypass, inputs: UnsafePointer<Float>, slopes: UnsafePointer<Float>,
    to sums: UnsafeMutablePointer<Float>
  ) {
    var geometry = graph.convolutionGeometry(of: bypass)
    let scratch = wbk_convolution_scratch(&geometry)
    let input = graph.shapes[graph.nodes[bypass.producer].inputs[0]].count * Lanes.width
    let output = graph.shapes[bypass.consumer].count * Lanes.width
    let blocks = batch.blocks
    let parts = (0..<min(Workspace.gradientParts, blocks)).map { _ in
      (sums: FloatBuffer(count: bypass.count), scratch: FloatBuffer(count: scratch))
    }
    team.run(parts.count) { part in
      let first = blocks * part / parts.count
      let count = blocks * (part + 1) / parts.count - first
      withUnsafePointer(to: geometry) {
        wbk_convolution_weight_gradient(
          $0, Int64(count), inputs + first * input, slopes + first * output,
          parts[part].sums.pointer, parts[part].scratch.pointer)
      }
    }
    for part in parts { wbk_add_scaled(Int64(bypass.count), 1, part.sums.pointer, sums) }
  }
}

extension Graph {
  /// The kernels' description of a bypass of convolutions.
  fileprivate func convolutionGeometry(of bypass: Bypass) -> wbk_convolution {
    let input = shapes[nodes[bypass.producer].inputs[0]]
    let output = shapes[bypass.consumer]
    return wbk_convolution(
      in_channels: Int32(input.channels), in_height: Int32(input.height),
      in_width: Int32(input.width), out_channels: Int32(output.channels),
      out_height: Int32(output.height), out_width: Int32(output.width),
      kernel_height: Int32(bypass.kernel.height), kernel_width: Int32(bypass.kernel.width),
      stride_y: Int32(bypass.stride.height), stride_x: Int32(bypass.stride.width),
      padding_y: Int32(bypass.padding.height), padding_x: Int32(bypass.padding.width))
  }
}
