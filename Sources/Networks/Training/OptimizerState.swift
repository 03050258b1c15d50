/// What an optimiser remembers of each parameter. It follows surgery by index.
package struct OptimizerState: Sendable, Equatable {
  /// Velocity of SGD, or Adam's first moment.
  package private(set) var first: [Float]
  /// Adam's second moment.
  package private(set) var second: [Float]
  /// Steps taken; Adam's bias correction counts them.
  package private(set) var step = 0

  package init(parameters: Int) {
    first = [Float](repeating: 0, count: parameters)
    second = first
  }

  /// Carries the state over surgery: kept where a parameter was, zero where it is fresh.
  ///
  /// - Parameter origin: for each new parameter its place before, or −1 (``Surgery/origin``).
  package mutating func follow(_ origin: [Int32]) {
    first = following(first, origin: origin, fresh: 0)
    second = following(second, origin: origin, fresh: 0)
  }

  /// Forgets what is known of masked parameters, so that one which becomes live again starts anew.
  package mutating func clear(where mask: [Float]) {
    for index in mask.indices where mask[index] == 0 {
      first[index] = 0
      second[index] = 0
    }
  }

  /// Takes over an optimiser's memory of packed parameters.
  mutating func take(
    _ packing: ParameterPacking, first: UnsafePointer<Float>, second: UnsafePointer<Float>,
    step: Int
  ) {
    packing.unpack(first, into: &self.first)
    packing.unpack(second, into: &self.second)
    self.step = step
  }
}
