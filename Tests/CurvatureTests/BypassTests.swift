import Networks
import Numerics
import Testing

/// The gradient in a linear layer past the units of a layer.
struct BypassTests {
  /// A network and the windows past its layers, from the input on; nil where nothing leads past one.
  struct Case: Sendable, CustomTestStringConvertible {
    let problem: Problem
    let windows: [Window?]
    var testDescription: String { problem.name }
  }

  struct Window: Equatable, Sendable {
    let kernel: Extent
    var stride = Extent(1)
    var padding = Extent(0)
  }

  static func cases() throws -> [Case] {
    try [
      Case(
        problem: Problem(
          "dense layers", input: Shape(5), layout: .flat, samples: 37, loss: .crossEntropy
        ) {
          $0.add(.dense(units: 7, bias: true))
          $0.add(.relu)
          $0.add(.dense(units: 4, bias: true))
          $0.add(.batchNorm)
          $0.add(.tanh)
          $0.add(.dense(units: 3, bias: false))
        }, windows: [Window(kernel: Extent(1)), Window(kernel: Extent(1)), nil]),
      Case(
        problem: Problem("padded convolutions", input: Shape(2, 7, 6), loss: .crossEntropy) {
          $0.add(
            .convolution(.init(channels: 3, kernel: Extent(3, 2), padding: Extent(1, 0))))
          $0.add(.batchNorm)
          $0.add(.relu)
          $0.add(
            .convolution(
              .init(channels: 4, kernel: Extent(2, 3), padding: Extent(1, 2), bias: false)))
          $0.add(.tanh)
          $0.add(.maxPool(.init(size: Extent(2))))
          $0.add(.flatten)
          $0.add(.dense(units: 3, bias: true))
        }, windows: [Window(kernel: Extent(4, 4), padding: Extent(2, 2)), nil, nil]),
      Case(
        problem: Problem(
          "strides, many samples", input: Shape(2, 9, 11), samples: 70, loss: .squaredError
        ) {
          $0.add(
            .convolution(
              .init(channels: 3, kernel: Extent(3, 2), stride: Extent(2, 1), padding: Extent(0, 1)))
          )
          $0.add(.tanh)
          $0.add(
            .convolution(
              .init(channels: 2, kernel: Extent(2, 3), stride: Extent(1, 2), padding: Extent(1))))
          $0.add(.globalAveragePool)
          $0.add(.flatten)
          $0.add(.dense(units: 2, bias: true))
        },
        windows: [
          Window(kernel: Extent(5, 4), stride: Extent(2), padding: Extent(2)), nil, nil,
        ]),
      Case(
        problem: Problem("a flattened map", input: Shape(2, 6, 5), samples: 19, loss: .crossEntropy)
        {
          $0.add(
            .convolution(.init(channels: 3, kernel: Extent(3, 2), padding: Extent(1, 0))))
          $0.add(.sigmoid)
          $0.add(.flatten)
          $0.add(.dense(units: 4, bias: true))
          $0.add(.relu)
          $0.add(.dense(units: 3, bias: true))
        },
        windows: [
          Window(kernel: Extent(8, 5), padding: Extent(1, 0)), Window(kernel: Extent(1)), nil,
        ]),
      Case(
        problem: Problem("concatenated branches", input: Shape(1, 5, 4), loss: .squaredError) {
          let left = $0.add(.convolution(.init(channels: 2, kernel: Extent(1))), on: [0])
          let right = $0.add(
            .convolution(.init(channels: 3, kernel: Extent(3), padding: Extent(1))), on: [0])
          $0.add(.concatenate, on: [left, right])
          $0.add(.tanh)
          $0.add(.convolution(.init(channels: 2, kernel: Extent(2))))
          $0.add(.averagePool(.init(size: Extent(2))))
          $0.add(.flatten)
          $0.add(.dense(units: 2, bias: false))
        },
        windows: [
          Window(kernel: Extent(2)), Window(kernel: Extent(4), padding: Extent(1)), nil, nil,
        ]),
    ]
  }

  @Test(arguments: try cases(), [1, 3, 128])
  func itIsTheSumOfProducts(_ item: Case, batch: Int) throws {
    let graph = item.problem.network.graph
    let measurements = item.problem.measurements(precise: false, batchSize: batch)
    #expect(graph.weightedLayers.count == item.windows.count)
    for (place, window) in zip(graph.weightedLayers, item.windows) {
      guard let window else {
        #expect(throws: NoBypass.self) { try graph.bypass(of: place) }
        #expect(measurements.bypassGradient(at: place).isEmpty)
        continue
      }
      let bypass = try graph.bypass(of: place)
      #expect(
        Window(kernel: bypass.kernel, stride: bypass.stride, padding: bypass.padding) == window)
      let gradient = measurements.bypassGradient(at: place)
      #expect(gradient.count == bypass.count)
      #expect(distance(gradient, products(of: item.problem, bypass, window)) < 1e-5)
    }
  }

  /// (1/N) Σ over samples and positions of g hᵀ, by its definition.
  private func products(of problem: Problem, _ bypass: Bypass, _ window: Window) -> [Double] {
    let graph = problem.network.graph
    let engine = PreciseEngine<Double>(problem.network)
    let source = graph.nodes[bypass.producer].inputs[0]
    let input = graph.shapes[source]
    let output = graph.shapes[bypass.consumer]
    let row = input.channels * window.kernel.area
    var sums = [Double](repeating: 0, count: output.channels * row)
    var unused = [Double](repeating: 0, count: problem.network.layout.count)
    for sample in 0..<problem.samples.count {
      let outputs = engine.forward(problem.samples.input(sample))
      engine.backward(
        from: problem.loss.slope(of: outputs, problem.samples, sample: sample).gradient,
        into: &unused)
      let (h, g) = (engine.output(of: source), engine.slope(of: bypass.consumer))
      for y in 0..<output.height {
        for x in 0..<output.width {
          for channel in 0..<input.channels {
            for tapY in 0..<window.kernel.height {
              for tapX in 0..<window.kernel.width {
                let inY = y * window.stride.height + tapY - window.padding.height
                let inX = x * window.stride.width + tapX - window.padding.width
                guard 0..<input.height ~= inY, 0..<input.width ~= inX else { continue }
                let value = h[(channel * input.height + inY) * input.width + inX]
                let tap = (channel * window.kernel.height + tapY) * window.kernel.width + tapX
                for unit in 0..<output.channels {
                  sums[unit * row + tap] +=
                    value * g[(unit * output.height + y) * output.width + x]
                }
              }
            }
          }
        }
      }
    }
    return sums.map { $0 / Double(problem.samples.count) }
  }

  @Test func ofDenseLayersItIsTheMeanProductOfThePairs() throws {
    let problem = try Self.cases()[0].problem
    let measurements = problem.measurements(precise: false)
    let places = problem.network.graph.weightedLayers
    for (producer, consumer) in zip(places, places.dropFirst()) {
      let inputs = measurements.inputs(at: producer)
      let slopes = measurements.outputGradients(at: consumer)
      let count = problem.samples.count
      let (width, units) = (inputs.count / count, slopes.count / count)
      var expected = [Double](repeating: 0, count: units * width)
      for sample in 0..<count {
        for unit in 0..<units {
          for input in 0..<width {
            expected[unit * width + input] +=
              Double(slopes[sample * units + unit]) * Double(inputs[sample * width + input])
              / Double(count)
          }
        }
      }
      #expect(distance(measurements.bypassGradient(at: producer), expected) < 1e-5)
    }
  }

  @Test func itCostsAForwardAndABackwardPass() throws {
    let problem = try Self.cases()[0].problem
    let (bypass, pairs) = (
      problem.measurements(precise: false), problem.measurements(precise: false)
    )
    let places = problem.network.graph.weightedLayers
    _ = bypass.bypassGradient(at: places[0])
    _ = pairs.outputGradients(at: places[1])
    #expect(bypass.operations == pairs.operations && pairs.operations > 0)
  }

  @Test func whyNothingLeadsPastALayerIsSaid() throws {
    func reason(_ layers: (inout GraphBuilder) -> Void) throws -> String {
      var builder = GraphBuilder(input: Shape(2, 8, 8), layout: .spatial)
      builder.add(
        .convolution(.init(channels: 2, kernel: Extent(3), padding: Extent(1))), name: "first")
      layers(&builder)
      builder.add(.flatten)
      let graph = try builder.graph()
      do throws(NoBypass) {
        return "\(try graph.bypass(of: 1).kernel)"
      } catch {
        return error.description
      }
    }
    let second = Operation.convolution(
      .init(channels: 2, kernel: Extent(3), padding: Extent(1)))
    for pool in [
      Operation.maxPool(.init(size: Extent(2))), .averagePool(.init(size: Extent(2))),
      .globalAveragePool,
    ] {
      let text = try reason {
        $0.add(.relu)
        $0.add(pool, name: "pool")
        $0.add(.convolution(.init(channels: 2, kernel: Extent(1))))
      }
      #expect(text == "'pool' pools its units, and no linear layer leads past that")
    }
    #expect(try reason { _ in } == "its units are the network's output")
    let two = try reason {
      let (left, right) = ($0.add(second, on: [1]), $0.add(second, on: [1]))
      $0.add(.concatenate, on: [left, right])
    }
    #expect(two == "more than one layer reads its units")
    let sum = try reason {
      $0.add(second, on: [0])
      $0.add(.residualSum(scale: 1), name: "sum", on: [1, 2])
    }
    #expect(sum == "'sum' adds its units to those of other layers")
  }
}
