import Networks
import Numerics
import TestSupport
import Testing

/// What the gradient past a layer is for: the change of the loss by a new unit that passes on what it
/// gets, to first order.
struct BypassSlopeTests {
  /// A network in which something may lead around a layer and the one that reads it.
  struct Detour: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let first: Convolution
    /// From `first` and its activation on.
    let rest: [Operation]

    func graph(around detour: [Operation] = []) throws -> Graph {
      var builder = GraphBuilder(input: Shape(2, 8, 7), layout: .spatial)
      builder.add(
        .convolution(.init(channels: 3, kernel: Extent(3), padding: Extent(1))), name: "before")
      let fork = builder.add(.tanh)
      builder.add(.convolution(first), name: "first")
      builder.add(.tanh)
      for operation in rest { builder.add(operation, name: "rest of \(operation.word)") }
      if !detour.isEmpty {
        let end = builder.last
        var here = fork
        for (index, operation) in detour.enumerated() {
          here = builder.add(operation, name: "detour\(index)", on: [here])
        }
        builder.add(.residualSum(scale: 1), name: "sum", on: [end, here])
      }
      builder.add(.tanh, name: "behind")
      if builder.isSpatial { builder.add(.flatten, name: "flat") }
      builder.add(.dense(units: 3, bias: true), name: "last")
      return try builder.graph()
    }

    func problem(_ graph: Graph, seed: UInt64) throws -> Problem {
      var network = Network(graph: graph)
      network.randomize(seed: seed)
      var random = RandomStream(seed: seed, name: "samples")
      return Problem(
        name: testDescription, network: network,
        samples: try Samples(
          shape: [2, 8, 7], inputs: (0..<6 * 112).map { _ in Float(random.normal()) },
          targets: .labels([0, 1, 2, 0, 1, 2], classes: 3)), loss: .crossEntropy)
    }
  }

  static let detours = [
    Detour(
      testDescription: "two kernels",
      first: .init(channels: 4, kernel: Extent(3, 2), padding: Extent(1, 0)),
      rest: [.convolution(.init(channels: 3, kernel: Extent(2, 3)))]),
    Detour(
      testDescription: "strides",
      first: .init(channels: 4, kernel: Extent(3), stride: Extent(2, 1), padding: Extent(1)),
      rest: [.convolution(.init(channels: 3, kernel: Extent(2), stride: Extent(1, 2)))]),
    Detour(
      testDescription: "a flattened map",
      first: .init(channels: 4, kernel: Extent(3), padding: Extent(1, 0)),
      rest: [.flatten, .dense(units: 5, bias: true)]),
    Detour(
      testDescription: "a padded reader",
      first: .init(channels: 4, kernel: Extent(3), padding: Extent(1)),
      rest: [.convolution(.init(channels: 3, kernel: Extent(3), padding: Extent(1)))]),
  ]

  /// A unit with weights ψ into it and ω out of it: dL = ⟨N, ω ∗ ψ⟩. In a reader's padding units are
  /// 0 and a bypass is not, so there must be none.
  @Test(arguments: detours.dropLast(), [UInt64(0), 1, 2])
  func aUnitThatPassesOnWhatItGets(_ detour: Detour, seed: UInt64) throws {
    var unit = detour.first
    (unit.channels, unit.bias) = (1, false)
    var around: [Operation] = [.convolution(unit)]
    for operation in detour.rest {
      if var convolution = operation.convolution {
        convolution.bias = false
        around.append(.convolution(convolution))
      } else if let dense = operation.dense {
        around.append(.dense(units: dense.units, bias: false))
      } else {
        around.append(operation)
      }
    }
    let (slope, engine) = try derivative(of: detour, around: around, seed: seed)
    let (gradient, bypass) = try measured(detour, seed: seed)
    let psi = weights("detour0", of: engine)
    let omega = weights("detour\(around.count - 1)", of: engine)
    let window = unit.kernel
    let second = Extent(
      (bypass.kernel.height - window.height) / unit.stride.height + 1,
      (bypass.kernel.width - window.width) / unit.stride.width + 1)
    #expect(omega.count == bypass.outputs * second.area)
    var sum = 0.0
    for output in 0..<bypass.outputs {
      for input in 0..<bypass.inputs {
        for u in 0..<second.area {
          for t in 0..<window.area {
            let y = unit.stride.height * (u / second.width) + t / window.width
            let x = unit.stride.width * (u % second.width) + t % window.width
            let place = (output * bypass.inputs + input) * bypass.kernel.area
            sum +=
              Double(gradient[place + y * bypass.kernel.width + x])
              * omega[output * second.area + u] * psi[input * window.area + t]
          }
        }
      }
    }
    #expect(abs(slope - sum) < 1e-3 * abs(slope), "\(slope) and \(sum)")
  }

  /// A linear layer past the units, with any weights K: dL = ⟨N, K⟩, padding or not.
  @Test(arguments: detours.filter { $0.rest.count == 1 }, [UInt64(0), 1, 2])
  func aLayerPastTheUnits(_ detour: Detour, seed: UInt64) throws {
    let (gradient, bypass) = try measured(detour, seed: seed)
    let layer = Operation.convolution(
      .init(
        channels: bypass.outputs, kernel: bypass.kernel, stride: bypass.stride,
        padding: bypass.padding, bias: false))
    let (slope, engine) = try derivative(of: detour, around: [layer], seed: seed)
    let sum = zip(gradient, weights("detour0", of: engine)).reduce(0) {
      $0 + Double($1.0) * $1.1
    }
    #expect(abs(slope - sum) < 1e-3 * abs(slope), "\(slope) and \(sum)")
  }

  private func measured(
    _ detour: Detour, seed: UInt64
  ) throws -> (gradient: [Float], bypass: Bypass) {
    let graph = try detour.graph()
    let place = try #require(graph.nodes.firstIndex { $0.name == "first" })
    let measurements = try detour.problem(graph, seed: seed).measurements(precise: false)
    return (measurements.bypassGradient(at: place), try graph.bypass(of: place))
  }

  /// The derivative of the loss in a factor of the detour's last weights, at 0.
  private func derivative(
    of detour: Detour, around operations: [Operation], seed: UInt64
  ) throws -> (slope: Double, engine: PreciseEngine<Double>) {
    let base = try detour.problem(try detour.graph(), seed: seed)
    let wider = try detour.problem(try detour.graph(around: operations), seed: seed + 100)
    let engine = PreciseEngine<Double>(wider.network)
    let own = PreciseEngine<Double>(base.network)
    for place in base.network.graph.weightedLayers {
      let name = base.network.graph.nodes[place].name
      let (from, to) = (try slot(name, of: own), try slot(name, of: engine))
      engine.parameters.replaceSubrange(to.all, with: own.parameters[from.all])
    }
    let last = try slot("detour\(operations.count - 1)", of: engine).weights
    let weights = Array(engine.parameters[last])
    func loss(_ factor: Double) -> Double {
      engine.parameters.replaceSubrange(last, with: weights.map { factor * $0 })
      defer { engine.parameters.replaceSubrange(last, with: weights) }
      return (0..<base.samples.count).reduce(0.0) { sum, sample in
        let outputs = engine.forward(base.samples.input(sample))
        return sum + base.loss.slope(of: outputs, base.samples, sample: sample).loss
      } / Double(base.samples.count)
    }
    let step = 1e-4
    return ((loss(step) - loss(-step)) / (2 * step), engine)
  }

  private func slot(
    _ name: String, of engine: PreciseEngine<Double>
  ) throws -> ParameterLayout.Slot {
    let place = try #require(engine.graph.nodes.firstIndex { $0.name == name })
    return try #require(engine.layout[place])
  }

  private func weights(_ name: String, of engine: PreciseEngine<Double>) -> [Double] {
    guard let slot = try? slot(name, of: engine) else { return [] }
    return Array(engine.parameters[slot.weights])
  }
}

extension GraphBuilder {
  /// Whether the newest node makes maps.
  fileprivate var isSpatial: Bool {
    nodes.allSatisfy { node in
      node.operation != .flatten && node.operation.dense == nil
    }
  }
}
