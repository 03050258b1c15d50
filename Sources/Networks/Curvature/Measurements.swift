package import Numerics

/// What strategies may ask about a network, measured over samples in inference mode.
///
/// Everything is computed when first asked for, over all samples, and kept. Parameter-sized vectors
/// are flat in the order of the network's layout; masked parameters have their entries too, those
/// of batch normalisations have a gradient and curvature 0.
///
/// A small problem (multiply-adds × samples × outputs up to ``preciseWork``) is computed in double
/// precision: single precision keeps sums of squares to about 6e-7 of each entry, but where the
/// terms of LeCun's recursion cancel to 3e-5 only, and close saliencies are told apart by less. A
/// large one goes through the fast engine in batches.
package final class Measurements {
  package let network: Network
  package let samples: Samples
  /// The loss whose derivatives are measured.
  package let lossKind: Loss
  /// What other measurements over the samples have found.
  package let knownMoments: KnownMoments
  private let precise: PreciseCurvature
  private let isSmall: Bool
  private lazy var batched = BatchedCurvature(
    network: network, samples: samples, loss: lossKind,
    capacity: batchSize ?? network.graph.measuringBatch, team: team)
  private let batchSize: Int?
  private let team: Team
  private var cache = Cache()
  /// Operations of all passes so far, as ``Network/trainingOperations`` counts.
  package private(set) var operations = 0.0

  /// The multiply-adds of all passes up to which double precision is affordable: well below a
  /// second.
  package static let preciseWork = 20_000_000

  private struct Cache {
    var loss: Double?
    var gradient: [Float]?
    var layerGradients: [Int: [Float]] = [:]
    var fisher: [Float]?
    var gaussNewton: [Float]?
    var outputCurvatures: [Int: [Float]]?
    var leCun: [Float]?
    var activations: [Int: UnitStatistics]?
    /// Layers whose activations were asked for.
    var counted: Set<Int> = []
    var moments: [Int: InputMoment] = [:]
  }

  /// Measurements of `network` over `samples`.
  ///
  /// - Parameters:
  ///   - knownMoments: shared with other measurements over the same samples, for speed.
  ///   - batchSize: the samples the fast engine takes at once; nil for what suits the network.
  ///   - preciseWork: the work up to which double precision is used; negative never, `Int.max` always.
  ///   - team: the threads that the fast engine shares its work among; they do not change a bit.
  /// - Precondition: the samples' features, outputs and kind of targets are what the network and
  ///   the loss take.
  package init(
    network: Network, samples: Samples, loss: Loss, knownMoments: KnownMoments = KnownMoments(),
    batchSize: Int? = nil, preciseWork: Int = Measurements.preciseWork, team: Team = .shared
  ) {
    self.team = team
    self.network = network
    self.samples = samples
    lossKind = loss
    self.knownMoments = knownMoments
    self.batchSize = batchSize
    precise = PreciseCurvature(network: network, samples: samples, loss: loss)
    let products = network.layout.slots.reduce(0) { sum, slot in
      sum + slot.weights.count * network.graph.shapes[slot.place].plane
    }
    let work = Double(products) * Double(samples.count) * Double(network.graph.outputs)
    isSmall = work <= Double(preciseWork)
  }

  /// The mean loss.
  package func loss() -> Double {
    computeOnce(\.loss) {
      count()
      return isSmall ? precise.meanLoss() : batched.meanLoss()
    }
  }

  /// The gradient of the mean loss.
  package func gradient() -> [Float] {
    computeOnce(\.gradient) {
      count(backward: 1)
      return isSmall ? precise.gradient().map { Float($0) } : batched.gradient()
    }
  }

  /// The same in the parameters of the weighted layer at `place`. Of a large dense network no other
  /// layer's is computed.
  package func gradient(at place: Int) -> ArraySlice<Float> {
    guard let slot = network.layout[place] else { return [] }
    guard !isSmall, cache.gradient == nil, batched.keepsGradients else {
      return gradient()[slot.all]
    }
    if let known = cache.layerGradients[place] { return known[...] }
    if cache.layerGradients.isEmpty { count(backward: 1) }
    let gradient = batched.gradient(at: place)
    cache.layerGradients[place] = gradient
    return gradient[...]
  }

  /// The diagonal of the empirical Fisher matrix: the mean of squared per-sample gradients.
  package func fisherDiagonal() -> [Float] {
    computeOnce(\.fisher) {
      count(backward: 1)
      return layersOnly(isSmall ? precise.fisherDiagonal() : batched.fisherDiagonal())
    }
  }

  /// The exact diagonal of the Gauss–Newton matrix of the mean loss (Schraudolph 2002).
  package func gaussNewtonDiagonal() -> [Float] {
    computeOnce(\.gaussNewton) {
      guard isSmall else { return sweepGaussNewton().diagonal }
      count(backward: network.graph.outputs)
      return layersOnly(precise.gaussNewtonDiagonal())
    }
  }

  /// LeCun's diagonal of the Hessian; see ``PreciseEngine/addLeCunDiagonal(from:into:)``.
  package func leCunDiagonal() -> [Float] {
    computeOnce(\.leCun) {
      count(backward: 1)
      return layersOnly(isSmall ? precise.leCunDiagonal() : batched.leCunDiagonal())
    }
  }

  /// Share of zeros, mean and variance of each unit of the weighted layer at `place`, over all
  /// samples and map positions, at ``Graph/observedNode(of:)``.
  package func activations(at place: Int) -> UnitStatistics {
    if cache.counted.insert(place).inserted { count() }
    let all = computeOnce(\.activations) { batched.activations() }
    return all[place] ?? UnitStatistics(zeroRate: [], mean: [], variance: [])
  }

  /// Gauss–Newton curvature of the loss in each unit's pre-activation: the mean over samples of
  /// Σ over columns of the output Hessian's root and map positions of g², where g is that column's
  /// gradient in the unit at a position.
  package func outputCurvature(at place: Int) -> [Float] {
    if cache.outputCurvatures == nil {
      let sweep = sweepGaussNewton()
      if cache.gaussNewton == nil { cache.gaussNewton = sweep.diagonal }
    }
    return cache.outputCurvatures?[place] ?? []
  }

  /// E[x xᵀ] of the inputs of the weighted layer at `place`, patches where it is a convolution, with
  /// a last 1 for the bias where it has biases.
  package func inputMoment(at place: Int) -> InputMoment {
    if let known = cache.moments[place] { return known }
    count()
    let moment = knownMoments.moment(at: place, of: network, over: samples) {
      batched.inputMoment(at: place)
    }
    cache.moments[place] = moment
    return moment
  }

  /// What goes into the dense layer at `place`: samples × inputs, row-major. Not kept.
  package func inputs(at place: Int) -> [Float] {
    count()
    return batched.inputs(at: place)
  }

  /// The gradient of each sample's own loss in the pre-activations of the dense layer at `place`:
  /// samples × units, row-major. Not kept.
  package func outputGradients(at place: Int) -> [Float] {
    count(backward: 1)
    return batched.outputGradients(at: place)
  }

  /// The gradient of the mean loss in what leads past the units of the weighted layer at `place`, at
  /// weights of 0: E[g hᵀ] as ``Bypass`` orders it; empty where nothing leads past them. Not kept.
  package func bypassGradient(at place: Int) -> [Float] {
    guard let bypass = try? network.graph.bypass(of: place) else { return [] }
    count(backward: 1)
    return batched.bypassGradient(bypass)
  }

  /// Places of the live prunable parameters in the flat vector, ascending.
  package var livePrunable: [Int] {
    network.graph.weightedLayers.flatMap { place in
      network.prunable(at: place).filter { network.mask[$0] != 0 }
    }
  }

  /// The inverse of the Gauss–Newton matrix over ``livePrunable``, damped by `damping` times the
  /// mean of its diagonal; always in double precision. Not kept: it is large.
  ///
  /// - Parameters:
  ///   - damping: relative to the diagonal's mean.
  ///   - memoryLimit: the bytes that may be held, see ``InverseHessian/bytes(over:)``.
  package func inverseHessian(
    damping: Double, memoryLimit: Int = 2 << 30
  ) throws(InverseHessianError) -> InverseHessian {
    count(backward: network.graph.outputs)
    return try precise.inverseHessian(
      over: livePrunable, damping: damping, memoryLimit: memoryLimit)
  }

  /// The exact Hessian of the mean loss times `direction`, in double precision.
  ///
  /// - Precondition: `direction` has one value a parameter.
  package func hessianProduct(_ direction: [Double]) -> [Double] {
    precise.hessianProduct(direction)
  }

  /// Calls `body` with each sample's number and the gradient of its loss, in double precision.
  package func forEachSampleGradient(_ body: (_ sample: Int, _ gradient: [Double]) -> Void) {
    precise.forEachGradient(body)
  }

  // MARK: - Bookkeeping

  /// Counts passes over all samples, as many as a quantity takes by itself.
  private func count(forward: Int = 1, backward: Int = 0) {
    var pass = Double(forward) * Double(forwardOperations)
    if backward > 0 { pass += Double(backward) * Double(gradientOperations) }
    operations += pass * Double(samples.count)
  }

  private lazy var forwardOperations = network.forwardOperations
  private lazy var gradientOperations = network.gradientOperations(dense: true)

  private func computeOnce<Value>(
    _ path: WritableKeyPath<Cache, Value?>, _ compute: () -> Value
  ) -> Value {
    if let known = cache[keyPath: path] { return known }
    let value = compute()
    cache[keyPath: path] = value
    return value
  }

  /// One sweep of the fast engine gives the diagonal and all layers' output curvatures.
  private func sweepGaussNewton() -> (diagonal: [Float], outputs: [Int: [Float]]) {
    count(backward: network.graph.outputs)
    let sweep = batched.gaussNewton()
    let outputs = sweep.outputs.mapValues { $0.map { Float($0) } }
    cache.outputCurvatures = outputs
    return (layersOnly(sweep.diagonal), outputs)
  }

  /// The values of weighted layers in single precision; the batched engine has no others.
  private func layersOnly(_ values: [Double]) -> [Float] {
    var result = [Float](repeating: 0, count: values.count)
    for place in network.graph.weightedLayers {
      guard let slot = network.layout[place] else { continue }
      for index in slot.all { result[index] = Float(values[index]) }
    }
    return result
  }
}

extension Graph {
  /// Every batch costs a pass over sums as large as the parameters, so batches are large; but those
  /// of maps, which are far larger than the parameters, stay small.
  fileprivate var measuringBatch: Int { layouts.allSatisfy { $0 == .flat } ? 256 : 128 }
}
