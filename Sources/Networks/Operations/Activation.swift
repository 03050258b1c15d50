import CKernels

/// A function of single values whose derivatives follow from what it puts out.
protocol Activation: OperationKind {
  /// The function.
  func value(at input: Double) -> Double
  /// Its first and second derivative, from its output.
  func derivatives(at output: Double) -> (first: Double, second: Double)
  /// Its kernel: values in, values out.
  static var kernel: (Int64, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void { get }
  /// The kernel of its gradient: outputs and their gradients in, gradients of the inputs out.
  static var gradientKernel:
    (Int64, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  { get }
}

extension Activation {
  var role: OperationRole { .activation }
  var flow: ChannelFlow { .pass }
  var readsInputBackward: Bool { false }

  func output(of inputs: NodeInputs) throws(GraphError) -> (Shape, Layout) { try inputs.only() }

  func constants(_ inputs: [[Double?]], at place: Int, of network: Network) -> [Double?] {
    inputs[0].map { $0.map(value) }
  }

  func demand(reading input: Shape) throws(LayerProblem) -> LayerDemand { LayerDemand() }

  func forward(_ executor: Executor, _ place: Int) {
    let (input, output) = (
      executor.activation(executor.steps[place].first), executor.activation(place)
    )
    let kernel = Self.kernel
    executor.shareValues(place) { kernel($1, input + $0, output + $0) }
  }

  func propagate(_ executor: Executor, _ place: Int, _ pass: Executor.BackwardPass) {
    let (output, outer) = (executor.activation(place), executor.gradient(place))
    let kernel = Self.gradientKernel
    executor.deliver(to: executor.steps[place].first) { inner in
      executor.shareValues(place) { kernel($1, output + $0, outer + $0, inner + $0) }
    }
  }

  /// f'² ∂²E/∂y² + f'' ∂E/∂y.
  func propagateCurvature(
    _ squares: Executor, _ place: Int, _ pass: Executor.BackwardPass, first: Executor
  ) {
    let count = Int(squares.view(place).count)
    let outer = squares.gradient(place)
    let (y, slope) = (first.activation(place), first.gradient(place))
    squares.deliver(to: squares.steps[place].first) { inner in
      for index in 0..<count {
        let f = derivatives(at: Double(y[index]))
        inner[index] = Float(f.first * f.first) * outer[index] + Float(f.second) * slope[index]
      }
    }
  }

  func backwardCurvature(_ squares: PreciseNode<Double>, first: PreciseNode<Double>) {
    let (inner, outer) = (squares.dx, squares.dy)
    let (y, slope) = (first.y, first.dy)
    for index in 0..<squares.count {
      let f = derivatives(at: y[index])
      inner[index] += f.first * f.first * outer[index] + f.second * slope[index]
    }
  }
}
