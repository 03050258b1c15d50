import CKernels

/// The dense convolution kernels at batch 128, one thread.
enum KernelTasks {
  struct Shape {
    let name: String
    let geometry: wbk_convolution
    /// The data gradient of a network's first layer is never needed.
    var isFirst = false

    init(
      _ name: String, _ input: Int32, _ output: Int32, side: Int32, kernel: Int32,
      stride: Int32 = 1, padding: Int32 = 0, isFirst: Bool = false
    ) {
      self.name = name
      self.isFirst = isFirst
      let out = (side + 2 * padding - kernel) / stride + 1
      geometry = wbk_convolution(
        in_channels: input, in_height: side, in_width: side, out_channels: output, out_height: out,
        out_width: out, kernel_height: kernel, kernel_width: kernel, stride_y: stride,
        stride_x: stride, padding_y: padding, padding_x: padding)
    }

    var weights: Int {
      Int(geometry.in_channels * geometry.out_channels * geometry.kernel_height)
        * Int(geometry.kernel_width)
    }
    var inputs: Int { Int(geometry.in_channels * geometry.in_height * geometry.in_width) }
    var outputs: Int { Int(geometry.out_channels * geometry.out_height * geometry.out_width) }
    var flopsOfBlock: Double {
      2 * Double(weights) * Double(geometry.out_height * geometry.out_width) * Double(WBK_LANES)
    }
  }

  static let shapes = [
    Shape("conv-1-20-5x5-on-28", 1, 20, side: 28, kernel: 5, isFirst: true),
    Shape("conv-20-50-5x5-on-12", 20, 50, side: 12, kernel: 5),
    Shape("conv-1-16-3x3-on-28", 1, 16, side: 28, kernel: 3, padding: 1, isFirst: true),
    Shape("conv-16-16-3x3-on-28", 16, 16, side: 28, kernel: 3, padding: 1),
    Shape("conv-16-32-3x3-stride-2-on-28", 16, 32, side: 28, kernel: 3, stride: 2, padding: 1),
    Shape("conv-32-32-3x3-on-14", 32, 32, side: 14, kernel: 3, padding: 1),
    Shape("conv-32-64-3x3-stride-2-on-14", 32, 64, side: 14, kernel: 3, stride: 2, padding: 1),
    Shape("conv-64-64-3x3-on-7", 64, 64, side: 7, kernel: 3, padding: 1),
  ]

  enum Product: String, CaseIterable {
    case forward, dataGradient = "data-gradient", weightGradient = "weight-gradient"
  }

  private static let blocks = 8

  static var all: [BenchTask] {
    shapes.flatMap { shape in
      Product.allCases.filter { !(shape.isFirst && $0 == .dataGradient) }.map { product in
        BenchTask(
          name: "kernel/\(shape.name)/\(product.rawValue)", unit: .gigaflops,
          flops: { shape.flopsOfBlock * Double(blocks) }, threads: 1
        ) {
          let run = work(shape, product, blocks: blocks)
          return BenchTask.calls(run)
        }
      }
    }
  }

  /// One call of a dense kernel, on buffers of its own.
  static func work(_ shape: Shape, _ product: Product, blocks: Int) -> () -> Void {
    let buffers = ConvolutionBuffers(shape, blocks: blocks)
    return {
      var geometry = shape.geometry
      switch product {
      case .forward:
        wbk_convolution_forward(
          &geometry, Int64(blocks), buffers.input, buffers.weights, nil, &buffers.output,
          &buffers.scratch)
      case .dataGradient:
        wbk_convolution_data_gradient(
          &geometry, Int64(blocks), buffers.output, buffers.weights, &buffers.input,
          &buffers.scratch)
      case .weightGradient:
        wbk_convolution_weight_gradient(
          &geometry, Int64(blocks), buffers.input, buffers.output, &buffers.weights,
          &buffers.scratch)
      }
    }
  }
}

/// The arrays of one convolution; small values, as the weight gradient adds up over calls.
final class ConvolutionBuffers {
  var input: [Float]
  var output: [Float]
  var weights: [Float]
  var scratch: [Float]

  init(_ shape: KernelTasks.Shape, blocks: Int) {
    var geometry = shape.geometry
    input = [Float](repeating: 1e-3, count: shape.inputs * blocks * Int(WBK_LANES))
    output = [Float](repeating: 1e-3, count: shape.outputs * blocks * Int(WBK_LANES))
    weights = [Float](repeating: 1e-3, count: shape.weights)
    scratch = [Float](repeating: 0, count: wbk_convolution_scratch(&geometry))
  }
}
