import StrategyKit

/// Every sample's own gradient in the parameters of one layer.
///
/// Of a dense layer it is an input times a slope, so that the two are kept and not all products. They are
/// of the first thousand samples; of a convolution there are as many as the host tells.
struct SampleGradients {
  private enum Source {
    /// A row a sample: what goes into the layer, and the loss's gradient in what comes out.
    case factors(inputs: [Float], slopes: [Float])
    /// A row a sample with a gradient a parameter.
    case whole([Float])
  }

  let samples: Int
  private let layer: Layer
  private let source: Source
  private static let mostSamples = 1000

  /// - Throws: `StrategyError` when the host's signals do not have the layer's size.
  init(_ layer: Layer, in network: NetworkView) throws {
    self.layer = layer
    guard layer.kind == .dense else {
      let values = try network.values(of: .sampleGradients, for: layer)
      samples = try Self.rows(of: values.count, each: layer.parameterCount, in: layer)
      source = .whole(values)
      return
    }
    let inputs = try network.values(of: .inputs, for: layer)
    let slopes = try network.values(of: .outputGradients, for: layer)
    let rows = try Self.rows(of: inputs.count, each: layer.inputs, in: layer)
    guard try Self.rows(of: slopes.count, each: layer.outputs, in: layer) == rows else {
      throw StrategyError("'\(layer.name)' has gradients of other samples than inputs")
    }
    samples = min(rows, Self.mostSamples)
    source = .factors(inputs: inputs, slopes: slopes)
  }

  private static func rows(of count: Int, each length: Int, in layer: Layer) throws -> Int {
    guard count > 0, length > 0, count % length == 0 else {
      throw StrategyError("'\(layer.name)' needs rows of \(length) values, not \(count) values")
    }
    return count / length
  }

  /// The gradients in some parameters: a row for each sample that has any there.
  func rows(of positions: ArraySlice<Int>) -> Matrix {
    switch source {
    case .factors(let inputs, let slopes): products(positions, inputs, slopes)
    case .whole(let values): excerpt(positions, of: values)
    }
  }

  private func products(
    _ positions: ArraySlice<Int>, _ inputs: [Float], _ slopes: [Float]
  ) -> Matrix {
    // A weight's gradient is its input times the unit's slope, a bias's the slope.
    let places = positions.map { position in
      position < layer.weightCount
        ? (unit: position / layer.inputs, input: position % layer.inputs)
        : (unit: position - layer.weightCount, input: -1)
    }
    let units = Set(places.map(\.unit)).sorted()
    let active = (0..<samples).filter { sample in
      units.contains { slopes[sample * layer.outputs + $0] != 0 }
    }
    var gradients = Matrix(rows: active.count, columns: places.count)
    gradients.values.withUnsafeMutableBufferPointer { values in
      inputs.withUnsafeBufferPointer { inputs in
        slopes.withUnsafeBufferPointer { slopes in
          var next = 0
          for sample in active {
            let (firstInput, firstSlope) = (sample * layer.inputs, sample * layer.outputs)
            for place in places {
              let input = place.input < 0 ? 1 : Double(inputs[firstInput + place.input])
              values[next] = input * Double(slopes[firstSlope + place.unit])
              next += 1
            }
          }
        }
      }
    }
    return gradients
  }

  private func excerpt(_ positions: ArraySlice<Int>, of values: [Float]) -> Matrix {
    var gradients = Matrix(rows: samples, columns: positions.count)
    var next = 0
    for sample in 0..<samples {
      for position in positions {
        gradients.values[next] = Double(values[sample * layer.parameterCount + position])
        next += 1
      }
    }
    return gradients
  }
}
