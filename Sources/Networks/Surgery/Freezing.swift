/// Parameters that training leaves alone.
extension OperatingTable {
  mutating func setFrozen(
    _ isFrozen: Bool, at place: Int, _ positions: [Int]?
  ) throws(SurgeryError) {
    let all = try parameters(at: place)
    if let positions { try check(positions, at: place, count: all.count) }
    var frozen = network.frozen
    if frozen.isEmpty { frozen = [Bool](repeating: false, count: network.layout.count) }
    for position in positions ?? Array(0..<all.count) {
      frozen[all.lowerBound + position] = isFrozen
    }
    network.frozen = frozen.contains(true) ? frozen : []
  }
}
