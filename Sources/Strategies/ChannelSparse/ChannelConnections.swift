import StrategyKit

/// The connections of a layer: all weights by which one of its units reads one unit of a layer before it,
/// or one channel of the network's input. A convolution has a kernel for each, a dense layer a weight, or
/// as many as the map has positions that a flattened unit makes.
struct ChannelConnections {
  let layer: Layer
  /// Where in a row of the layer's weights each channel begins, and where the row ends.
  private let starts: [Int]

  var channels: Int { starts.count - 1 }
  var count: Int { layer.outputs * channels }
  /// What counts beside the connections and is always there.
  var biases: Int { layer.prunableCount - layer.weightCount }
  /// The parameters that a layer has at least: its largest connection.
  var least: Int { biases + (zip(starts, starts.dropFirst()).map { $1 - $0 }.max() ?? 0) }

  init(_ layer: Layer, in network: NetworkView) throws {
    let area = layer.kernel.height * layer.kernel.width
    var isInside = [Bool](repeating: false, count: layer.inputs)
    for edge in network.edges where edge.to == layer.id && edge.area > 1 {
      let units = try network.layer(edge.from).unitCount
      for unit in 0..<units {
        let first = edge.first + unit * edge.area
        guard first + edge.area <= layer.inputs else {
          throw StrategyError("layer '\(layer.name)' reads more than its \(layer.inputs) inputs")
        }
        for input in first + 1..<first + edge.area { isInside[input] = true }
      }
    }
    self.layer = layer
    starts = (0..<layer.inputs).filter { !isInside[$0] }.map { $0 * area } + [layer.fanIn]
  }

  /// The positions of a connection's weights; connections of one unit lie side by side.
  func weights(of connection: Int) -> Range<Int> {
    let row = connection / channels * layer.fanIn
    let channel = connection % channels
    return row + starts[channel]..<row + starts[channel + 1]
  }
}
