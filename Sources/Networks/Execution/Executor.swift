import CKernels
package import Numerics

/// Runs a graph forward and backward on mini-batches, in single precision.
///
/// It owns the memory of all activations and gradients, allocated once for the largest batch, and
/// holds no parameters: the network is given with each call. Activations whose input nobody else
/// reads work in place. One executor serves one thread.
package final class Executor {
  /// How the network behaves.
  package enum Mode: Equatable {
    /// Batch normalisation by running statistics, blocks scaled.
    case inference
    /// Batch normalisation by the batch's statistics. One gate a residual block, in order: a block
    /// with gate 0 is skipped, forward and backward. Empty means all 1.
    case training(gates: [Float])
  }

  package let graph: Graph
  package let layout: ParameterLayout
  /// The largest batch.
  package let capacity: Int
  /// The lanes of the batch that is loaded.
  package internal(set) var batch = Lanes(valid: 0)

  /// For each node which of `activations` and `gradients` it uses.
  let storage: [Int]
  let activations: [FloatBuffer]
  /// Made by the first backward pass: inference does without.
  private(set) lazy var gradients = activations.map { FloatBuffer(count: $0.count) }
  /// For each node whether a gradient must reach it.
  let needsGradient: [Bool]
  /// For each node the residual sum in whose branch it lies.
  let sums: [Int?]
  /// Whether the gradient of a storage holds a value in the backward pass under way.
  var written: [Bool]
  var winners: [Int: [Int32]] = [:]
  var norms: [Int: BatchNormState] = [:]
  /// Branch factor of each residual sum in the pass under way, by the sum's place.
  var gates: [Int: Float] = [:]
  var mode = Mode.inference
  /// Kernels' scratch.
  let scratch: FloatBuffer
  /// A gradient on its way into a node that has one already.
  private(set) lazy var carry = FloatBuffer(count: activations.map(\.count).max() ?? 0)
  var targets: Targets

  /// Batch statistics of one batch normalisation.
  struct BatchNormState {
    var mean: [Float]
    var variance: [Float]
    var inverse: [Float]
  }

  enum Targets {
    case none
    case labels([Int32])
    case values(FloatBuffer)
  }

  /// Added to the variance in batch normalisation.
  package static let epsilon: Float = 1e-5

  package init(graph: Graph, capacity: Int) {
    precondition(capacity > 0, "an executor needs room for a sample")
    self.graph = graph
    self.capacity = capacity
    layout = ParameterLayout(graph)
    storage = graph.sharedStorage()
    let lanes = Lanes(valid: capacity).count
    var sizes = [Int](repeating: 0, count: (storage.max() ?? 0) + 1)
    for place in graph.nodes.indices {
      sizes[storage[place]] = max(sizes[storage[place]], graph.shapes[place].count * lanes)
    }
    needsGradient = graph.nodesOnGradientPaths()
    sums = graph.nodes.map { node in node.block.flatMap(graph.place(of:)) }
    activations = sizes.map(FloatBuffer.init)
    written = [Bool](repeating: false, count: sizes.count)
    scratch = FloatBuffer(count: graph.scratchFloats())
    targets = .none
    for place in graph.nodes.indices {
      switch graph.nodes[place].operation {
      case .maxPool:
        winners[place] = [Int32](repeating: 0, count: graph.shapes[place].count * lanes)
      case .batchNorm:
        let zeros = [Float](repeating: 0, count: graph.shapes[place].channels)
        norms[place] = BatchNormState(mean: zeros, variance: zeros, inverse: zeros)
      default: break
      }
    }
  }

  /// Brings the samples at `rows` into the lanes, inputs and targets.
  ///
  /// - Precondition: at most ``capacity`` rows, each of a sample, whose features fit the input.
  package func load(_ samples: Samples, rows: ArraySlice<Int32>) {
    precondition(rows.count <= capacity, "\(rows.count) rows where \(capacity) fit")
    precondition(samples.features == graph.inputShape.count, "samples do not fit the input")
    precondition(rows.allSatisfy { $0 >= 0 && $0 < samples.count }, "a row is out of range")
    batch = Lanes(valid: rows.count)
    let view = ChannelView(graph.inputShape, graph.layouts[0], batch)
    rows.withUnsafeBufferPointer { rows in
      samples.inputs.withUnsafeBufferPointer { inputs in
        guard let rows = rows.baseAddress, let inputs = inputs.baseAddress else { return }
        wbk_gather(
          view.channels * view.plane, view.lanes, view.blocks, Int64(batch.valid), inputs, rows,
          activation(0))
      }
      switch samples.targets {
      case .labels(let labels, _):
        targets = .labels(rows.map { labels[Int($0)] })
      case .values(let values, let width):
        let buffer = targetBuffer(width)
        values.withUnsafeBufferPointer { values in
          guard let rows = rows.baseAddress, let values = values.baseAddress else { return }
          wbk_gather(
            Int64(width), Int64(batch.count), 1, Int64(batch.valid), values, rows, buffer.pointer)
        }
      }
    }
  }

  private func targetBuffer(_ width: Int) -> FloatBuffer {
    let needed = width * Lanes(valid: capacity).count
    if case .values(let buffer) = targets, buffer.count >= needed { return buffer }
    let buffer = FloatBuffer(count: needed)
    targets = .values(buffer)
    return buffer
  }

  /// The network's output for one loaded sample.
  package func output(sample: Int) -> [Float] {
    precondition(sample < batch.valid, "sample \(sample) of \(batch.valid)")
    let last = graph.nodes.count - 1
    return (0..<graph.outputs).map { activation(last)[$0 * batch.count + sample] }
  }

  func activation(_ place: Int) -> UnsafeMutablePointer<Float> {
    activations[storage[place]].pointer
  }

  func gradient(_ place: Int) -> UnsafeMutablePointer<Float> {
    gradients[storage[place]].pointer
  }

  func view(_ place: Int) -> ChannelView {
    ChannelView(graph.shapes[place], graph.layouts[place], batch)
  }
}

extension Graph {
  /// For each node the number of its buffer: an activation shares its input's when it is the only
  /// reader and the input's own backward pass does not ask for what it produced.
  fileprivate func sharedStorage() -> [Int] {
    var storage: [Int] = []
    var next = 0
    for node in nodes {
      if node.operation.isActivation, let input = node.inputs.first, consumers[input].count == 1,
        !nodes[input].operation.isActivation, input != 0
      {
        storage.append(storage[input])
      } else {
        storage.append(next)
        next += 1
      }
    }
    return storage
  }

  /// Nodes through which a gradient flows to some parameter.
  fileprivate func nodesOnGradientPaths() -> [Bool] {
    var needed = [Bool](repeating: false, count: nodes.count)
    for (place, node) in nodes.enumerated() {
      let counts = parameterCounts(at: place)
      needed[place] = counts.weights + counts.biases > 0 || node.inputs.contains { needed[$0] }
    }
    return needed
  }
}
