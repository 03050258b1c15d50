/// Runs a network one sample at a time in inference mode, over any ``Scalar``.
///
/// What needs more digits than single precision has goes through it: the second-order quantities of
/// small networks, per-sample gradients, Hessian–vector products (over ``Dual``). It is written for
/// plainness, and is what the fast engine is tested against.
package final class PreciseEngine<S: Scalar> {
  package let graph: Graph
  package let layout: ParameterLayout
  /// The flat parameter vector.
  package var parameters: [S]
  /// What the passes work with: the parameters, or what layers make of latent weights.
  private(set) var working: [S] = []
  /// Running means and variances, as the network has them.
  let statistics: [Double]
  /// Where each node's values begin in `values` and `slopes`.
  let offsets: [Int]
  /// All nodes' outputs, and the derivatives of what was sent back in them.
  let values: UnsafeMutablePointer<S>
  let slopes: UnsafeMutablePointer<S>
  /// For each output of a max-pool the index of the input it took.
  var winners: [Int]
  let total: Int

  /// An engine for `graph` with these parameters, in the order of its ``ParameterLayout``.
  ///
  /// - Precondition: the vectors have the lengths that the layout asks for.
  package init(graph: Graph, parameters: [S], statistics: [Double]) {
    layout = ParameterLayout(graph)
    precondition(parameters.count == layout.count, "the parameters are not of this graph")
    precondition(statistics.count == layout.statisticsCount, "the statistics are not of this graph")
    self.graph = graph
    self.parameters = parameters
    self.statistics = statistics
    var offsets: [Int] = []
    var total = 0
    for shape in graph.shapes {
      offsets.append(total)
      total += shape.count
    }
    self.offsets = offsets
    self.total = total
    values = .allocate(capacity: total)
    values.initialize(repeating: S(0), count: total)
    slopes = .allocate(capacity: total)
    slopes.initialize(repeating: S(0), count: total)
    winners = [Int](repeating: 0, count: total)
  }

  /// An engine with the network's own parameters.
  package convenience init(_ network: Network) {
    self.init(
      graph: network.graph, parameters: network.values.map { S(Double($0)) },
      statistics: network.statistics.map(Double.init))
  }

  /// Makes what the passes work with of the parameters.
  func makeWorkingParameters() {
    working = parameters
    for slot in layout.slots {
      let kind = graph.nodes[slot.place].operation.kind
      guard kind.hasLatentWeights else { continue }
      for index in slot.weights { working[index] = S(kind.working(working[index].real)) }
    }
  }

  deinit {
    values.deallocate()
    slopes.deallocate()
  }

  /// The values of one node after ``forward(_:)``.
  package func output(of place: Int) -> [S] {
    Array(UnsafeBufferPointer(start: values + offsets[place], count: graph.shapes[place].count))
  }

  /// The derivatives in one node's values after ``backward(from:into:)``.
  package func slope(of place: Int) -> [S] {
    Array(UnsafeBufferPointer(start: slopes + offsets[place], count: graph.shapes[place].count))
  }

  /// The row of the Jacobian that belongs to one output: its derivative in every parameter.
  ///
  /// - Precondition: ``forward(_:)`` went before.
  package func jacobianRow(output: Int) -> [S] {
    var seed = [S](repeating: S(0), count: graph.outputs)
    seed[output] = S(1)
    var row = [S](repeating: S(0), count: layout.count)
    backward(from: seed, into: &row)
    return row
  }

  /// Factor and offset with which a batch normalisation by running statistics acts on a channel,
  /// apart from its own scale and shift: x̂ = (x − mean) · inverse.
  func normalization(at place: Int, channel: Int) -> (mean: Double, inverse: Double) {
    guard let range = layout.statistics[place] else { return (0, 1) }
    let mean = statistics[range.lowerBound + channel]
    let variance = statistics[range.lowerBound + range.count / 2 + channel]
    return (mean, 1 / (variance + Double(Executor.epsilon)).squareRoot())
  }
}
