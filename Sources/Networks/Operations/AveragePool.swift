import CKernels

/// The mean of each window.
package struct AveragePool: OperationKind {
  package let pool: Window

  private enum CodingKeys: String, CodingKey { case pool = "_0" }
}

extension Operation {
  package static func averagePool(_ window: Window) -> Operation {
    Operation(AveragePool(pool: window))
  }

  package var averagePool: AveragePool? { kind as? AveragePool }
}

extension AveragePool {
  static var word: String { "average-pool" }
  static var key: String { "averagePool" }
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
    pool.padding.isZero ? inputs[0] : inputs[0].onlyZeros
  }

  func pooling(reading input: Shape, making output: Shape) -> wbk_pooling {
    pool.pooling(reading: input, making: output)
  }

  func forward(_ executor: Executor, _ place: Int) { executor.averagePool(place) }

  func propagate(_ executor: Executor, _ place: Int, _ pass: Executor.BackwardPass) {
    executor.propagateAveragePool(place)
  }

  func propagateCurvature(
    _ squares: Executor, _ place: Int, _ pass: Executor.BackwardPass, first: Executor
  ) {
    squares.divideGradient(at: place, by: pool.size.area)
    propagate(squares, place, pass)
  }

  func forward<S>(_ node: PreciseNode<S>) { SlidingWindow(node, pool).average(node) }

  func backward<S>(_ node: PreciseNode<S>) {
    SlidingWindow(node, pool).spread(node, share: S(1 / Double(pool.size.area)))
  }

  func backwardCurvature(_ squares: PreciseNode<Double>, first: PreciseNode<Double>) {
    let area = pool.size.area
    SlidingWindow(squares, pool).spread(squares, share: 1 / Double(area * area))
  }
}

/// The mean over the map: channels × 1 × 1, still spatial.
package struct GlobalAveragePool: OperationKind, SizelessOperation {}

extension Operation {
  package static let globalAveragePool = Operation(GlobalAveragePool())
}

extension GlobalAveragePool {
  static var word: String { "global-average-pool" }
  static var key: String { "globalAveragePool" }
  var role: OperationRole { .pooling }
  var flow: ChannelFlow { .pass }
  var takesSingleLanes: Bool { false }

  func output(of inputs: NodeInputs) throws(GraphError) -> (Shape, Layout) {
    (Shape(try inputs.spatial().channels), .spatial)
  }

  func constants(_ inputs: [[Double?]], at place: Int, of network: Network) -> [Double?] {
    inputs[0]
  }

  func pooling(reading input: Shape, making output: Shape) -> wbk_pooling {
    Window(wholeMap: input).pooling(reading: input, making: output)
  }

  func forward(_ executor: Executor, _ place: Int) { executor.averagePool(place) }

  func propagate(_ executor: Executor, _ place: Int, _ pass: Executor.BackwardPass) {
    executor.propagateAveragePool(place)
  }

  func propagateCurvature(
    _ squares: Executor, _ place: Int, _ pass: Executor.BackwardPass, first: Executor
  ) {
    squares.divideGradient(at: place, by: squares.steps[squares.steps[place].first].shape.plane)
    propagate(squares, place, pass)
  }

  func forward<S>(_ node: PreciseNode<S>) { SlidingWindow(wholeMapOf: node).average(node) }

  func backward<S>(_ node: PreciseNode<S>) {
    let window = SlidingWindow(wholeMapOf: node)
    window.spread(node, share: S(1 / Double(window.size.area)))
  }

  func backwardCurvature(_ squares: PreciseNode<Double>, first: PreciseNode<Double>) {
    let window = SlidingWindow(wholeMapOf: squares)
    window.spread(squares, share: 1 / Double(window.size.area * window.size.area))
  }
}

// MARK: - What both do

extension Executor {
  fileprivate func averagePool(_ place: Int) {
    let step = steps[place]
    withUnsafePointer(to: step.pooling) {
      wbk_average_pool_forward(
        $0, view(place).blocks, activation(step.first), activation(place))
    }
  }

  fileprivate func propagateAveragePool(_ place: Int) {
    let step = steps[place]
    deliver(to: step.first) { inner in
      withUnsafePointer(to: step.pooling) {
        wbk_average_pool_backward($0, view(place).blocks, gradient(place), inner)
      }
    }
  }

  /// The kernel divides by the window once; a square divides twice.
  fileprivate func divideGradient(at place: Int, by area: Int) {
    let outer = gradient(place)
    wbk_scale(view(place).count, 1 / Float(area), outer, outer)
  }
}

extension SlidingWindow {
  fileprivate func average<S>(_ node: PreciseNode<S>) {
    let (x, y) = (node.x, node.y)
    y.update(repeating: S(0), count: output.count)
    let share = S(1 / Double(size.area))
    forEachInput { output, input in y[output] += share * x[input] }
  }

  fileprivate func spread<S>(_ node: PreciseNode<S>, share: S) {
    let (dx, dy) = (node.dx, node.dy)
    forEachInput { output, input in dx[input] += share * dy[output] }
  }
}

extension AveragePool {
  static var usage: String { "average-pool \(Window.usage)" }
  var text: String { pool.text }

  init(reading words: inout OperationWords) throws(OperationWords.Problem) {
    self.init(pool: try Window(reading: &words))
  }
}

// MARK: - In ONNX

extension AveragePool {
  static var onnxTypes: [String] { ["AveragePool"] }

  func write(_ node: ONNXPlace, to model: inout ONNXWriter) {
    model.add(
      "AveragePool", for: node, node.inputs,
      pool.onnx.merging(["count_include_pad": .number(1)]) { $1 })
  }

  static func read(
    _ node: ONNXModel.Node, into network: inout ONNXReader
  ) throws(ONNXProblem) -> Bool {
    let place = try network.place(0, of: node)
    let window = try node.window()
    if !window.padding.isZero { try node.demand("count_include_pad", 1, otherwise: 0) }
    try network.add(.averagePool(window), for: node, on: [place])
    try window.checkRounding(of: node, over: network.shape(place))
    return true
  }
}

extension GlobalAveragePool {
  static var onnxTypes: [String] { ["GlobalAveragePool", "ReduceMean"] }

  func write(_ node: ONNXPlace, to model: inout ONNXWriter) {
    model.add("GlobalAveragePool", for: node, node.inputs)
  }

  static func read(
    _ node: ONNXModel.Node, into network: inout ONNXReader
  ) throws(ONNXProblem) -> Bool {
    let place = try network.place(0, of: node)
    guard node.type == "ReduceMean" else {
      try network.add(.globalAveragePool, for: node, on: [place])
      return true
    }
    guard try network.axes(of: node) == [2, 3], network.layout(place) == .spatial
    else { throw ONNXProblem("takes the mean over other extents than height and width") }
    guard try node.number("keepdims", 1) == 0 else {
      try network.add(.globalAveragePool, for: node, on: [place])
      return true
    }
    let pooled = try network.add(.globalAveragePool, before: node, on: [place])
    try network.add(.flatten, for: node, on: [pooled])
    return true
  }
}
