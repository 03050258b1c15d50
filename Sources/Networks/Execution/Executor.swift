import CKernels
package import Numerics

/// Runs a graph forward and backward on mini-batches, in single precision.
///
/// It owns the memory of all activations, gradients and parameters, allocated once for the largest
/// batch: a step of training allocates nothing. Activations whose input nobody else reads work in
/// place, and what nobody looks at makes room for what follows. One executor serves one caller at a
/// time and shares the work among its team's threads; the bits it computes do not depend on their
/// number.
package final class Executor {
  /// How the network behaves.
  package enum Mode: Equatable {
    /// Batch normalisation by running statistics, blocks scaled.
    case inference
    /// Batch normalisation by the batch's statistics. One gate a residual block, in order: a block
    /// with gate 0 is skipped, forward and backward. Empty means all 1.
    case training(gates: [Float])
  }

  /// What an executor is for, which decides what it may leave out.
  package enum Purpose {
    /// Forward passes alone; a single sample need not fill its 16 lanes.
    case inference
    /// Gradients of the parameters that are live.
    case training
  }

  package let graph: Graph
  package let layout: ParameterLayout
  /// The largest batch.
  package let capacity: Int
  /// The lanes of the batch that is loaded.
  package internal(set) var batch = Lanes(valid: 0)

  let steps: [Step]
  let team: Team
  private(set) var packing: ParameterPacking
  /// The parameters, packed.
  private(set) var parameters: FloatBuffer
  /// What the kernels work with: the parameters themselves, or where layers have latent weights what they
  /// make of them in each forward pass.
  private(set) var working: FloatBuffer
  /// Whether they are those of the present parameters. Whoever writes to these says that they are not.
  var isWorkingKnown = false
  /// Running means and variances of the batch normalisations.
  let statistics: FloatBuffer
  /// Which parameters training leaves alone, in the flat order; empty where there are none.
  private(set) var frozen: [Bool] = []
  /// For each node which of `activations` it uses, and whose gradient.
  let storage: [Int]
  var activations: [FloatBuffer]
  private let gradientPlan: GradientPlan
  /// Made by the first backward pass: inference does without.
  lazy var gradients = FloatBuffer.sideBySide(gradientPlan.counts)
  /// For each node whether a gradient must reach it.
  let needsGradient: [Bool]
  /// For each node the residual sum in whose branch it lies.
  let sums: [Int?]
  /// Whether the gradient of a storage holds a value in the backward pass under way.
  var written: [Bool]
  /// What nodes keep of a batch between their passes.
  let states: [(any OperationState)?]
  /// Branch factor of each residual sum in the pass under way, by the sum's place.
  var gates: [Float]
  var mode = Mode.inference
  /// What the random choices of the pass under way follow from: whoever trains gives each step another.
  package var noise: UInt64 = 0
  /// One for each part of a layer's work.
  private(set) var workspaces: [Workspace]
  /// A gradient on its way into a node that has one already.
  private(set) lazy var carry = FloatBuffer(count: gradientPlan.counts.max() ?? 0)
  /// Squares on their way into a sum.
  private(set) lazy var squared = FloatBuffer(count: carry.count)
  /// What is not 0 of the gradient of a dense layer's output.
  private(set) lazy var nonzeros: NonzeroValues = {
    let units = steps.lazy.filter { $0.kind is Dense }.map(\.shape.channels).max() ?? 0
    return NonzeroValues(rows: units, columns: Lanes(valid: capacity).count)
  }()
  var targets = Targets.none
  /// The rows of inputs that lie in the order of a batch.
  lazy var inOrder = Array(0..<Int32(capacity))
  var labels: Buffer<Int32>
  let losses: FloatBuffer
  /// Whether a lane stands for one sample alone instead of 16.
  let isSingle: Bool

  enum Targets {
    case none
    case labels
    case values(FloatBuffer)
  }

  /// Added to the variance in batch normalisation.
  package static let epsilon: Float = 1e-5

  /// An executor to measure a network with: every activation and its gradient can be looked at, and
  /// masked parameters have gradients.
  package convenience init(graph: Graph, capacity: Int, team: Team = .shared) {
    let layout = ParameterLayout(graph)
    self.init(
      graph, layout, capacity, ParameterPacking(layout, nodes: graph.nodes.count),
      fuses: false, isSingle: false, team: team)
  }

  /// An executor that computes with the live weights of `network`, sparse where that is faster, and
  /// has adopted its parameters.
  package convenience init(
    network: Network, capacity: Int, for purpose: Purpose, team: Team = .shared
  ) {
    let isSingle =
      purpose == .inference && capacity == 1 && network.graph.takesSingleLanes
    self.init(
      network.graph, network.layout, capacity,
      ParameterPacking(network, parts: team.threads, isSingle: isSingle),
      fuses: true, isSingle: isSingle, team: team)
    frozen = network.frozen
    adopt(network)
  }

  private init(
    _ graph: Graph, _ layout: ParameterLayout, _ capacity: Int, _ packing: ParameterPacking,
    fuses: Bool, isSingle: Bool, team: Team
  ) {
    precondition(capacity > 0, "an executor needs room for a sample")
    self.graph = graph
    self.layout = layout
    self.capacity = capacity
    self.packing = packing
    let steps = graph.steps(fuses: fuses)
    self.steps = steps
    self.isSingle = isSingle
    self.team = team
    let lanes = Lanes(valid: capacity).count
    // A kernel reads a single sample's features so many at a time.
    let unit = isSingle ? SlottedLayer.segmentWidth : 1
    let storage = graph.sharedStorage(fuses: fuses)
    var sizes = [Int](repeating: 0, count: (storage.max() ?? 0) + 1)
    for place in steps.indices where steps[place].pool < 0 {
      sizes[storage[place]] = max(sizes[storage[place]], steps[place].shape.count * lanes)
    }
    // What its reader makes for itself has a gradient, and no place of its own.
    let made = Set(steps.indices.filter { steps[$0].isMadeByReader }.map { storage[$0] })
    self.storage = storage
    sizes = sizes.map { ($0 + unit - 1) / unit * unit }
    activations = FloatBuffer.sideBySide(sizes.indices.map { made.contains($0) ? 0 : sizes[$0] })
    written = [Bool](repeating: false, count: sizes.count)
    needsGradient = graph.nodesOnGradientPaths()
    gradientPlan =
      fuses
      ? GradientPlan(
        sharing: sizes, storage: storage, steps: steps, of: graph, needsGradient: needsGradient)
      : GradientPlan(keepingAll: sizes)
    sums = graph.nodes.map { node in node.block.flatMap(graph.place(of:)) }
    gates = [Float](repeating: 1, count: steps.count)
    parameters = FloatBuffer(count: packing.count)
    working = graph.hasLatentWeights ? FloatBuffer(count: packing.count) : parameters
    statistics = FloatBuffer(count: layout.statisticsCount)
    states = steps.map { $0.kind.makeState(for: $0, lanes: lanes) }
    workspaces = Workspace.all(for: steps, packing, isSingle: isSingle, team: team)
    labels = Buffer(count: lanes)
    losses = FloatBuffer(count: lanes)
  }

  /// Goes on with a network of this graph whose masks or frozen parameters are others. Activations
  /// and their gradients stay where they are.
  ///
  /// - Parameter known: the one that was adopted last.
  func change(to network: Network, from known: Network) {
    precondition(network.layout.count == layout.count, "the network is not of this graph")
    packing = ParameterPacking(
      network, parts: team.threads, isSingle: isSingle, present: (packing, known))
    if parameters.count != packing.count {
      parameters = FloatBuffer(count: packing.count)
      working = graph.hasLatentWeights ? FloatBuffer(count: packing.count) : parameters
    }
    workspaces = Workspace.all(
      for: steps, packing, isSingle: isSingle, team: team, present: workspaces)
    frozen = network.frozen
    adopt(network)
  }

  /// Takes over the parameters and running statistics of a network of this graph and these masks.
  package func adopt(_ network: Network) {
    precondition(network.layout.count == layout.count, "the network is not of this graph")
    packing.pack(network.values, into: parameters.pointer)
    isWorkingKnown = false
    for (index, value) in network.statistics.enumerated() { statistics.pointer[index] = value }
  }

  /// Gives a network what became of the parameters and statistics it was adopted with.
  package func release(into network: inout Network) {
    // Written to in place, values that somebody else holds too would be copied first.
    network.values = packing.unpacked(parameters.pointer, count: layout.count)
    for index in network.statistics.indices {
      network.statistics[index] = statistics.pointer[index]
    }
  }

  /// Whether no parameter is infinite or no number.
  var hasFiniteParameters: Bool {
    (0..<parameters.count).allSatisfy { parameters.pointer[$0].isFinite }
  }

  /// The network's output for one loaded sample.
  package func output(sample: Int) -> [Float] {
    precondition(sample < batch.valid, "sample \(sample) of \(batch.valid)")
    let last = steps.count - 1
    return (0..<graph.outputs).map { activation(last)[$0 * batch.count + sample] }
  }

  /// The network's outputs for all loaded samples, sample by sample.
  package func outputs() -> [Float] {
    let last = activation(steps.count - 1)
    let (outputs, lanes) = (graph.outputs, batch.count)
    return [Float](unsafeUninitializedCapacity: batch.valid * outputs) { result, count in
      count = result.count
      for sample in 0..<batch.valid {
        for output in 0..<outputs {
          result[sample * outputs + output] = last[output * lanes + sample]
        }
      }
    }
  }

  func activation(_ place: Int) -> UnsafeMutablePointer<Float> {
    activations[storage[place]].pointer
  }

  func gradient(_ place: Int) -> UnsafeMutablePointer<Float> {
    gradients[gradientPlan.buffers[storage[place]]].pointer
  }

  func view(_ place: Int) -> ChannelView {
    ChannelView(steps[place].shape, steps[place].layout, batch)
  }
}

extension Graph {
  /// Whether every kernel that runs the graph forward takes tensors of one lane.
  fileprivate var takesSingleLanes: Bool {
    zip(nodes, layouts).allSatisfy { $0.operation.kind.takesSingleLanes && $1 == .flat }
  }
}
