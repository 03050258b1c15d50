import CKernels

/// A function of single values. Its derivatives follow from what it puts out, or, where
/// ``BatchedOperation/readsInputBackward`` says so, from what it reads.
protocol Activation: OperationKind {
  /// The function.
  func value(at input: Double) -> Double
  /// Its first and second derivative, from its output or input.
  func derivatives(at value: Double) -> (first: Double, second: Double)
  /// Its kernel: values in, values out.
  static var kernel: (Int64, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void { get }
  /// The kernel of its gradient: outputs or inputs and the outputs' gradients in, gradients of the
  /// inputs out.
  static var gradientKernel:
    (Int64, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  { get }
}

extension Activation {
  var role: OperationRole { .activation }
  var flow: ChannelFlow { .pass }
  var readsInputBackward: Bool { false }
  /// Not where the function is of pieces of slope 0 and 1.
  var curvatureReadsGradients: Bool { true }

  func output(of inputs: NodeInputs) throws(GraphError) -> (Shape, Layout) { try inputs.only() }

  func constants(_ inputs: [[Double?]], at place: Int, of network: Network) -> [Double?] {
    inputs[0].map { $0.map(value) }
  }

  static var canBePutIn: Bool { true }

  func forward(_ executor: Executor, _ place: Int) {
    let (input, output) = (
      executor.activation(executor.steps[place].first), executor.activation(place)
    )
    let kernel = Self.kernel
    executor.shareValues(place) { kernel($1, input + $0, output + $0) }
  }

  func propagate(_ executor: Executor, _ place: Int, _ pass: Executor.BackwardPass) {
    let (read, outer) = (
      executor.activation(source(of: place, in: executor)), executor.gradient(place)
    )
    let kernel = Self.gradientKernel
    executor.deliver(to: executor.steps[place].first) { inner in
      executor.shareValues(place) { kernel($1, read + $0, outer + $0, inner + $0) }
    }
  }

  /// The node whose values the derivatives follow from.
  private func source(of place: Int, in executor: Executor) -> Int {
    readsInputBackward ? executor.steps[place].first : place
  }

  /// f'² ∂²E/∂y² + f'' ∂E/∂y, of which the gradient's kernel makes the former where f' is 0 or 1.
  func propagateCurvature(
    _ squares: Executor, _ place: Int, _ pass: Executor.BackwardPass, first: Executor
  ) {
    let count = Int(squares.view(place).count)
    let outer = squares.gradient(place)
    let read = first.activation(source(of: place, in: first))
    guard curvatureReadsGradients else {
      let kernel = Self.gradientKernel
      return squares.deliver(to: squares.steps[place].first) { inner in
        squares.shareValues(place) { kernel($1, read + $0, outer + $0, inner + $0) }
      }
    }
    let slope = first.gradient(place)
    squares.deliver(to: squares.steps[place].first) { inner in
      for index in 0..<count {
        let f = derivatives(at: Double(read[index]))
        inner[index] = Float(f.first * f.first) * outer[index] + Float(f.second) * slope[index]
      }
    }
  }

  func backwardCurvature(_ squares: PreciseNode<Double>, first: PreciseNode<Double>) {
    let (inner, outer) = (squares.dx, squares.dy)
    let (read, slope) = (readsInputBackward ? first.x : UnsafePointer(first.y), first.dy)
    for index in 0..<squares.count {
      let f = derivatives(at: read[index])
      inner[index] += f.first * f.first * outer[index] + f.second * slope[index]
    }
  }
}
