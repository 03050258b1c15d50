import func Foundation.exp
import func Foundation.tanh
package import Networks

/// A forward pass of one sample in inference, in double precision and plain loops: what the engine
/// is compared with. It shares nothing with the engine but the order of the parameters.
package struct ReferenceForward {
  private let network: Network

  package init(_ network: Network) { self.network = network }

  /// What each node produces, channels × height × width, row-major.
  ///
  /// - Precondition: `input` has as many values as the network's input.
  package func activations(_ input: [Float]) -> [[Double]] {
    let graph = network.graph
    precondition(input.count == graph.inputShape.count, "the sample does not fit the input")
    var results: [[Double]] = []
    for place in graph.nodes.indices {
      let node = graph.nodes[place]
      let inputs = node.inputs.map { results[$0] }
      results.append(
        place == 0 ? input.map(Double.init) : output(of: place, inputs))
    }
    return results
  }

  private func output(of place: Int, _ inputs: [[Double]]) -> [Double] {
    let operation = network.graph.nodes[place].operation
    if let dense = operation.dense {
      return self.dense(inputs[0], at: place, units: dense.units)
    }
    if let convolution = operation.convolution {
      return convolve(inputs[0], at: place, convolution)
    }
    if let window = operation.maxPool?.pool {
      return pool(inputs[0], at: place, window) { values, _ in values.max() ?? 0 }
    }
    if let window = operation.averagePool?.pool {
      // The mean over the whole window: padding counts as zeros.
      return pool(inputs[0], at: place, window) { values, area in
        values.reduce(0, +) / Double(area)
      }
    }
    if let sum = operation.residualSum {
      return zip(inputs[0], inputs[1]).map { $0 + Double(sum.scale) * $1 }
    }
    switch operation {
    case .globalAveragePool:
      let input = network.graph.nodes[place].inputs[0]
      return averagePlanes(inputs[0], network.graph.shapes[input].plane)
    case .batchNorm: return normalize(inputs[0], at: place)
    case .relu: return inputs[0].map { max($0, 0) }
    case .tanh: return inputs[0].map { tanh($0) }
    case .sigmoid: return inputs[0].map { 1 / (1 + exp(-$0)) }
    case .concatenate: return inputs.flatMap { $0 }
    case .flatten: return inputs[0]
    default: preconditionFailure("the reference does not know '\(operation.word)'")
    }
  }

  /// The network's output.
  package func output(_ input: [Float]) -> [Double] {
    activations(input)[network.graph.nodes.count - 1]
  }

  private func parameters(at place: Int) -> (weights: [Double], biases: [Double]) {
    guard let slot = network.layout[place] else { return ([], []) }
    return (
      network.values[slot.weights].map(Double.init), network.values[slot.biases].map(Double.init)
    )
  }

  private func dense(_ input: [Double], at place: Int, units: Int) -> [Double] {
    let (weights, biases) = parameters(at: place)
    return (0..<units).map { unit in
      var sum = biases.isEmpty ? 0 : biases[unit]
      for (index, value) in input.enumerated() {
        sum += weights[unit * input.count + index] * value
      }
      return sum
    }
  }

  private func convolve(
    _ input: [Double], at place: Int, _ convolution: Convolution
  ) -> [Double] {
    let shape = network.graph.shapes[network.graph.nodes[place].inputs[0]]
    let out = network.graph.shapes[place]
    let (weights, biases) = parameters(at: place)
    let kernel = convolution.kernel
    var result: [Double] = []
    for unit in 0..<out.channels {
      for y in 0..<out.height {
        for x in 0..<out.width {
          var sum = biases.isEmpty ? 0 : biases[unit]
          for channel in 0..<shape.channels {
            for ky in 0..<kernel.height {
              for kx in 0..<kernel.width {
                let row = y * convolution.stride.height + ky - convolution.padding.height
                let column = x * convolution.stride.width + kx - convolution.padding.width
                guard 0..<shape.height ~= row, 0..<shape.width ~= column else { continue }
                let filter = (unit * shape.channels + channel) * kernel.area
                sum +=
                  weights[filter + ky * kernel.width + kx]
                  * input[(channel * shape.height + row) * shape.width + column]
              }
            }
          }
          result.append(sum)
        }
      }
    }
    return result
  }

  /// `combine` gets the values of a window that lie in the map, and the window's area.
  private func pool(
    _ input: [Double], at place: Int, _ window: Window,
    combine: (_ values: [Double], _ area: Int) -> Double
  ) -> [Double] {
    let shape = network.graph.shapes[network.graph.nodes[place].inputs[0]]
    let out = network.graph.shapes[place]
    var result: [Double] = []
    for channel in 0..<out.channels {
      for y in 0..<out.height {
        for x in 0..<out.width {
          var values: [Double] = []
          for wy in 0..<window.size.height {
            for wx in 0..<window.size.width {
              let row = y * window.stride.height + wy - window.padding.height
              let column = x * window.stride.width + wx - window.padding.width
              guard 0..<shape.height ~= row, 0..<shape.width ~= column else { continue }
              values.append(input[(channel * shape.height + row) * shape.width + column])
            }
          }
          result.append(combine(values, window.size.area))
        }
      }
    }
    return result
  }

  private func averagePlanes(_ input: [Double], _ plane: Int) -> [Double] {
    stride(from: 0, to: input.count, by: plane).map { start in
      input[start..<start + plane].reduce(0, +) / Double(plane)
    }
  }

  private func normalize(_ input: [Double], at place: Int) -> [Double] {
    let shape = network.graph.shapes[place]
    let biases = parameters(at: place).biases
    let statistics = (network.layout.statistics[place] ?? 0..<0).map {
      Double(network.statistics[$0])
    }
    return input.enumerated().map { index, value in
      let channel = index / shape.plane
      let deviation = (statistics[shape.channels + channel] + 1e-5).squareRoot()
      return biases[channel] * (value - statistics[channel]) / deviation
        + biases[shape.channels + channel]
    }
  }
}
