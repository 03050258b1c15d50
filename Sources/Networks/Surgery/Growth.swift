/// The parameters of a network to which units are added.
struct Growth {
  let network: Network
  /// The place of the layer that the units are added to.
  let layer: Int
  let new: NewUnits
  /// The edges from that layer.
  let edges: [UnitEdge]
  let widened: WidenedChannels
  /// Nil where the new units are no copies.
  let copied: CopiedChannels?

  func gathered() -> (parameters: Gathering, statistics: Gathering) {
    var parameters = Gathering()
    var statistics = Gathering()
    for slot in network.layout.slots {
      if let running = network.layout.statistics[slot.place] {
        gatherNormalisation(slot, running, into: &parameters, &statistics)
      } else {
        gatherLayer(slot, into: &parameters)
      }
    }
    return (parameters, statistics)
  }

  // MARK: - Layers

  /// What a row of a layer's weights is made of.
  private enum Row {
    case old(Int)
    /// The fan-in of a new unit.
    case given(Int)
    /// A row like the layer's own of this index.
    case copy(Int)
    case zero
  }

  private func gatherLayer(_ slot: ParameterLayout.Slot, into parameters: inout Gathering) {
    let geometry = network.graph.weightGeometry(of: slot)
    let reader = Reader(self, slot: slot, kernel: geometry.area)
    let rows = rows(at: slot.place)
    for row in rows {
      for channel in widened.channels[network.graph.nodes[slot.place].inputs[0]] {
        switch channel {
        case .old(let channel):
          gather(row, channel, of: slot, geometry, into: &parameters)
        case .new(let unit, let position, let beside):
          let old: Int? =
            switch row {
            case .old(let index), .copy(let index): index
            case .given, .zero: nil
            }
          parameters.make(reader.column(of: unit, position, beside: beside, row: old))
        }
      }
    }
    guard !slot.biases.isEmpty else { return }
    for row in rows {
      switch row {
      case .old(let unit): parameters.keep(slot.biases.lowerBound + unit)
      case .given(let unit): parameters.make(new.biases[unit])
      case .copy(let unit): parameters.make(network.values[slot.biases.lowerBound + unit])
      case .zero: parameters.make(0)
      }
    }
  }

  private func rows(at place: Int) -> [Row] {
    let sources = copied?.sources(at: place)
    return widened.channels[place].map { channel in
      switch channel {
      case .old(let unit): .old(unit)
      case .new(let unit, _, _) where place == layer: .given(unit)
      case .new(let unit, _, let beside): (sources?[unit][beside]).map { .copy($0) } ?? .zero
      }
    }
  }

  /// What a row reads an old channel by.
  private func gather(
    _ row: Row, _ channel: Int, of slot: ParameterLayout.Slot, _ geometry: WeightGeometry,
    into parameters: inout Gathering
  ) {
    switch row {
    case .old(let unit): parameters.keep(geometry.weights(of: channel, to: unit, in: slot))
    case .copy(let unit):
      parameters.make(network.values[geometry.weights(of: channel, to: unit, in: slot)])
    case .given(let unit):
      let start = unit * geometry.row + channel * geometry.area
      parameters.make(new.fanIn[start..<start + geometry.area])
    case .zero: parameters.make(repeatElement(0, count: geometry.area))
    }
  }

  /// The new columns of one layer.
  private struct Reader {
    private let count: Int
    private let kernel: Int
    /// By the old channels that the layer's last unit makes; edges into a layer differ in them.
    private var fanOut: [Int: (edge: UnitEdge, values: [Float])] = [:]

    init(_ growth: Growth, slot: ParameterLayout.Slot, kernel: Int) {
      count = growth.new.count
      self.kernel = kernel
      for (edge, values) in zip(growth.edges, growth.new.fanOut) where edge.consumer == slot.place {
        let last = edge.inputs(of: edge.units - 1)
        for input in last { fanOut[input] = (edge, values) }
      }
    }

    /// The kernel by which a row reads a new channel: 0 where the new units do not feed it, and in
    /// rows that are new but no copies.
    func column(of unit: Int, _ position: Int, beside: Int, row: Int?) -> [Float] {
      guard let row, let (edge, values) = fanOut[beside] else {
        return [Float](repeating: 0, count: kernel)
      }
      let start = (row * count + unit) * edge.columns + position * kernel
      return Array(values[start..<start + kernel])
    }
  }

  // MARK: - Batch normalisation

  private func gatherNormalisation(
    _ slot: ParameterLayout.Slot, _ running: Range<Int>, into parameters: inout Gathering,
    _ statistics: inout Gathering
  ) {
    let given = new.normalisation.first { $0.node == network.graph.nodes[slot.place].id }
    let sources = copied?.sources(at: slot.place)
    let width = running.count / 2
    func gather(
      _ start: Int, of values: [Float], given: [Float]?, fresh: Float,
      into gathering: inout Gathering
    ) {
      for channel in widened.channels[slot.place] {
        switch channel {
        case .old(let channel): gathering.keep(start + channel)
        case .new(let unit, _, let beside):
          let copy = (sources?[unit][beside]).map { values[start + $0] }
          gathering.make(given?[unit] ?? copy ?? fresh)
        }
      }
    }
    let values = network.values
    let scales = slot.biases.lowerBound
    gather(scales, of: values, given: given?.scales, fresh: 1, into: &parameters)
    gather(scales + width, of: values, given: given?.shifts, fresh: 0, into: &parameters)
    let means = running.lowerBound
    let measured = network.statistics
    gather(means, of: measured, given: given?.means, fresh: 0, into: &statistics)
    gather(means + width, of: measured, given: given?.variances, fresh: 1, into: &statistics)
  }
}
