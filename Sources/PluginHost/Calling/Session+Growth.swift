import CWorkbench
import Networks

extension Session {
  /// Takes units to be added. How their values are to be read depends on the network that the edits
  /// before have left.
  ///
  /// - Parameters:
  ///   - values: rows into the units, each with its bias, then columns out of them, edge by edge.
  ///   - sources: the units they copy, or none.
  func takeNewUnits(
    of target: UInt64, count: UInt64, _ values: [Float], sources: [Int]
  ) -> wb_status {
    guard let network = networkSoFar() else { return WB_FAILED }
    guard let place = network.graph.place(of: target), let slot = network.layout[place],
      let units = network.graph.nodes[place].operation.units
    else { return reject("it widened a layer with id \(target), and the network has none") }
    let name = network.graph.nodes[place].name
    guard let count = Int(exactly: count), (1...Self.mostNewUnits).contains(count) else {
      return reject(
        "it widened '\(name)' by \(count) units; give between 1 and \(Self.mostNewUnits)")
    }
    let row = slot.weights.count / units
    let bias = slot.biases.isEmpty ? 0 : 1
    let columns = network.graph.unitEdges.filter { $0.producer == place }.map { edge in
      let outputs = edge.consumer.flatMap { network.graph.nodes[$0].operation.units } ?? 0
      return outputs * count * edge.columns
    }
    let wanted = count * (row + bias) + columns.reduce(0, +)
    guard values.count == wanted else {
      return reject(
        "it widened '\(name)' by \(count) units with \(values.count) values; \(row + bias) into each "
          + "and those out of them are \(wanted)")
    }
    var rest = values[...]
    var new = NewUnits(
      count: count, fanIn: [], fanOut: [], sources: sources.isEmpty ? nil : sources)
    for _ in 0..<count {
      new.fanIn += rest.prefix(row)
      new.biases += rest.dropFirst(row).prefix(bias)
      rest = rest.dropFirst(row + bias)
    }
    for count in columns {
      new.fanOut.append(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
    edits.append(.widen(layer: target, new))
    return WB_OK
  }

  /// More at once are a count that was never set.
  private static var mostNewUnits: Int { 65_536 }

  /// The network with the edits so far applied; nil with a refusal where they cannot be.
  private func networkSoFar() -> Network? {
    guard let network = model?.network else { return nil }
    guard !edits.isEmpty else { return network }
    do throws(SurgeryError) {
      return try network.applying(edits).network
    } catch {
      _ = refuse(
        error.kind == .collapsed ? .collapsed : .invalid,
        "the plan so far cannot be applied: \(error)")
      return nil
    }
  }
}
