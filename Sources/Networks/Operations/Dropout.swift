import CKernels

/// In training each value is 0 with the chance of the rate, and divided by the chance of staying
/// otherwise; at evaluation it is what it was.
///
/// N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever, R. Salakhutdinov: Dropout. JMLR 15, 2014.
///
/// Departs from the paper: it multiplies weights at evaluation. The division in training in their place
/// leaves the evaluated network alone, so that pruning and surgery need not know of it.
package struct Dropout: OperationKind {
  /// From 0 on, below 1.
  package let rate: Double
}

extension Operation {
  package static func dropout(_ rate: Double) -> Operation { Operation(Dropout(rate: rate)) }
}

extension Dropout {
  static var word: String { "dropout" }
  static var key: String { "dropout" }
  var role: OperationRole { .noise }
  var flow: ChannelFlow { .pass }

  func output(of inputs: NodeInputs) throws(GraphError) -> (Shape, Layout) {
    guard rate >= 0, rate < 1 else {
      throw inputs.refuse("its rate is \(rate), and one from 0 to below 1 is wanted")
    }
    return try inputs.only()
  }

  func constants(_ inputs: [[Double?]], at place: Int, of network: Network) -> [Double?] {
    inputs[0]
  }

  func forward(_ executor: Executor, _ place: Int) {
    let input = executor.activation(executor.steps[place].first)
    apply(executor, place, from: input, to: executor.activation(place))
  }

  func propagate(_ executor: Executor, _ place: Int, _ pass: Executor.BackwardPass) {
    let outer = executor.gradient(place)
    executor.deliver(to: executor.steps[place].first) {
      apply(executor, place, from: outer, to: $0)
    }
  }

  private func apply(
    _ executor: Executor, _ place: Int, from source: UnsafePointer<Float>,
    to target: UnsafeMutablePointer<Float>
  ) {
    guard executor.mode != .inference else {
      return executor.shareValues(place) {
        (target + $0).update(from: source + $0, count: Int($1))
      }
    }
    // Nodes of one batch differ by their places.
    let key = executor.noise &+ UInt64(place) &* 0x9e37_79b9_7f4a_7c15
    let dropped = UInt32(rate * 4_294_967_296)
    let factor = Float(1 / (1 - rate))
    executor.shareValues(place) {
      wbk_dropout($1, Int64($0), key, dropped, factor, source + $0, target + $0)
    }
  }

  // The precise engine evaluates.
  func forward<S>(_ node: PreciseNode<S>) { node.y.update(from: node.x, count: node.count) }

  func backward<S>(_ node: PreciseNode<S>) {
    let (dx, dy) = (node.dx, node.dy)
    for index in 0..<node.count { dx[index] += dy[index] }
  }
}

extension Dropout {
  static var usage: String { "dropout RATE" }
  var text: String { "\(rate)" }

  init(reading words: inout OperationWords) throws(OperationWords.Problem) {
    self.init(rate: try words.number("rate"))
  }
}

// MARK: - In ONNX

extension Dropout {
  static var onnxTypes: [String] { ["Dropout"] }

  /// At evaluation it does nothing; the rate is written for whoever trains on.
  func write(_ node: ONNXPlace, to model: inout ONNXWriter) {
    let ratio = model.add(ONNXModel.Tensor("", [], [Float(rate)]), "ratio", of: node)
    model.add("Dropout", for: node, node.inputs + [ratio])
  }

  static func read(
    _ node: ONNXModel.Node, into network: inout ONNXReader
  ) throws(ONNXProblem) -> Bool {
    var rate = try node.float("ratio", 0.5)
    if network.has(1, of: node) {
      guard let ratio = network.floats(1, of: node)?.floats, ratio.count == 1 else {
        throw ONNXProblem("has a ratio that is no known number")
      }
      rate = ratio[0]
    }
    // The shortest decimal number that is the same in single precision: 0.3, and not 0.30000001.
    let place = try network.place(0, of: node)
    try network.add(.dropout(Double("\(rate)") ?? Double(rate)), for: node, on: [place])
    return true
  }
}
