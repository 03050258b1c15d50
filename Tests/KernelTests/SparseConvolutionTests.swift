import CKernels
import Testing

extension Kernels {
  /// The sparse products equal the dense ones of the same weights with zeros in place of the masked.
  @Suite struct SparseConvolutions {
    static let cases =
      Convolutions.cases + Convolutions.randomCases + [
        // Two rows of the widest run, and the longest remainder.
        ConvolutionCase(inChannels: 2, outChannels: 3, height: 16, width: 16, kernel: (5, 5)),
        ConvolutionCase(
          inChannels: 2, outChannels: 3, height: 5, width: 27, kernel: (3, 3), padding: (1, 1)),
      ]
    static let densities = [0, 0.05, 0.4, 1]

    @Test(arguments: variants, cases)
    func everyProduct(variant: String, convolution: ConvolutionCase) {
      select(variant)
      defer { release() }
      for density in Self.densities {
        let structure = SparseStructure(
          rows: convolution.outChannels, columns: convolution.weightCount / convolution.outChannels,
          density: density)
        let values = normals(structure.count, "values")
        let dense = structure.dense(values)
        let input = normals(convolution.inputCount, "input")
        let slope = normals(convolution.outputCount, "slope")
        let bias = normals(convolution.outChannels, "bias")
        let blocks = Int64(convolution.blocks)
        let plan = plan(convolution, structure)

        var shape = convolution.shape
        var output = [Float](repeating: .nan, count: convolution.outputCount)
        wbk_sparse_convolution_forward(&shape, plan, values, bias, blocks, input, &output)
        expectClose(output, convolution.forward(input, dense, bias))

        var inner = [Float](repeating: .nan, count: convolution.inputCount)
        wbk_sparse_convolution_data_gradient(&shape, plan, values, blocks, slope, &inner)
        expectClose(inner, convolution.dataGradient(slope, dense))

        let start = normals(structure.count, "start")
        var gradient = start + [.nan]
        structure.with {
          wbk_sparse_convolution_weight_gradient(&shape, $0, blocks, input, slope, &gradient)
        }
        let whole = convolution.weightGradient(input, slope, start: structure.dense(start))
        #expect(gradient[structure.count].isNaN)
        expectClose(Array(gradient.dropLast()), structure.places.map { whole[$0] })
      }
    }

    /// A plan that keeps to the room it asked for.
    private func plan(_ convolution: ConvolutionCase, _ structure: SparseStructure) -> [Int32] {
      var shape = convolution.shape
      let size = wbk_sparse_convolution_plan_size(&shape, Int64(structure.count))
      var plan = [Int32](repeating: -7, count: size + 16)
      structure.with { wbk_sparse_convolution_plan(&shape, $0, &plan) }
      #expect(plan[size...].allSatisfy { $0 == -7 })
      return plan
    }
  }
}
