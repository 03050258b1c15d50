import CKernels
import Numerics

/// `inputs[0] + scale · inputs[1]`: skip and branch of a residual block. The scale counts at
/// evaluation; in training the gate of the mini-batch stands in its place.
package struct ResidualSum: OperationKind {
  package var scale: Float
}

extension Operation {
  package static func residualSum(scale: Float) -> Operation {
    Operation(ResidualSum(scale: scale))
  }

  package var residualSum: ResidualSum? { kind as? ResidualSum }
}

extension ResidualSum {
  static var word: String { "residual-sum" }
  static var key: String { "residualSum" }
  var role: OperationRole { .joining }
  var flow: ChannelFlow { .pass }
  var blockScale: Float? { scale }

  func output(of inputs: NodeInputs) throws(GraphError) -> (Shape, Layout) {
    let (shapes, layouts) = (inputs.shapes, inputs.layouts)
    guard shapes.count == 2, shapes[0] == shapes[1], layouts[0] == layouts[1] else {
      throw inputs.refuse("skip and branch differ: \(shapes.map(\.description))")
    }
    return (shapes[0], layouts[0])
  }

  func constants(_ inputs: [[Double?]], at place: Int, of network: Network) -> [Double?] {
    zip(inputs[0], inputs[1]).map { skip, branch in
      guard scale != 0 else { return skip }
      guard let skip, let branch else { return nil }
      return skip + Double(scale) * branch
    }
  }
}

extension ResidualSum {
  static var usage: String { "residual-sum [scale=FACTOR] from SKIP, BRANCH" }
  var text: String { OperationWords.text([], [("scale", scale == 1 ? nil : "\(scale)")]) }

  init(reading words: inout OperationWords) throws(OperationWords.Problem) {
    self.init(scale: try words.number(named: "scale").map { Float($0) } ?? 1)
  }
}

// MARK: - The fast engine

extension ResidualSum {
  var canRectify: Bool { true }
  var propagatesInPlace: Bool { true }
  var readsInputBackward: Bool { false }
  /// A dropped branch leaves nothing to be done, so that the ReLU works itself.
  func rectifies(_ executor: Executor, _ place: Int) -> Bool { executor.gates[place] != 0 }
  func rectifiesBackward(_ executor: Executor) -> Bool { executor.mode != .inference }

  func forward(_ executor: Executor, _ place: Int) {
    let step = executor.steps[place]
    let (input, output) = (executor.activation(step.first), executor.activation(place))
    let factor = executor.gates[place]
    executor.shareValues(place) { start, count in
      if factor == 0 {
        (output + start).update(from: input + start, count: Int(count))
      } else if step.rectifies {
        wbk_sum_scaled_relu(
          count, input + start, factor, executor.activation(step.second) + start, output + start)
      } else {
        wbk_sum_scaled(
          count, input + start, factor, executor.activation(step.second) + start, output + start)
      }
    }
  }

  func propagate(_ executor: Executor, _ place: Int, _ pass: Executor.BackwardPass) {
    let step = executor.steps[place]
    let outer = executor.gradient(place)
    let factor = executor.gates[place]
    let rectified =
      step.rectifies && rectifiesBackward(executor) ? executor.activation(place) : nil
    if factor != 0, step.first != step.second, executor.isFresh(step.first),
      executor.isFresh(step.second)
    {
      executor.deliver(to: step.first) { skip in
        executor.deliver(to: step.second) { branch in
          executor.shareValues(place) { start, count in
            wbk_sum_scaled_gradient(
              count, factor, rectified.map { UnsafePointer($0 + start) }, outer + start,
              skip + start, branch + start)
          }
        }
      }
      return
    }
    if let rectified {
      executor.shareValues(place) {
        wbk_relu_gradient($1, rectified + $0, outer + $0, outer + $0)
      }
    }
    executor.deliver(to: step.first) { inner in
      executor.shareValues(place) { (inner + $0).update(from: outer + $0, count: Int($1)) }
    }
    if factor != 0 {
      executor.deliver(to: step.second) { inner in
        executor.shareValues(place) { wbk_scale($1, factor, outer + $0, inner + $0) }
      }
    }
  }
}

// MARK: - The precise engine

extension ResidualSum {
  func forward<S>(_ node: PreciseNode<S>) {
    let (x, y) = (node.x, node.y)
    let branch = node.output(of: node.inputs[1])
    let factor = S(Double(scale))
    for index in 0..<node.count { y[index] = x[index] + factor * branch[index] }
  }

  func backward<S>(_ node: PreciseNode<S>) { backward(node, factor: S(Double(scale))) }

  func backwardCurvature(_ squares: PreciseNode<Double>, first: PreciseNode<Double>) {
    backward(squares, factor: Double(scale) * Double(scale))
  }

  private func backward<S>(_ node: PreciseNode<S>, factor: S) {
    let (dx, dy) = (node.dx, node.dy)
    let branch = node.slope(of: node.inputs[1])
    for index in 0..<node.count {
      dx[index] += dy[index]
      branch[index] += factor * dy[index]
    }
  }
}

// MARK: - In ONNX

extension ResidualSum {
  static var onnxTypes: [String] { ["Add", "Mul", "Sum"] }

  func write(_ node: ONNXPlace, to model: inout ONNXWriter) {
    guard scale != 1 else { return model.add("Add", for: node, node.inputs) }
    let factor = model.add(ONNXModel.Tensor("", [], [scale]), "scale", of: node)
    let branch = model.add("Mul", before: node, [node.inputs[1], factor])
    model.add("Add", for: node, [node.inputs[0], branch])
  }

  /// Branch and skip stand in any order: what passes more nodes is the branch.
  static func read(
    _ node: ONNXModel.Node, into network: inout ONNXReader
  ) throws(ONNXProblem) -> Bool {
    guard node.inputs.count == 2 else { return false }
    if node.type == "Mul" {
      for (value, factor) in [(0, 1), (1, 0)] {
        if let factor = network.floats(factor, of: node)?.floats, factor.count == 1,
          case .place(let place) = network.value(value, of: node)
        {
          try network.define(node, .scaled(place, by: factor[0]))
          return true
        }
      }
      return false
    }
    func term(_ index: Int) -> (place: Int, scale: Float)? {
      switch network.value(index, of: node) {
      case .place(let place): (place, 1)
      case .scaled(let place, let scale): (place, scale)
      default: nil
      }
    }
    guard let first = term(0), let second = term(1) else { return false }
    let inOrder = network.nodes.isBranch(second.place, beside: first.place)
    let (skip, branch) =
      second.scale != 1 || (first.scale == 1 && inOrder) ? (first, second) : (second, first)
    guard skip.scale == 1 else { throw ONNXProblem("adds two values that are both scaled") }
    try network.add(
      .residualSum(scale: branch.scale), for: node, on: [skip.place, branch.place])
    return true
  }
}

extension [Graph.Node] {
  /// Whether more nodes lead to `place` and not to `other` than the other way round.
  fileprivate func isBranch(_ place: Int, beside other: Int) -> Bool {
    let (own, others) = (leading(to: place), leading(to: other))
    return own.subtracting(others).count >= others.subtracting(own).count
  }
}
