/// The parameters of a network in training, as hooks find them after a step and may change them.
///
/// They lie packed in an executor. Who wants the flat vector has it written to memory of their own,
/// so that a step copies it once each way; a whole ``network`` is made only when it is asked for.
package final class TrainedParameters {
  let executor: Executor
  private var known: Network
  /// Whether the executor is ahead of the network that is known.
  private var isAhead = false

  /// Those of `network`, outside training.
  package convenience init(_ network: Network) {
    self.init(network, in: Executor(network: network, capacity: 1, for: .training))
  }

  init(_ network: Network, in executor: Executor) {
    self.executor = executor
    known = network
  }

  /// How many there are: the length of the flat vector.
  package var count: Int { executor.layout.count }

  package var graph: Graph { executor.graph }

  /// The network as it is now.
  ///
  /// One that is put in its place has the same graph and masks; masked parameters become 0 and
  /// frozen ones stay as they are.
  package var network: Network {
    get {
      if isAhead { executor.release(into: &known) }
      isAhead = false
      return known
    }
    set {
      var network = newValue
      network.zeroMasked()
      for index in network.frozen.indices where network.frozen[index] {
        network.values[index] = known.values[index]
      }
      executor.adopt(network)
      known = network
      isAhead = false
    }
  }

  /// Goes on with a network of this graph, whatever its masks.
  func change(to network: Network) {
    if known.hasSameMasks(as: network) {
      executor.adopt(network)
    } else {
      executor.change(to: network, from: known)
    }
    known = network
    isAhead = false
  }

  /// Says that the executor went on.
  func wereTrained() { isAhead = true }

  /// Writes the flat vector, ``count`` values.
  package func write(to flat: UnsafeMutablePointer<Float>) {
    executor.packing.unpack(executor.parameters.pointer, into: flat, count: count)
  }

  /// Takes over a flat vector, each value of which is read once; masked parameters become 0 and frozen
  /// ones stay as they are.
  ///
  /// - Returns: The index of a parameter that is infinite or no number, or nil. With it the
  ///   parameters are not to be used.
  package func take(_ flat: UnsafePointer<Float>) -> Int? {
    isAhead = true
    executor.isWorkingKnown = false
    return executor.packing.packFinite(flat, into: executor.parameters.pointer)
  }
}

extension Network {
  /// Whether the same parameters are masked and frozen in both.
  fileprivate func hasSameMasks(as other: Network) -> Bool {
    frozen == other.frozen && mask.count == other.mask.count
      && mask.hasSameBytes(as: other.mask, in: mask.indices)
  }

  /// Puts every masked parameter back to exactly 0.
  package mutating func zeroMasked() {
    for index in values.indices where mask[index] == 0 { values[index] = 0 }
  }
}
