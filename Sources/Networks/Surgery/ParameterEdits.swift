/// Edits of single parameters. Positions count along the layer's vector: weights, then biases.
extension OperatingTable {
  mutating func maskOff(at place: Int, _ positions: [Int]) throws(SurgeryError) {
    let all = try parameters(at: place)
    let prunable = network.prunable(at: place)
    try check(positions, at: place, count: all.count)
    for position in positions where !prunable.contains(all.lowerBound + position) {
      throw invalid(
        place, "position \(position) may not be masked, only those in 0..<\(prunable.count)")
    }
    network.values.withUnsafeMutableBufferPointer { values in
      for position in positions { values[all.lowerBound + position] = 0 }
    }
    network.mask.withUnsafeMutableBufferPointer { mask in
      for position in positions { mask[all.lowerBound + position] = 0 }
    }
  }

  mutating func maskOn(
    at place: Int, _ positions: [Int], values: [Float]?
  ) throws(SurgeryError) {
    let all = try parameters(at: place)
    try check(positions, at: place, count: all.count)
    for position in positions where network.mask[all.lowerBound + position] != 0 {
      throw invalid(place, "position \(position) is live already; only a masked one can be made so")
    }
    if let values { try check(values, for: positions, at: place) }
    network.values.withUnsafeMutableBufferPointer { target in
      for (index, position) in positions.enumerated() {
        target[all.lowerBound + position] = values?[index] ?? 0
      }
    }
    network.mask.withUnsafeMutableBufferPointer { mask in
      for position in positions { mask[all.lowerBound + position] = 1 }
    }
    // The training state of what was masked says nothing of what begins now, and it is to learn.
    origin.withUnsafeMutableBufferPointer { origin in
      for position in positions { origin[all.lowerBound + position] = -1 }
    }
    if !network.frozen.isEmpty { try setFrozen(false, at: place, positions) }
  }

  mutating func setParameters(
    at place: Int, _ positions: [Int]?, values: [Float]
  ) throws(SurgeryError) {
    let all = try parameters(at: place)
    if let positions { try check(positions, at: place, count: all.count) }
    let positions = positions ?? Array(0..<all.count)
    try check(values, for: positions, at: place)
    for (position, value) in zip(positions, values)
    where network.mask[all.lowerBound + position] == 0 && value != 0 {
      throw invalid(place, "position \(position) is masked and must stay 0, not become \(value)")
    }
    for (position, value) in zip(positions, values)
    where network.mask[all.lowerBound + position] != 0 {
      network.values[all.lowerBound + position] = value
    }
  }

  func parameters(at place: Int) throws(SurgeryError) -> Range<Int> {
    guard let slot = network.layout[place] else {
      throw invalid(
        place, "a layer of kind \(network.graph.nodes[place].operation.word) has no parameters")
    }
    return slot.all
  }

  /// Every position in range, none twice.
  func check(_ positions: [Int], at place: Int, count: Int) throws(SurgeryError) {
    if let repeated = try positions.firstRepeated(
      below: count,
      outside: { invalid(place, "position \($0) is not in 0..<\(count)") })
    {
      throw invalid(place, "position \(repeated) is named twice")
    }
  }

  /// One finite value for each position.
  private func check(
    _ values: [Float], for positions: [Int], at place: Int
  ) throws(SurgeryError) {
    guard values.count == positions.count else {
      throw invalid(place, "\(values.count) values for \(positions.count) positions")
    }
    for (position, value) in zip(positions, values) where !value.isFinite {
      throw invalid(place, "the value for position \(position) is \(value), not a finite number")
    }
  }

  func invalid(_ place: Int, _ reason: String) -> SurgeryError {
    SurgeryError(.invalid, layer: network.graph.nodes[place].name, reason)
  }
}

extension [Int] {
  /// The first element that came before, or nil.
  ///
  /// - Throws: the error made of the first element that is not in 0 ..< `bound`.
  func firstRepeated<Failure: Error>(
    below bound: Int, outside: (Int) -> Failure
  ) throws(Failure) -> Int? {
    // Rising ones, as plans have them, need no memory.
    if let first, let last, first >= 0, last < bound, isRising { return nil }
    // A table of all positions for a large edit, a set for one of many small ones.
    guard count > bound / 32 else {
      var seen = Set<Int>(minimumCapacity: count)
      for element in self {
        guard element >= 0, element < bound else { throw outside(element) }
        guard seen.insert(element).inserted else { return element }
      }
      return nil
    }
    var seen = [Bool](repeating: false, count: bound)
    for element in self {
      guard element >= 0, element < bound else { throw outside(element) }
      guard !seen[element] else { return element }
      seen[element] = true
    }
    return nil
  }

  /// Whether every element is larger than the one before.
  private var isRising: Bool {
    indices.dropFirst().allSatisfy { self[$0 - 1] < self[$0] }
  }
}
