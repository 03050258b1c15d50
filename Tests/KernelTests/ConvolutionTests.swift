import CKernels
import Numerics
import Testing

extension Kernels {
  @Suite struct Convolutions {
    /// What the tiles may get wrong: remainders of channels and columns, thin kernels, strides that
    /// do not divide, padding beyond the kernel, one position, and groups of blocks.
    static let cases = [
      ConvolutionCase(inChannels: 1, outChannels: 1, height: 1, width: 1, kernel: (1, 1)),
      ConvolutionCase(inChannels: 1, outChannels: 20, height: 9, width: 9, kernel: (5, 5)),
      ConvolutionCase(inChannels: 5, outChannels: 7, height: 8, width: 8, kernel: (3, 3)),
      ConvolutionCase(inChannels: 6, outChannels: 11, height: 7, width: 6, kernel: (1, 1)),
      ConvolutionCase(inChannels: 3, outChannels: 4, height: 6, width: 9, kernel: (1, 5)),
      ConvolutionCase(inChannels: 3, outChannels: 4, height: 9, width: 5, kernel: (5, 1)),
      ConvolutionCase(
        inChannels: 4, outChannels: 6, height: 7, width: 7, kernel: (3, 3), padding: (1, 1)),
      ConvolutionCase(
        inChannels: 4, outChannels: 6, height: 8, width: 9, kernel: (3, 3), stride: (2, 2),
        padding: (1, 1)),
      ConvolutionCase(
        inChannels: 3, outChannels: 5, height: 11, width: 10, kernel: (5, 3), stride: (3, 2)),
      ConvolutionCase(
        inChannels: 3, outChannels: 5, height: 9, width: 8, kernel: (1, 1), stride: (2, 2)),
      ConvolutionCase(
        inChannels: 2, outChannels: 3, height: 10, width: 11, kernel: (2, 2), stride: (3, 3)),
      ConvolutionCase(
        inChannels: 2, outChannels: 3, height: 4, width: 3, kernel: (2, 2), padding: (3, 2)),
      ConvolutionCase(
        inChannels: 2, outChannels: 3, height: 5, width: 5, kernel: (7, 7), stride: (2, 1),
        padding: (3, 3)),
      ConvolutionCase(
        inChannels: 2, outChannels: 3, height: 4, width: 4, kernel: (4, 4), blocks: 67),
      ConvolutionCase(
        inChannels: 40, outChannels: 3, height: 20, width: 20, kernel: (3, 3), padding: (1, 1)),
      ConvolutionCase(
        inChannels: 24, outChannels: 5, height: 31, width: 29, kernel: (3, 3), stride: (2, 2),
        padding: (1, 1)),
    ]

    /// Random geometries, the same in every run.
    static let randomCases: [ConvolutionCase] = {
      var random = RandomStream(seed: 7, name: "geometries")
      return (0..<30).map { _ in
        let kernel = (1 + random.index(below: 5), 1 + random.index(below: 5))
        return ConvolutionCase(
          inChannels: 1 + random.index(below: 7), outChannels: 1 + random.index(below: 13),
          height: kernel.0 + random.index(below: 8), width: kernel.1 + random.index(below: 8),
          kernel: (kernel.0, kernel.1),
          stride: (1 + random.index(below: 3), 1 + random.index(below: 3)),
          padding: (random.index(below: 3), random.index(below: 3)),
          blocks: 1 + random.index(below: 3))
      }
    }()

    @Test(arguments: variants, cases + randomCases)
    func forward(variant: String, convolution: ConvolutionCase) {
      select(variant)
      defer { release() }
      let input = normals(convolution.inputCount, "input")
      let weights = normals(convolution.weightCount, "weights")
      let bias = normals(convolution.outChannels, "bias")
      let given: [[Float]?] = [bias, nil]
      for bias in given {
        var output = [Float](repeating: .nan, count: convolution.outputCount)
        withScratch(convolution) { shape, scratch in
          if let bias {
            wbk_convolution_forward(
              &shape, Int64(convolution.blocks), input, weights, bias, &output, scratch)
          } else {
            wbk_convolution_forward(
              &shape, Int64(convolution.blocks), input, weights, nil, &output, scratch)
          }
        }
        expectClose(output, convolution.forward(input, weights, bias))
      }
    }

    @Test(arguments: variants, cases + randomCases)
    func dataGradient(variant: String, convolution: ConvolutionCase) {
      select(variant)
      defer { release() }
      let gradient = normals(convolution.outputCount, "gradient")
      let weights = normals(convolution.weightCount, "weights")
      var result = [Float](repeating: .nan, count: convolution.inputCount)
      withScratch(convolution) { shape, scratch in
        wbk_convolution_data_gradient(
          &shape, Int64(convolution.blocks), gradient, weights, &result, scratch)
      }
      expectClose(result, convolution.dataGradient(gradient, weights))
    }

    @Test(arguments: variants, cases + randomCases)
    func weightGradients(variant: String, convolution: ConvolutionCase) {
      select(variant)
      defer { release() }
      let input = normals(convolution.inputCount, "input")
      let gradient = normals(convolution.outputCount, "gradient")
      let start = normals(convolution.weightCount, "start")
      var sums = start
      var squares = start
      withScratch(convolution) { shape, scratch in
        let blocks = Int64(convolution.blocks)
        wbk_convolution_weight_gradient(&shape, blocks, input, gradient, &sums, scratch)
        wbk_convolution_weight_gradient_squared(&shape, blocks, input, gradient, &squares, scratch)
      }
      expectClose(sums, convolution.weightGradient(input, gradient, start: start))
      expectClose(squares, convolution.squaredWeightGradient(input, gradient, start: start))
    }

    @Test(arguments: variants, cases)
    func patches(variant: String, convolution: ConvolutionCase) {
      select(variant)
      defer { release() }
      let input = normals(convolution.inputCount, "input")
      let expected = convolution.patches(input)
      var patches = [Float](repeating: .nan, count: expected.count)
      var shape = convolution.shape
      wbk_convolution_patches(&shape, Int64(convolution.blocks), input, &patches)
      #expect(patches == expected)
    }

    /// Gives `body` exactly the scratch asked for, filled with NaN, and expects nothing beyond it
    /// to be written.
    private func withScratch(
      _ convolution: ConvolutionCase,
      _ body: (inout wbk_convolution, UnsafeMutablePointer<Float>) -> Void
    ) {
      var shape = convolution.shape
      let count = wbk_convolution_scratch(&shape)
      var scratch = [Float](repeating: .nan, count: count + 64)
      for i in count..<scratch.count { scratch[i] = 12345 }
      scratch.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        body(&shape, base)
      }
      #expect(scratch[count...].allSatisfy { $0 == 12345 })
    }
  }
}
