import Networks
import Numerics
import Testing

/// Activation statistics, output curvature and input moments against plain loops over the precise
/// engine.
@Suite struct UnitTests {
  /// A network whose layers are observed in every way: through pools and normalisation, after an
  /// activation, and bare.
  private func convolutional() throws -> Problem {
    try Problem("observed", input: Shape(1, 6, 6), samples: 20, loss: .crossEntropy) {
      $0.add(.convolution(.init(channels: 3, kernel: Extent(3), stride: Extent(1))))
      $0.add(.batchNorm)
      $0.add(.maxPool(.init(size: Extent(2))))
      $0.add(.relu)
      let entry = $0.last
      let left = $0.add(.convolution(.init(channels: 2, kernel: Extent(1))), on: [entry])
      let right = $0.add(.convolution(.init(channels: 2, kernel: Extent(1))), on: [entry])
      $0.add(.residualSum(scale: 1), on: [left, right])
      $0.add(.relu)
      $0.add(.flatten)
      $0.add(.dense(units: 4, bias: true))
      $0.add(.sigmoid)
      $0.add(.dense(units: 3, bias: true))
    }
  }

  @Test func layersAreObservedBehindTheirActivation() throws {
    let graph = try convolutional().network.graph
    let words = graph.weightedLayers.map { graph.nodes[graph.observedNode(of: $0)].operation.word }
    #expect(words == ["relu", "convolution", "convolution", "sigmoid", "dense"])
    let residual = try Models.residualNetwork(
      blocksPerStage: 1, input: Shape(1, 8, 8), classes: 2)
    let ends = residual.weightedLayers.map { place in
      residual.nodes[residual.observedNode(of: place)].operation.word
    }
    #expect(
      ends == [
        "relu", "relu", "batch-norm", "batch-norm", "relu", "batch-norm", "batch-norm", "relu",
        "batch-norm", "dense",
      ])
    let leNet = try Models.leNet5()
    #expect(leNet.weightedLayers.map { leNet.observedNode(of: $0) } == [3, 6, 9, 10])
  }

  @Test(arguments: [7, 20, 128])
  func activationStatistics(batchSize: Int) throws {
    let problem = try convolutional()
    let graph = problem.network.graph
    let measurements = problem.measurements(precise: false, batchSize: batchSize)
    let engine = PreciseEngine<Double>(problem.network)
    for place in graph.weightedLayers {
      let node = graph.observedNode(of: place)
      let shape = graph.shapes[node]
      var values = [[Double]](repeating: [], count: shape.channels)
      for sample in 0..<problem.samples.count {
        engine.forward(problem.samples.input(sample))
        for (index, value) in engine.output(of: node).enumerated() {
          values[index / shape.plane].append(value)
        }
      }
      let statistics = measurements.activations(at: place)
      for (unit, seen) in values.enumerated() {
        let count = Double(seen.count)
        let mean = seen.reduce(0, +) / count
        let variance = seen.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        let zeros = Double(seen.filter { $0 == 0 }.count)
        #expect(abs(Double(statistics.zeroRate[unit]) - zeros / count) < 1e-7)
        #expect(abs(Double(statistics.mean[unit]) - mean) < 1e-5)
        #expect(abs(Double(statistics.variance[unit]) - variance) < 1e-5)
      }
    }
    let rates = measurements.activations(at: graph.weightedLayers[0]).zeroRate
    #expect(rates.contains { $0 > 0 && $0 < 1 })
  }

  @Test(arguments: try Problem.all())
  func outputCurvatureIsTheSumOfSquaredColumns(problem: Problem) {
    let graph = problem.network.graph
    let engine = PreciseEngine<Double>(problem.network)
    var unused = [Double](repeating: 0, count: problem.network.layout.count)
    var expected: [Int: [Double]] = [:]
    for sample in 0..<problem.samples.count {
      let outputs = engine.forward(problem.samples.input(sample))
      for column in problem.loss.hessianFactor(outputs) {
        engine.backward(from: column, into: &unused)
        for place in graph.weightedLayers {
          let shape = graph.shapes[place]
          for (index, slope) in engine.slope(of: place).enumerated() {
            expected[place, default: [Double](repeating: 0, count: shape.channels)][
              index / shape.plane] += slope * slope / Double(problem.samples.count)
          }
        }
      }
    }
    for place in graph.weightedLayers {
      let curvature = problem.measurements(precise: true).outputCurvature(at: place)
      #expect(distance(curvature, expected[place] ?? []) < 5e-6)
    }
  }

  @Test(arguments: try Problem.all())
  func diagonalOfADenseLayerFactorsIntoItsUnits(problem: Problem) throws {
    // The bias's curvature is the unit's own.
    let measurements = problem.measurements(precise: false)
    let diagonal = measurements.gaussNewtonDiagonal()
    for place in problem.network.graph.weightedLayers
    where problem.network.graph.layouts[place] == .flat {
      guard let slot = problem.network.layout[place], !slot.biases.isEmpty else { continue }
      let biases = slot.biases.map { Double(diagonal[$0]) }
      #expect(distance(measurements.outputCurvature(at: place), biases) < 1e-5)
    }
  }

  @Test(arguments: try Problem.all())
  func inputMomentIsTheMeanOfTheInputsProducts(problem: Problem) throws {
    let graph = problem.network.graph
    let engine = PreciseEngine<Double>(problem.network)
    for place in graph.weightedLayers {
      let inputs = graph.parameterCounts(at: place).weights / graph.shapes[place].channels
      let hasBias = graph.parameterCounts(at: place).biases > 0
      let side = inputs + (hasBias ? 1 : 0)
      var sum = [Double](repeating: 0, count: side * side)
      for sample in 0..<problem.samples.count {
        engine.forward(problem.samples.input(sample))
        for patch in patches(of: place, in: graph, engine) {
          let x = patch + (hasBias ? [1] : [])
          for i in x.indices { for j in x.indices { sum[i * side + j] += x[i] * x[j] } }
        }
      }
      let count = Double(problem.samples.count * graph.shapes[place].plane)
      let moment = problem.measurements(precise: true).inputMoment(at: place)
      #expect(moment.side == side)
      #expect(distance(moment.values, sum.map { $0 / count }) < 2e-6)
      for row in 0..<side {
        for column in 0..<row {
          #expect(moment.values[row * side + column] == moment.values[column * side + row])
        }
      }
    }
  }

  /// The inputs that one unit of the layer multiplies, for every position.
  private func patches(
    of place: Int, in graph: Graph, _ engine: PreciseEngine<Double>
  ) -> [[Double]] {
    let input = graph.nodes[place].inputs[0]
    let values = engine.output(of: input)
    guard let convolution = graph.nodes[place].operation.convolution else {
      return [values]
    }
    let (shape, output) = (graph.shapes[input], graph.shapes[place])
    var patches: [[Double]] = []
    for row in 0..<output.height {
      for column in 0..<output.width {
        var patch: [Double] = []
        for channel in 0..<shape.channels {
          for tapY in 0..<convolution.kernel.height {
            for tapX in 0..<convolution.kernel.width {
              let y = row * convolution.stride.height + tapY - convolution.padding.height
              let x = column * convolution.stride.width + tapX - convolution.padding.width
              let inside = y >= 0 && y < shape.height && x >= 0 && x < shape.width
              patch.append(inside ? values[(channel * shape.height + y) * shape.width + x] : 0)
            }
          }
        }
        patches.append(patch)
      }
    }
    return patches
  }
}
