import Foundation

/// The channels of a network that are the same at every position of every sample, and their values.
///
/// Masks alone decide: a unit whose live weights all read constant channels is constant, and what
/// follows it is while each step keeps it so exactly. Inference only, as batch normalisation by a
/// batch's own statistics is another function.
struct ConstantChannels {
  /// For each node and channel its value, or nil where it varies.
  private(set) var values: [[Double?]] = []
  private let network: Network

  init(_ network: Network) {
    self.network = network
    for place in network.graph.nodes.indices {
      let channels = channels(of: place).map { value in
        value.flatMap { $0.isFinite ? $0 : nil }
      }
      values.append(channels)
    }
  }

  private func channels(of place: Int) -> [Double?] {
    let graph = network.graph
    let node = graph.nodes[place]
    let input = node.inputs.first.map { values[$0] } ?? []
    switch node.operation {
    case .input: return [Double?](repeating: nil, count: graph.shapes[place].channels)
    case .dense: return units(of: place, reading: input)
    case .convolution(let convolution):
      // Padding puts zeros beside the values: only the constant 0 is still the same everywhere.
      return units(of: place, reading: convolution.padding.isZero ? input : input.onlyZeros)
    case .maxPool, .globalAveragePool: return input
    case .averagePool(let window): return window.padding.isZero ? input : input.onlyZeros
    case .batchNorm: return normalized(input, at: place)
    case .relu: return input.map { $0.map { max($0, 0) } }
    case .tanh: return input.map { $0.map(Foundation.tanh) }
    case .sigmoid: return input.map { $0.map { 1 / (1 + exp(-$0)) } }
    case .residualSum(let scale):
      return zip(input, values[node.inputs[1]]).map { skip, branch in
        guard scale != 0 else { return skip }
        guard let skip, let branch else { return nil }
        return skip + Double(scale) * branch
      }
    case .concatenate: return node.inputs.flatMap { values[$0] }
    case .flatten:
      let plane = graph.shapes[node.inputs[0]].plane
      return input.flatMap { [Double?](repeating: $0, count: plane) }
    }
  }

  private func units(of place: Int, reading input: [Double?]) -> [Double?] {
    guard let slot = network.layout[place] else { return [] }
    let geometry = network.graph.weightGeometry(of: slot)
    return (0..<slot.weights.count / geometry.row).map { unit in
      var sum = slot.biases.isEmpty ? 0 : Double(network.values[slot.biases.lowerBound + unit])
      var position = slot.weights.lowerBound + unit * geometry.row
      for channel in 0..<geometry.channels {
        for _ in 0..<geometry.area {
          if network.mask[position] != 0 {
            guard let value = input[channel] else { return nil }
            sum += value * Double(network.values[position])
          }
          position += 1
        }
      }
      return sum
    }
  }

  private func normalized(_ input: [Double?], at place: Int) -> [Double?] {
    guard let slot = network.layout[place], let range = network.layout.statistics[place] else {
      return input
    }
    return input.indices.map { channel in
      guard let value = input[channel] else { return nil }
      let mean = Double(network.statistics[range.lowerBound + channel])
      let variance = Double(network.statistics[range.lowerBound + input.count + channel])
      let scale = Double(network.values[slot.biases.lowerBound + channel])
      let shift = Double(network.values[slot.biases.lowerBound + input.count + channel])
      let deviation = (variance + Double(Executor.epsilon)).squareRoot()
      return shift + scale * (value - mean) / deviation
    }
  }
}

extension Extent {
  var isZero: Bool { height == 0 && width == 0 }
}

extension [Double?] {
  /// The same without the constants that are not 0.
  fileprivate var onlyZeros: [Double?] { map { $0 == 0 ? 0 : nil } }
}
