import CKernels
import Testing

extension Kernels {
  @Suite struct Dispatch {
    @Test func portableIsAlwaysThere() {
      #expect(variants.contains("portable"))
    }

    @Test(arguments: variants)
    func aSelectedVariantIsInUse(variant: String) {
      select(variant)
      defer { release() }
      #expect(String(cString: wbk_variant()) == variant)
    }

    @Test(arguments: ["", "AVX2", "avx512 ", "fastest"])
    func anUnknownNameChangesNothing(name: String) {
      let before = String(cString: wbk_variant())
      #expect(wbk_select_variant(name) == -1)
      #expect(String(cString: wbk_variant()) == before)
    }

    /// The order of every sum is fixed, so the bits repeat.
    @Test(arguments: variants)
    func everyVariantRepeatsItsBits(variant: String) {
      select(variant)
      defer { release() }
      let convolution = ConvolutionCase(
        inChannels: 3, outChannels: 7, height: 9, width: 9, kernel: (3, 3), padding: (1, 1),
        blocks: 5)
      let input = normals(convolution.inputCount, "input")
      let gradient = normals(convolution.outputCount, "gradient")
      var shape = convolution.shape
      let runs = (0..<3).map { _ in
        var scratch = [Float](repeating: .nan, count: wbk_convolution_scratch(&shape))
        var sums = [Float](repeating: 0, count: convolution.weightCount)
        wbk_convolution_weight_gradient(&shape, 5, input, gradient, &sums, &scratch)
        return sums.map(\.bitPattern)
      }
      #expect(runs[0] == runs[1] && runs[1] == runs[2])
    }
  }
}
