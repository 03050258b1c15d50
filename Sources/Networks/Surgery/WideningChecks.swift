/// What is refused of new units, before anything is made of them.
extension OperatingTable {
  func checkTies(at place: Int, of trace: ChannelTrace) throws(SurgeryError) {
    let groups = trace.groups[place]
    for (unit, group) in groups.enumerated() {
      guard !trace.reachesOutput[group] else {
        throw invalid(
          place, "it cannot grow: the channel of unit \(unit) reaches the network's output")
      }
      if let mixer = trace.mixer[group] {
        throw invalid(
          place,
          "it cannot grow: '\(network.graph.nodes[mixer].name)' makes each of its channels of all "
            + "of them")
      }
      guard !trace.reachesInput[group] else {
        throw invalid(
          place, "it cannot grow: the channel of unit \(unit) is added to one of the input")
      }
    }
    let last = groups.count - 1
    if let other = groups[..<last].firstIndex(of: groups[last]) {
      throw invalid(place, "it cannot grow: its unit \(last) is tied to its unit \(other)")
    }
  }

  func check(
    _ new: NewUnits, at place: Int, edges: [UnitEdge]
  ) throws(SurgeryError) {
    guard let slot = network.layout[place] else { return }
    let units = network.graph.shapes[place].channels
    let row = slot.weights.count / units
    try check(new.fanIn, "fan-in weights", count: new.count, of: row, at: place, first: units)
    try check(
      new.biases, "biases", count: slot.biases.isEmpty ? 0 : new.count, of: 1, at: place,
      first: units)
    guard new.fanOut.count == edges.count else {
      throw invalid(
        place, "fan-out for \(new.fanOut.count) consumers of its units, and it has \(edges.count)")
    }
    for (values, edge) in zip(new.fanOut, edges) {
      guard let consumer = edge.consumer else { continue }
      let wanted = network.graph.shapes[consumer].channels * new.count * edge.columns
      let name = network.graph.nodes[consumer].name
      guard values.count == wanted else {
        throw invalid(
          place, "\(values.count) fan-out weights for '\(name)', and \(wanted) are wanted")
      }
      if let index = values.firstIndex(where: { !$0.isFinite }) {
        let unit = units + index / edge.columns % new.count
        throw invalid(
          place,
          "the fan-out of unit \(unit) into '\(name)' has \(values[index]), not a finite number")
      }
    }
    if let sources = new.sources {
      guard sources.count == new.count else {
        throw invalid(place, "\(sources.count) sources for \(new.count) new units")
      }
      for (unit, source) in sources.enumerated() where !(0..<units ~= source) {
        throw invalid(
          place,
          "unit \(units + unit) cannot be a copy of unit \(source), which is not in 0..<\(units)")
      }
    }
    for unit in 0..<new.count where new.isDead(unit, row: row, edges: edges) {
      throw invalid(
        place,
        "fan-in and fan-out of unit \(units + unit) are all 0: no gradient would ever reach it")
    }
  }

  private func check(
    _ values: [Float], _ word: String, count: Int, of each: Int, at place: Int, first: Int
  ) throws(SurgeryError) {
    guard values.count == count * each else {
      throw invalid(
        place, "\(values.count) \(word) for its new units, and \(count * each) are wanted")
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw invalid(
        place,
        "the \(word) of unit \(first + index / each) have \(values[index]), not a finite number")
    }
  }

  func check(
    _ normalisation: [NewUnits.Normalisation], at place: Int, count: Int,
    _ widened: WidenedChannels
  ) throws(SurgeryError) {
    var seen: Set<UInt64> = []
    let first = network.graph.shapes[place].channels
    for given in normalisation {
      guard let norm = network.graph.place(of: given.node),
        network.graph.nodes[norm].operation == .batchNorm, widened.grows(at: norm)
      else {
        throw invalid(place, "its new units pass no batch normalisation with the id \(given.node)")
      }
      let name = network.graph.nodes[norm].name
      guard seen.insert(given.node).inserted else {
        throw invalid(place, "the batch normalisation '\(name)' is named twice")
      }
      for values in [given.scales, given.shifts, given.means, given.variances] {
        guard values.count == count else {
          throw invalid(
            place,
            "\(values.count) values for \(count) new channels of the batch normalisation '\(name)'")
        }
        if let unit = values.firstIndex(where: { !$0.isFinite }) {
          throw invalid(
            place,
            "the batch normalisation '\(name)' gets \(values[unit]) for unit \(first + unit), "
              + "not a finite number")
        }
      }
      if let unit = given.variances.firstIndex(where: { $0 <= 0 }) {
        throw invalid(
          place,
          "the batch normalisation '\(name)' gets the variance \(given.variances[unit]) for unit "
            + "\(first + unit); it must be above 0")
      }
    }
  }
}

extension NewUnits {
  /// Whether everything is 0 that a gradient could come through: with a fan-in of 0 the unit is
  /// silent, with a fan-out of 0 it is not heard.
  fileprivate func isDead(_ unit: Int, row: Int, edges: [UnitEdge]) -> Bool {
    guard fanIn[unit * row..<(unit + 1) * row].allSatisfy({ $0 == 0 }),
      biases.isEmpty || biases[unit] == 0
    else { return false }
    return zip(fanOut, edges).allSatisfy { values, edge in
      stride(from: unit * edge.columns, to: values.count, by: count * edge.columns).allSatisfy {
        values[$0..<$0 + edge.columns].allSatisfy { $0 == 0 }
      }
    }
  }
}
