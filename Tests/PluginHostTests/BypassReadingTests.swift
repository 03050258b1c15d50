import Networks
import Numerics
import PluginHost
import Testing

/// The gradient past a layer, read through the C interface.
@Suite(.enabled(if: PluginCompiler.isThere)) struct BypassReadingTests {
  private static func convolutions() throws -> Network {
    var builder = GraphBuilder(input: Shape(1, 8, 7), layout: .spatial)
    builder.add(
      .convolution(.init(channels: 3, kernel: Extent(3, 2), padding: Extent(1))), name: "conv1")
    builder.add(.relu)
    builder.add(.convolution(.init(channels: 4, kernel: Extent(2, 3))), name: "conv2")
    builder.add(.relu)
    builder.add(.flatten)
    builder.add(.dense(units: 5, bias: true), name: "fc1")
    builder.add(.relu)
    builder.add(.dense(units: 3, bias: true), name: "fc2")
    return Network(graph: try builder.graph()).initialized(seed: 1)
  }

  @Test func itIsAMatrixWithARowAnOutputOfTheReader() throws {
    let network = try Self.convolutions()
    let log = Lines()
    _ = try Fixtures.plan(
      PluginCompiler.entry("bypassing"), network, goal: network.counts.weights, log: log)
    let measurements = try Fixtures.measurements(network)
    // Kernels of 3 + 2 - 1 by 2 + 3 - 1; of the map, 7 by 6, and those of conv2; of dense layers 1.
    let shapes = [("conv1", 4, 1 * 4 * 4), ("conv2", 5, 3 * 8 * 8), ("fc1", 3, 4 * 7 * 6)]
    #expect(log.all.count == shapes.count)
    for (line, (name, rows, columns)) in zip(log.all, shapes) {
      let words = line.split(separator: " ")
      let head = [name, "\(rows)", "\(columns)", "\(rows * columns)"]
      #expect(words.dropLast().map(String.init) == head)
      let place = try #require(network.graph.nodes.firstIndex { $0.name == name })
      let sum = measurements.bypassGradient(at: place).enumerated().reduce(0.0) {
        $0 + Double($1.offset + 1) * Double($1.element)
      }
      let read = try #require(words.last.flatMap { Double($0) })
      #expect(abs(read - sum) <= 1e-6 * abs(sum) && sum != 0)
    }
  }

  @Test func pooledUnitsHaveNoneAndTheHostSaysWhy() throws {
    let network = Network(graph: try Models.leNet5()).initialized(seed: 1)
    let entry = try PluginCompiler.entry("bypassing")
    let text = message { _ = try Fixtures.plan(entry, network, goal: network.counts.weights) }
    #expect(
      text.contains(
        "bypass-gradient of 'conv1' is not there: 'max-pool2' pools its units, and no linear layer "
          + "leads past that"), "\(text)")
  }
}
