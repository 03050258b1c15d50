import Networks

/// The layers that a plan has to leave as they are, while another one is changed alone.
///
/// What leads from the open layer to a closed one is both of one and of the other: where units of the
/// open layer come or go, the closed one's weights on them may be set, as a grower does that divides what
/// a split unit passes on.
struct ClosedLayers {
  let ids: Set<UInt64>
  /// As it was before the plan.
  let network: Network

  /// Refuses a plan that asks for changes of more than the layers that are open.
  func check(_ edits: [Edit]) throws(StrategyFailure) {
    guard !ids.isEmpty else { return }
    for edit in edits where edit.kind != .setWeights {
      guard let layer = edit.layer else {
        throw StrategyFailure(
          .skipped, "it changes residual blocks whole, and single layers are asked for")
      }
      guard ids.contains(layer) else { continue }
      throw StrategyFailure(
        .invalid,
        "it asked for \(edit.kind.rawValue) of layer '\(name(of: layer))', which was to stay as it is; "
          + "the flags of a layer say what may be done to it")
    }
  }

  /// Refuses a plan that gave a closed layer other weights than those that it had. Positions in a plan
  /// count in the layer as the edits before left it, so that what came of it is looked at.
  func check(_ surgery: Surgery, after edits: [Edit]) throws(StrategyFailure) {
    guard !ids.isEmpty else { return }
    let shared = edits.contains(where: \.movesUnits) ? weightsOnOpenUnits() : []
    for slot in network.layout.slots {
      let node = network.graph.nodes[slot.place]
      guard ids.contains(node.id), let place = surgery.network.graph.place(of: node.id),
        let now = surgery.network.layout[place]
      else { continue }
      for index in now.all {
        let origin = Int(surgery.origin[index])
        guard origin >= 0, surgery.network.values[index] != network.values[origin],
          !shared.contains(origin)
        else { continue }
        throw StrategyFailure(
          .invalid,
          "it set parameter \(origin - slot.all.lowerBound) of layer '\(node.name)' from "
            + "\(network.values[origin]) to \(surgery.network.values[index]), and the layer was to stay "
            + "as it is: weights on units of a layer alone of which units come or go may be set there"
        )
      }
    }
  }

  /// The flat positions of what closed layers read the units of open ones by.
  private func weightsOnOpenUnits() -> Set<Int> {
    let graph = network.graph
    var positions: Set<Int> = []
    for edge in graph.unitEdges where !ids.contains(graph.nodes[edge.producer].id) {
      guard let reader = edge.consumer, let slot = network.layout[reader],
        let units = graph.nodes[reader].operation.units
      else { continue }
      let row = slot.weights.count / units
      for start in stride(from: slot.weights.lowerBound, to: slot.weights.upperBound, by: row) {
        for unit in 0..<edge.units {
          let columns = edge.weights(of: unit)
          positions.formUnion(start + columns.lowerBound..<start + columns.upperBound)
        }
      }
    }
    return positions
  }

  private func name(of layer: UInt64) -> String {
    network.graph.nodes.first { $0.id == layer }?.name ?? "\(layer)"
  }
}

extension Edit {
  /// The layer that it changes; nil for what it does to residual blocks.
  fileprivate var layer: UInt64? {
    switch self {
    case .maskOff(let layer, _), .maskOn(let layer, _, _), .setParameters(let layer, _, _),
      .removeUnits(let layer, _), .replace(let layer, _), .widen(let layer, _),
      .insertAfter(let layer, _), .insertBeside(let layer, _), .removeLayer(let layer),
      .freeze(let layer, _), .thaw(let layer, _):
      layer
    case .scaleBlock, .dropBlock, .insertBlock: nil
    }
  }

  /// Whether units come or go by it.
  fileprivate var movesUnits: Bool { kind == .widen || kind == .removeUnits }
}
