/// How a convolution's kernel or a pool's window slides over one sample.
struct SlidingWindow {
  let input: Shape
  let output: Shape
  let size: Extent
  let stride: Extent
  let padding: Extent

  init<S>(_ node: PreciseNode<S>, _ window: Window) {
    input = node.engine.graph.shapes[node.inputs[0]]
    output = node.shape
    size = window.size
    stride = window.stride
    padding = window.padding
  }

  /// The window that covers the whole map.
  init<S>(wholeMapOf node: PreciseNode<S>) {
    self.init(node, Window(wholeMap: node.engine.graph.shapes[node.inputs[0]]))
  }

  /// Visits every product of a convolution in runs along the rows of the map: `body` gets the
  /// index of the weight, of the first input, of the first output, and the length. The next input
  /// of a run is `stride.width` further, the next output is the neighbour.
  @inline(__always)
  func forEachRun(
    _ body: (_ weight: Int, _ source: Int, _ destination: Int, _ count: Int) -> Void
  ) {
    var weight = 0
    for unit in 0..<output.channels {
      for channel in 0..<input.channels {
        for tapY in 0..<size.height {
          let rows = Self.inside(input.height, output.height, stride.height, padding.height, tapY)
          for tapX in 0..<size.width {
            let columns = Self.inside(input.width, output.width, stride.width, padding.width, tapX)
            let left = columns.lowerBound * stride.width + tapX - padding.width
            for row in rows {
              let top = row * stride.height + tapY - padding.height
              body(
                weight, (channel * input.height + top) * input.width + left,
                (unit * output.height + row) * output.width + columns.lowerBound, columns.count)
            }
            weight += 1
          }
        }
      }
    }
  }

  /// Visits every input of every pooling window, channel by channel, windows and their inputs in
  /// row-major order; `body` gets the indices of the output and of the input.
  @inline(__always)
  func forEachInput(_ body: (_ output: Int, _ input: Int) -> Void) {
    for channel in 0..<output.channels {
      for row in 0..<output.height {
        let top = row * stride.height - padding.height
        for column in 0..<output.width {
          let left = column * stride.width - padding.width
          let index = (channel * output.height + row) * output.width + column
          for y in max(top, 0)..<min(top + size.height, input.height) {
            for x in max(left, 0)..<min(left + size.width, input.width) {
              body(index, (channel * input.height + y) * input.width + x)
            }
          }
        }
      }
    }
  }

  /// The outputs along one side whose input under `tap` is not padding.
  private static func inside(
    _ input: Int, _ output: Int, _ stride: Int, _ padding: Int, _ tap: Int
  ) -> Range<Int> {
    let first = max(0, (padding - tap + stride - 1) / stride)
    let last = input - 1 + padding - tap
    let end = last < 0 ? 0 : min(output, last / stride + 1)
    return first..<max(first, end)
  }
}
