/// Which inputs of a layer, or of the network's output, the units of another layer make.
///
/// Growth needs it: a new unit of the producer is a new column in each of its consumers.
package struct UnitEdge: Hashable, Sendable {
  /// The place of the layer whose units these are.
  package let producer: Int
  /// The place of the layer that reads them, or nil where they reach the network's output.
  package let consumer: Int?
  /// How many units the producer has.
  package let units: Int
  /// The consumer's input channel at which the first unit's inputs begin; what stands before it in
  /// concatenations comes first. For a dense layer channels are the positions of its input.
  package let offset: Int
  /// How many inputs a unit makes: the positions of its map where flatten lies between, else 1.
  package let area: Int
  /// How many weights a unit of the consumer has for each input: the kernel's area, 1 where the
  /// consumer is no convolution.
  package let kernel: Int

  /// How many weights a unit of the consumer has for each unit of the producer.
  package var columns: Int { area * kernel }

  /// The consumer's inputs that a unit makes.
  package func inputs(of unit: Int) -> Range<Int> {
    offset + unit * area..<offset + (unit + 1) * area
  }

  /// The positions, in a row of the consumer's weights, of those that read a unit.
  package func weights(of unit: Int) -> Range<Int> {
    let inputs = inputs(of: unit)
    return inputs.lowerBound * kernel..<inputs.upperBound * kernel
  }
}

extension Graph {
  /// All edges from dense layers and convolutions to the weighted layers, or the network's output,
  /// that read their units through batch normalisation, activations, pools, flatten, residual sums
  /// and concatenations: in order of producer, consumer (the output last) and offset.
  ///
  /// Several producers share the inputs of a consumer behind a residual sum. A concatenation that
  /// names a node twice makes two edges of it.
  package var unitEdges: [UnitEdge] {
    let spans = unitSpans()
    var edges: [UnitEdge] = []
    func add(_ spans: [UnitSpan], to consumer: Int?, kernel: Int) {
      for span in spans {
        edges.append(
          UnitEdge(
            producer: span.producer, consumer: consumer, units: shapes[span.producer].channels,
            offset: span.offset, area: span.area, kernel: kernel))
      }
    }
    for (place, node) in nodes.enumerated() {
      let kernel = node.operation.kind.weightsPerChannel
      if kernel > 0 { add(spans[node.inputs[0]], to: place, kernel: kernel) }
    }
    add(spans[nodes.count - 1], to: nil, kernel: 1)
    return edges.sorted {
      ($0.producer, $0.consumer ?? nodes.count, $0.offset)
        < ($1.producer, $1.consumer ?? nodes.count, $1.offset)
    }
  }

  /// For each node where the units of weighted layers lie among its channels.
  private func unitSpans() -> [[UnitSpan]] {
    var spans: [[UnitSpan]] = []
    for (place, node) in nodes.enumerated() {
      switch node.operation.kind.flow {
      case .begin:
        spans.append(
          node.operation.isWeighted ? [UnitSpan(producer: place, offset: 0, area: 1)] : [])
      case .pass:
        var seen: Set<UnitSpan> = []
        spans.append(
          node.inputs.flatMap { spans[$0] }.filter { seen.insert($0).inserted })
      case .flatten:
        let plane = shapes[node.inputs[0]].plane
        spans.append(spans[node.inputs[0]].map { $0.flattened(plane) })
      case .concatenate:
        var start = 0
        var beside: [UnitSpan] = []
        for input in node.inputs {
          beside += spans[input].map { $0.moved(by: start) }
          start += shapes[input].channels
        }
        spans.append(beside)
      }
    }
    return spans
  }
}

/// Where a layer's units lie among the channels of a node: `area` channels each, one after another.
private struct UnitSpan: Hashable {
  var producer: Int
  var offset: Int
  var area: Int

  func flattened(_ plane: Int) -> UnitSpan {
    UnitSpan(producer: producer, offset: offset * plane, area: area * plane)
  }

  func moved(by start: Int) -> UnitSpan {
    UnitSpan(producer: producer, offset: offset + start, area: area)
  }
}
