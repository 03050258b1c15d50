import Numerics

/// Second moments of what layers read right from the samples: they are the same for every network that
/// is measured over these, as a growing one is again and again.
package final class KnownMoments {
  /// Held, so that no other samples can lie where these do.
  private var inputs: [Float] = []
  private var moments: [Operation: InputMoment] = [:]

  package init() {}

  /// The moment of the inputs of the weighted layer at `place` of a network, computed where it is not
  /// known.
  func moment(
    at place: Int, of network: Network, over samples: Samples, compute: () -> InputMoment
  ) -> InputMoment {
    let node = network.graph.nodes[place]
    guard node.inputs.first == 0 else { return compute() }
    if !isSame(samples.inputs) { (inputs, moments) = (samples.inputs, [:]) }
    // What the inputs of each unit are taken by.
    let reader = node.operation.with(units: 1)
    if let known = moments[reader] { return known }
    let moment = compute()
    moments[reader] = moment
    return moment
  }

  private func isSame(_ others: [Float]) -> Bool {
    inputs.withUnsafeBufferPointer { own in
      others.withUnsafeBufferPointer { own.baseAddress == $0.baseAddress && own.count == $0.count }
    }
  }
}
