/// A kind's passes in the precise engine, written for plainness.
protocol PreciseOperation {
  /// Computes the node's output.
  func forward<S>(_ node: PreciseNode<S>)
  /// Adds the derivatives in the node's inputs and parameters from those in its output. The same step
  /// on squares is that of LeCun's recursion where a node is linear.
  func backward<S>(_ node: PreciseNode<S>)
  /// One node's step of LeCun's recursion.
  ///
  /// - Parameters:
  ///   - squares: the node with squared values and parameters, whose slopes are curvatures.
  ///   - first: the node with the values and slopes of the passes before.
  func backwardCurvature(_ squares: PreciseNode<Double>, first: PreciseNode<Double>)

  // A generic function that is reached through a protocol runs unspecialised, some hundred times slower.
  // These are its specialised forms: their default bodies know both the kind and the scalar.
  func forwardDouble(_ node: PreciseNode<Double>)
  func forwardDual(_ node: PreciseNode<Dual>)
  func backwardDouble(_ node: PreciseNode<Double>)
  func backwardDual(_ node: PreciseNode<Dual>)
}

extension PreciseOperation {
  func backwardCurvature(_ squares: PreciseNode<Double>, first: PreciseNode<Double>) {
    backward(squares)
  }
  func forwardDouble(_ node: PreciseNode<Double>) { forward(node) }
  func forwardDual(_ node: PreciseNode<Dual>) { forward(node) }
  func backwardDouble(_ node: PreciseNode<Double>) { backward(node) }
  func backwardDual(_ node: PreciseNode<Dual>) { backward(node) }
}

/// One node in a pass of the precise engine.
struct PreciseNode<S: Scalar> {
  let engine: PreciseEngine<S>
  let place: Int
  /// The outputs of all nodes.
  let values: UnsafeMutablePointer<S>
  /// The derivatives in them.
  let slopes: UnsafeMutablePointer<S>
  let parameters: UnsafeBufferPointer<S>
  /// The derivatives in the parameters; empty in a forward pass.
  let gradient: UnsafeMutableBufferPointer<S>

  var shape: Shape { engine.graph.shapes[place] }
  var count: Int { shape.count }
  var inputs: [Int] { engine.graph.nodes[place].inputs }
  var slot: ParameterLayout.Slot? { engine.layout[place] }

  /// What the node reads first.
  var x: UnsafePointer<S> { UnsafePointer(values + engine.offsets[inputs[0]]) }
  var y: UnsafeMutablePointer<S> { values + engine.offsets[place] }
  /// The derivatives in what the node reads first.
  var dx: UnsafeMutablePointer<S> { slopes + engine.offsets[inputs[0]] }
  var dy: UnsafePointer<S> { UnsafePointer(slopes + engine.offsets[place]) }

  /// What the node at another place put out.
  func output(of place: Int) -> UnsafeMutablePointer<S> { values + engine.offsets[place] }
  /// The derivatives in what the node at another place put out.
  func slope(of place: Int) -> UnsafeMutablePointer<S> { slopes + engine.offsets[place] }
}
