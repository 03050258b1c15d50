import CKernels
import Comparison
import Numerics

/// The time of a layer's three products with its live weights alone, over that of the dense products:
/// below 1 sparse is faster. The engine's switch points are tabled from these rows.
enum SwitchTasks {
  private static let densities = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
  private static let blocks = 8

  static var all: [BenchTask] {
    densities.flatMap { density in
      [
        task("switch/dense-784-300", density) { denseLayer(rows: 300, columns: 784, density) },
        task("switch/conv-20-50-5x5-on-12", density) {
          convolution(KernelTasks.shapes[1], density)
        },
        task("switch/conv-16-16-3x3-on-28", density) {
          convolution(KernelTasks.shapes[3], density)
        },
      ]
    }
  }

  private typealias Pair = (sparse: () -> Void, dense: () -> Void)

  private static func task(
    _ name: String, _ density: Double, _ pair: @escaping () -> Pair
  ) -> BenchTask {
    BenchTask(name: "\(name)/\(Int(density * 100))%-live", unit: .ratio, threads: 1) {
      let pair = pair()
      return {
        let seconds = PairedTiming().measure(pair.sparse, pair.dense)
        return seconds.first / seconds.second
      }
    }
  }

  private static func denseLayer(rows: Int, columns: Int, _ density: Double) -> Pair {
    let lanes = blocks * Int(WBK_LANES)
    let structure = Structure(rows: rows, columns: columns, density: density)
    let transposed = Structure(rows: columns, columns: rows, density: density)
    let weights = [Float](repeating: 0.01, count: rows * columns)
    var gradient = weights
    var (x, y) = (
      [Float](repeating: 1, count: columns * lanes), [Float](repeating: 1, count: rows * lanes)
    )
    let (m, n, k) = (Int64(rows), Int64(columns), Int64(lanes))
    var scratch = [Float](repeating: 0, count: wbk_multiply_scratch(max(m, n), max(m, n, k)))
    return (
      {
        structure.with { matrix in
          wbk_sparse_forward(
            matrix, weights, nil, 0, Int64(rows), Int64(lanes), Int64(lanes), x, &y)
          wbk_sparse_weight_gradient(matrix, 0, Int64(rows), Int64(lanes), x, y, &gradient)
        }
        transposed.with {
          wbk_sparse_forward($0, weights, nil, 0, Int64(columns), Int64(lanes), Int64(lanes), y, &x)
        }
      },
      {
        wbk_multiply_single(m, k, n, 1, weights, n, 1, x, k, 1, 0, nil, &y, k, &scratch)
        wbk_multiply_single(m, n, k, 1, y, k, 1, x, 1, k, 0, nil, &gradient, n, &scratch)
        wbk_multiply_single(n, k, m, 1, weights, 1, n, y, k, 1, 0, nil, &x, k, &scratch)
      }
    )
  }

  private static func convolution(_ shape: KernelTasks.Shape, _ density: Double) -> Pair {
    let dense = KernelTasks.Product.allCases.map { KernelTasks.work(shape, $0, blocks: blocks) }
    let rows = Int(shape.geometry.out_channels)
    let structure = Structure(rows: rows, columns: shape.weights / rows, density: density)
    let buffers = ConvolutionBuffers(shape, blocks: blocks)
    var geometry = shape.geometry
    var plan = [Int32](
      repeating: 0, count: wbk_sparse_convolution_plan_size(&geometry, Int64(structure.count)))
    structure.with { wbk_sparse_convolution_plan(&geometry, $0, &plan) }
    var gradient = [Float](repeating: 0, count: structure.count)
    return (
      {
        wbk_sparse_convolution_forward(
          &geometry, plan, buffers.weights, nil, Int64(blocks), buffers.input, &buffers.output)
        wbk_sparse_convolution_data_gradient(
          &geometry, plan, buffers.weights, Int64(blocks), buffers.output, &buffers.input)
        structure.with {
          wbk_sparse_convolution_weight_gradient(
            &geometry, $0, Int64(blocks), buffers.input, buffers.output, &gradient)
        }
      }, { for work in dense { work() } }
    )
  }

  /// Random live weights by row.
  private struct Structure {
    let rows: Int
    private let start: [Int32]
    private let column: [Int32]

    init(rows: Int, columns: Int, density: Double) {
      self.rows = rows
      var random = RandomStream(seed: 1, name: "structure")
      var start: [Int32] = [0]
      var column: [Int32] = []
      for _ in 0..<rows {
        for candidate in 0..<columns where random.uniform(in: 0..<1) < density {
          column.append(Int32(candidate))
        }
        start.append(Int32(column.count))
      }
      self.start = start
      self.column = column
    }

    var count: Int { column.count }

    func with(_ body: (UnsafePointer<wbk_sparse>) -> Void) {
      start.withUnsafeBufferPointer { start in
        column.withUnsafeBufferPointer { column in
          guard let start = start.baseAddress, let column = column.baseAddress else { return }
          var matrix = wbk_sparse(rows: Int64(rows), start: start, column: column)
          body(&matrix)
        }
      }
    }
  }
}
