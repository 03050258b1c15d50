import StrategyKit

/// What flows through a network whose parameters are their magnitudes, from inputs of 1.
///
///     R = the sum of all outputs = the sum over all paths of the product of their weights' |w|
///     score of w = |w| · ∂R/∂|w| = the sum over the paths through w
///
/// A unit of a convolution has one value here. From inputs of 1 every map is the same at all
/// positions as long as no padding brings in zeros, pools of any kind pass it on, and the sum of a
/// map's derivatives passes through windows and pools unchanged. So for networks without padding
/// the scores are exact, up to a factor for all of them; with padding they are those of maps
/// without a border.
struct SynapticFlow {
  private let parts: [Part]

  /// A layer and the inputs that it makes.
  private struct Part {
    let layer: Layer
    let magnitudes: [Double]
    var readers: [Reader] = []
    /// Of each input, whether it is the network's own.
    var isOuter: [Bool]
  }

  private struct Reader {
    /// The layer's place; nil for the network's output.
    let part: Int?
    let first, area: Int
  }

  /// - Throws: ``SkipStrategy`` where the network has a layer of a kind that is not known.
  init(_ layers: [Layer], in network: NetworkView) throws {
    var parts = try layers.map { layer in
      guard layer.kind == .dense || layer.kind == .convolution else {
        throw SkipStrategy("'\(layer.name)' is of a kind whose paths are not known")
      }
      return Part(
        layer: layer,
        magnitudes: try network.values(of: .parameters, for: layer).map { Double(abs($0)) },
        isOuter: [Bool](repeating: true, count: layer.inputs))
    }
    let places = Dictionary(
      layers.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    for edge in network.edges {
      guard let from = places[edge.from] else { continue }
      let to = edge.to.flatMap { places[$0] }
      parts[from].readers.append(Reader(part: to, first: edge.first, area: edge.area))
      guard let to else { continue }
      let end = edge.first + layers[from].outputs * edge.area
      for input in edge.first..<min(end, layers[to].inputs) { parts[to].isOuter[input] = false }
    }
    self.parts = parts
  }

  /// For each layer the scores of its prunable positions, 0 where `isLive` says no, as shares of the
  /// largest.
  ///
  /// - Parameter isLive: of each layer's prunable positions.
  /// - Throws: ``SkipStrategy`` where no path is left, or no number holds the flow.
  func scores(where isLive: [[Bool]]) throws -> [[Float]] {
    let inputs = forward(isLive)
    let slopes = backward(isLive)
    let scores = parts.indices.map { index in
      score(parts[index], inputs[index], slopes[index], isLive[index])
    }
    let most = scores.reduce(0) { max($0, $1.max() ?? 0) }
    guard most.isFinite else {
      throw SkipStrategy("the products of weights along paths are larger than any number")
    }
    guard most > 0 else { throw SkipStrategy("no path of live weights leads to an output") }
    return scores.map { $0.map { Float($0 / most) } }
  }

  /// The magnitudes with those that are not live at 0.
  private func magnitudes(_ index: Int, _ isLive: [[Bool]]) -> [Double] {
    var magnitudes = parts[index].magnitudes
    for position in isLive[index].indices where !isLive[index][position] {
      magnitudes[position] = 0
    }
    return magnitudes
  }

  /// The inputs of each layer.
  private func forward(_ isLive: [[Bool]]) -> [[Double]] {
    var inputs = parts.map { $0.isOuter.map { $0 ? 1.0 : 0 } }
    for (index, part) in parts.enumerated() {
      let magnitudes = magnitudes(index, isLive)
      let kernel = part.layer.kernel.height * part.layer.kernel.width
      for unit in 0..<part.layer.outputs {
        var sum = 0.0
        var position = unit * part.layer.fanIn
        for input in inputs[index] {
          for _ in 0..<kernel {
            sum += magnitudes[position] * input
            position += 1
          }
        }
        if part.layer.biasCount > 0 { sum += magnitudes[part.layer.weightCount + unit] }
        for reader in part.readers {
          guard let to = reader.part else { continue }
          let first = reader.first + unit * reader.area
          for input in first..<first + reader.area { inputs[to][input] += sum }
        }
      }
    }
    return inputs
  }

  /// The derivative of the flow in each unit of each layer, summed over its map.
  private func backward(_ isLive: [[Bool]]) -> [[Double]] {
    var slopes = parts.map { [Double](repeating: 0, count: $0.layer.outputs) }
    var inputSlopes = parts.map { [Double](repeating: 0, count: $0.layer.inputs) }
    for index in parts.indices.reversed() {
      let part = parts[index]
      let magnitudes = magnitudes(index, isLive)
      let kernel = part.layer.kernel.height * part.layer.kernel.width
      for unit in 0..<part.layer.outputs {
        var slope = 0.0
        for reader in part.readers {
          guard let to = reader.part else {
            slope += Double(reader.area)
            continue
          }
          let first = reader.first + unit * reader.area
          for input in first..<first + reader.area { slope += inputSlopes[to][input] }
        }
        slopes[index][unit] = slope
        var position = unit * part.layer.fanIn
        for input in 0..<part.layer.inputs {
          for _ in 0..<kernel {
            inputSlopes[index][input] += magnitudes[position] * slope
            position += 1
          }
        }
      }
    }
    return slopes
  }

  private func score(
    _ part: Part, _ inputs: [Double], _ slopes: [Double], _ isLive: [Bool]
  ) -> [Double] {
    let kernel = part.layer.kernel.height * part.layer.kernel.width
    return isLive.indices.map { position in
      guard isLive[position] else { return 0 }
      let isBias = position >= part.layer.weightCount
      let unit = isBias ? position - part.layer.weightCount : position / part.layer.fanIn
      let input = isBias ? 1 : inputs[position % part.layer.fanIn / kernel]
      return part.magnitudes[position] * input * slopes[unit]
    }
  }
}
