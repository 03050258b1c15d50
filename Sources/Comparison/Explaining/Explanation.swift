import Networks
import PluginHost

/// What a strategy did to a network, layer by layer, from the records of its rounds.
package struct Explanation: Sendable {
  package let result: CellResult
  /// Those that changed something, in order.
  package let rounds: [RoundRecord]
  /// From the input on; those that came last at the end.
  package let layers: [Layer]

  /// The way of one layer.
  package struct Layer: Sendable {
    package var name: String
    /// Weights of the dense network's layer; nil where it has none of that name.
    package var dense: Int?
    package var changes: [Change]
  }

  /// What a round left of a layer that it changed.
  package struct Change: Sendable, Hashable {
    /// The place of the round in ``Explanation/rounds``.
    package var round: Int
    /// Nil where nobody kept what was there before.
    package var weightsBefore: Int?
    package var weights: Int
    package var unitsBefore: Int?
    package var units: Int
  }

  /// - Parameters:
  ///   - result: Of a cell that is not dense.
  ///   - rounds: What the strategy did, in order.
  ///   - dense: Weights of the dense network's layers by name; empty where it is not known.
  package init(_ result: CellResult, rounds: [RoundRecord], dense: [String: Int]) {
    self.result = result
    let shown = rounds.filter { !$0.proposal.edits.isEmpty || $0.weights != $0.weightsBefore }
    self.rounds = shown
    var names: [String] = []
    for layer in shown.flatMap(\.layers) where !names.contains(layer.name) {
      names.append(layer.name)
    }
    // Pruning begins with the dense network.
    let startsDense = shown.first?.weightsBefore == dense.values.reduce(0, +)
    layers = names.map { name in
      var changes: [Change] = []
      var last: (weights: Int?, units: Int?) = (startsDense ? dense[name] : nil, nil)
      for (place, round) in shown.enumerated() {
        guard let layer = round.layers.first(where: { $0.name == name }) else { continue }
        if layer.weights != last.weights || (last.units.map { $0 != layer.units } ?? false) {
          changes.append(
            Change(
              round: place, weightsBefore: last.weights, weights: layer.weights,
              unitsBefore: last.units, units: layer.units))
        }
        last = (layer.weights, layer.units)
      }
      return Layer(name: name, dense: dense[name], changes: changes)
    }
  }
}

extension RoundRecord {
  /// The change of the loss that surgery made; nil where nobody measured it.
  package var measuredLossChange: Double? {
    lossAfter.flatMap { after in lossBefore.map { after - $0 } }
  }
}
