import CKernels

extension Graph {
  /// The kernels' description of the convolution at `place`; nil for another operation.
  func convolutionGeometry(at place: Int) -> wbk_convolution? {
    guard let convolution = nodes[place].operation.convolution else { return nil }
    let input = shapes[nodes[place].inputs[0]]
    let output = shapes[place]
    return wbk_convolution(
      in_channels: Int32(input.channels), in_height: Int32(input.height),
      in_width: Int32(input.width), out_channels: Int32(output.channels),
      out_height: Int32(output.height), out_width: Int32(output.width),
      kernel_height: Int32(convolution.kernel.height),
      kernel_width: Int32(convolution.kernel.width),
      stride_y: Int32(convolution.stride.height), stride_x: Int32(convolution.stride.width),
      padding_y: Int32(convolution.padding.height), padding_x: Int32(convolution.padding.width))
  }
}
