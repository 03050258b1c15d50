import CKernels

/// A kind's passes in the fast engine.
protocol BatchedOperation {
  /// Computes the node's output for the loaded batch.
  func forward(_ executor: Executor, _ place: Int)
  /// Carries the gradient of the node's output to its inputs.
  func propagate(_ executor: Executor, _ place: Int, _ pass: Executor.BackwardPass)
  /// Brings to a sink what the node's parameters learn from the gradient of its output.
  func accumulate(_ executor: Executor, _ place: Int, into sink: Executor.Sink)
  /// One node's step of LeCun's recursion.
  ///
  /// - Parameters:
  ///   - squares: an executor with squared activations, whose gradients are curvatures.
  ///   - pass: a pass over squared parameters.
  ///   - first: the executor that holds the values, and where a node of the graph asks for them the
  ///     gradients.
  func propagateCurvature(
    _ squares: Executor, _ place: Int, _ pass: Executor.BackwardPass, first: Executor)
  /// Whether that step asks for the gradients of the values.
  var curvatureReadsGradients: Bool { get }

  /// Makes of latent weights, in their place, what the passes work with.
  func makeWorking(_ weights: UnsafeMutablePointer<Float>, count: Int)
  /// Keeps latent weights, after a step, where a gradient still moves what is made of them.
  func boundLatent(_ weights: UnsafeMutablePointer<Float>, count: Int)

  /// What the node keeps of a batch between its passes.
  func makeState(for step: Step, lanes: Int) -> (any OperationState)?
  /// Moves running statistics by `rate` towards those of the last training batch.
  func updateStatistics(_ executor: Executor, _ place: Int, rate: Float)
  /// The kernels' description of a pool.
  func pooling(reading input: Shape, making output: Shape) -> wbk_pooling
  /// The memory that a part of the node's work needs.
  func workspace(
    of step: Step, _ slot: ParameterPacking.Slot, isSingle: Bool
  ) -> WorkspaceDemand

  /// Whether the backward pass asks for what the node read; if not, an activation or a sum works in place.
  var readsInputBackward: Bool { get }
  /// Whether the gradient of the output may make room for that of an input as large.
  var propagatesInPlace: Bool { get }
  /// Whether the kernels take flat tensors of one lane.
  var takesSingleLanes: Bool { get }
  /// The density of live weights below which the node's sparse products are the faster ones.
  var sparseDensity: Double { get }
  /// Whether the node can do the work of a ReLU that alone reads it.
  var canRectify: Bool { get }
  /// Whether it does so in the forward pass under way.
  func rectifies(_ executor: Executor, _ place: Int) -> Bool
  /// Whether it does so in the backward pass.
  func rectifiesBackward(_ executor: Executor) -> Bool
}

extension BatchedOperation {
  func accumulate(_ executor: Executor, _ place: Int, into sink: Executor.Sink) {}
  func propagateCurvature(
    _ squares: Executor, _ place: Int, _ pass: Executor.BackwardPass, first: Executor
  ) {
    propagate(squares, place, pass)
  }
  var curvatureReadsGradients: Bool { false }
  func makeWorking(_ weights: UnsafeMutablePointer<Float>, count: Int) {}
  func boundLatent(_ weights: UnsafeMutablePointer<Float>, count: Int) {}
  func makeState(for step: Step, lanes: Int) -> (any OperationState)? { nil }
  func updateStatistics(_ executor: Executor, _ place: Int, rate: Float) {}
  func pooling(reading input: Shape, making output: Shape) -> wbk_pooling { wbk_pooling() }
  func workspace(
    of step: Step, _ slot: ParameterPacking.Slot, isSingle: Bool
  ) -> WorkspaceDemand {
    WorkspaceDemand()
  }
  var readsInputBackward: Bool { true }
  var propagatesInPlace: Bool { false }
  var takesSingleLanes: Bool { true }
  var sparseDensity: Double { 0 }
  var canRectify: Bool { false }
  func rectifies(_ executor: Executor, _ place: Int) -> Bool { false }
  func rectifiesBackward(_ executor: Executor) -> Bool { false }
}

/// What an operation keeps of one batch.
protocol OperationState: AnyObject {
  /// Becomes what the other is, with squares in place of what a gradient is multiplied by.
  func takeSquares(of other: any OperationState)
}

extension Executor {
  /// What a backward pass is over.
  struct BackwardPass {
    /// The packed parameters.
    let parameters: UnsafePointer<Float>
    let sink: Sink
  }
}

extension BatchedOperation {
  /// Whether the products of a layer with so many live weights take less time sparse.
  ///
  /// The density is tabled, not measured at start-up: the bits of a result must not depend on what else the
  /// machine did in the meantime. `workbench bench --filter switch/` measures both sides.
  func runsSparse(live: Int, of weights: Int) -> Bool {
    Double(live) / Double(max(weights, 1)) < sparseDensity
  }
}
