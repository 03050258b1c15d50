import CKernels

/// The largest value of each window.
package struct MaxPool: OperationKind {
  package let pool: Window

  private enum CodingKeys: String, CodingKey { case pool = "_0" }
}

extension Operation {
  package static func maxPool(_ window: Window) -> Operation {
    Operation(MaxPool(pool: window))
  }

  package var maxPool: MaxPool? { kind as? MaxPool }
}

extension MaxPool {
  static var word: String { "max-pool" }
  static var key: String { "maxPool" }
  var role: OperationRole { .pooling }
  var flow: ChannelFlow { .pass }
  var takesSingleLanes: Bool { false }

  var sizes: OperationSizes {
    OperationSizes(extents: [pool.size, pool.stride, pool.padding])
  }

  func output(of inputs: NodeInputs) throws(GraphError) -> (Shape, Layout) {
    try pool.pooled(inputs)
  }

  func constants(_ inputs: [[Double?]], at place: Int, of network: Network) -> [Double?] {
    inputs[0]
  }
}

extension MaxPool {
  static var usage: String { "max-pool \(Window.usage)" }
  var text: String { pool.text }

  init(reading words: inout OperationWords) throws(OperationWords.Problem) {
    self.init(pool: try Window(reading: &words))
  }
}

// MARK: - The fast engine

/// Which input each output of a batch took.
final class Winners: OperationState {
  private(set) var places: Buffer<Int32>

  init(_ count: Int) { places = Buffer(count: count) }

  func takeSquares(of other: any OperationState) {
    if let other = other as? Winners { places = other.places }
  }
}

extension MaxPool {
  func makeState(for step: Step, lanes: Int) -> (any OperationState)? {
    Winners(step.shape.count * lanes)
  }

  func pooling(reading input: Shape, making output: Shape) -> wbk_pooling {
    pool.pooling(reading: input, making: output)
  }

  func forward(_ executor: Executor, _ place: Int) {
    guard let winners = executor.winners(of: place) else { return }
    let step = executor.steps[place]
    let (input, output) = (executor.activation(step.first), executor.activation(place))
    executor.shareBlocks(step) { block, blocks, _ in
      withUnsafePointer(to: step.pooling) {
        wbk_max_pool_forward(
          $0, blocks, input + block * executor.blockSize(step.first),
          output + block * executor.blockSize(place), winners + block * executor.blockSize(place))
      }
    }
  }

  func propagate(_ executor: Executor, _ place: Int, _ pass: Executor.BackwardPass) {
    guard let winners = executor.winners(of: place) else { return }
    let step = executor.steps[place]
    executor.deliver(to: step.first) { inner in
      withUnsafePointer(to: step.pooling) {
        wbk_max_pool_backward(
          $0, executor.view(place).blocks, executor.gradient(place), winners, inner)
      }
    }
  }
}

extension Executor {
  func winners(of place: Int) -> UnsafeMutablePointer<Int32>? {
    (states[place] as? Winners)?.places.pointer
  }
}

// MARK: - The precise engine

extension MaxPool {
  func forward<S>(_ node: PreciseNode<S>) {
    let (x, y) = (node.x, node.y)
    let start = node.engine.offsets[node.place]
    let window = SlidingWindow(node, pool)
    node.engine.winners.withUnsafeMutableBufferPointer { winners in
      for index in 0..<window.output.count { winners[start + index] = -1 }
      window.forEachInput { output, input in
        let best = winners[start + output]
        guard best < 0 || x[input].real > x[best].real else { return }
        winners[start + output] = input
        y[output] = x[input]
      }
    }
  }

  func backward<S>(_ node: PreciseNode<S>) {
    let (dx, dy) = (node.dx, node.dy)
    let start = node.engine.offsets[node.place]
    node.engine.winners.withUnsafeBufferPointer { winners in
      for index in 0..<node.count { dx[winners[start + index]] += dy[index] }
    }
  }
}

// MARK: - In ONNX

extension MaxPool {
  static var onnxTypes: [String] { ["MaxPool"] }

  func write(_ node: ONNXPlace, to model: inout ONNXWriter) {
    model.add("MaxPool", for: node, node.inputs, pool.onnx)
  }

  static func read(
    _ node: ONNXModel.Node, into network: inout ONNXReader
  ) throws(ONNXProblem) -> Bool {
    let place = try network.place(0, of: node)
    let window = try node.window()
    try network.add(.maxPool(window), for: node, on: [place])
    try window.checkRounding(of: node, over: network.shape(place))
    return true
  }
}
