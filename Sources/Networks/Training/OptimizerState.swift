/// What an optimiser remembers of each parameter. It follows surgery by index.
package struct OptimizerState: Sendable, Equatable {
  /// Velocity of SGD, or Adam's first moment.
  package private(set) var first: [Float]
  /// Adam's second moment.
  package private(set) var second: [Float]
  /// Steps taken.
  package private(set) var step = 0
  /// The steps that had been taken when each parameter began; empty where all began at 0. Adam's
  /// bias correction counts from there.
  package private(set) var births: [Int32] = []

  package init(parameters: Int) {
    first = [Float](repeating: 0, count: parameters)
    second = first
  }

  /// Carries the state over surgery: kept where a parameter was; one that is fresh begins now.
  ///
  /// - Parameter origin: for each new parameter its place before, or −1 (``Surgery/origin``).
  package mutating func follow(_ origin: [Int32]) {
    move(origin)
    begin(origin.indices.filter { origin[$0] < 0 })
  }

  /// Brings everything to its new place; what is fresh still has to ``begin(_:)``.
  mutating func move(_ origin: [Int32]) {
    guard origin.count != first.count || !origin.isInPlace else { return }
    first = following(first, origin: origin, fresh: 0)
    second = following(second, origin: origin, fresh: 0)
    if !births.isEmpty { births = following(births, origin: origin, fresh: 0) }
  }

  /// Lets the parameters at `places` begin now.
  mutating func begin(_ places: [Int]) {
    guard !places.isEmpty else { return }
    for place in places {
      first[place] = 0
      second[place] = 0
    }
    if births.isEmpty {
      guard step > 0 else { return }
      births = [Int32](repeating: 0, count: first.count)
    }
    for place in places { births[place] = Int32(step) }
  }

  /// Forgets what is known of masked parameters, so that one which becomes live again starts anew.
  package mutating func clear(where mask: [Float]) {
    for index in mask.indices where mask[index] == 0 {
      first[index] = 0
      second[index] = 0
    }
  }

  /// Takes over an optimiser's memory of packed parameters.
  ///
  /// - Parameter second: nil where it is 0 throughout and stays so.
  mutating func take(
    _ packing: ParameterPacking, first: UnsafePointer<Float>, second: UnsafePointer<Float>?,
    step: Int
  ) {
    packing.unpack(first, into: &self.first)
    if let second { packing.unpack(second, into: &self.second) }
    self.step = step
  }

  /// Whether there is a second moment of any parameter.
  var hasSecond: Bool { second.contains { $0 != 0 } }
}
