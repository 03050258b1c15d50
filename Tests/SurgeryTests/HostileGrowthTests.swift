import Networks
import TestSupport
import Testing

@Suite("Growth that does not fit is refused by name and unit, and nothing happens")
struct HostileGrowthTests {
  @Test(
    arguments:
      HostileEdit.widening + HostileEdit.insertion + HostileEdit.puttingBeside
      + HostileEdit.removal)
  func isRefusedInWords(_ hostile: HostileEdit) throws {
    let network = try everything()
    let failed = #expect(throws: SurgeryError.self) {
      try network.applying([
        .freeze(layer: network.id("wide"), positions: nil), hostile.edit(network),
      ])
    }
    let message = try #require(failed).description
    #expect(message.hasPrefix("edit 1, layer '"))
    for word in hostile.words { #expect(message.contains(word), "\(message)") }
  }

  /// The same edit in good order, so that what is refused above is so for the reason given.
  @Test func theRestIsAccepted() throws {
    let network = try everything()
    let wide = try network.id("wide")
    #expect(throws: Never.self) {
      try network.applying([
        .widen(layer: wide, HostileEdit.twoUnits),
        .insertAfter(layer: wide, [.identity(of: 5, layout: .flat)]),
        .insertBlock(after: wide, HostileEdit.branch(of: 5)),
        .insertBeside(
          layer: network.id("right"), UnitsBeside(layers: [.identity(of: 5, layout: .flat)])),
      ])
    }
  }

  /// Weights that no memory could hold are not made, whichever layer would have them.
  @Test func tooManyParametersAreRefusedBeforeTheyAreMade() throws {
    var builder = GraphBuilder(input: Shape(1 << 12), layout: .flat)
    let narrow = builder.add(.dense(units: 1, bias: false), name: "narrow")
    let first = builder.add(.dense(units: 1, bias: false), name: "first", on: [narrow])
    let second = builder.add(.dense(units: 1, bias: false), name: "second", on: [0])
    builder.add(.residualSum(scale: 1), on: [first, second])
    builder.add(.dense(units: 1, bias: false), name: "last")
    let network = Network(graph: try builder.graph())
    let ones = [Float](repeating: 1, count: 1 << 17)
    let failed = #expect(throws: SurgeryError.self) {
      try network.applying([
        .widen(
          layer: network.id("first"), NewUnits(count: ones.count, fanIn: ones, fanOut: [ones]))
      ])
    }
    #expect(failed?.layer == "first")
    #expect(failed?.reason.contains("too many") == true)
  }

  @Test func unitsBesideAMapAreRefused() throws {
    let network = Network(graph: try Models.leNet5())
    let failed = #expect(throws: SurgeryError.self) {
      try network.applying([
        .insertBeside(
          layer: network.id("conv2"), UnitsBeside(layers: [.identity(of: 20, layout: .flat)]))
      ])
    }
    #expect(failed?.layer == "conv2")
    #expect(failed?.reason.contains("a convolution and reads a map") == true)
  }

  /// Nor are channels that no node may have, made by a layer that is only added to the one named.
  @Test func tooManyValuesAreRefusedBeforeTheyAreMade() throws {
    var builder = GraphBuilder(input: Shape(1, 1024, 1024), layout: .spatial)
    let large = builder.add(.convolution(.init(channels: 1, kernel: Extent(1))), name: "large")
    let pool = builder.add(.maxPool(.init(size: Extent(32))), on: [large])
    let pooled = builder.add(.maxPool(.init(size: Extent(32))), on: [pool])
    let small = builder.add(
      .convolution(.init(channels: 1, kernel: Extent(1), bias: false)), name: "small", on: [pooled])
    builder.add(.residualSum(scale: 1), on: [pooled, small])
    let sum = builder.add(.flatten)
    let flat = builder.add(.flatten, on: [large])
    builder.add(.concatenate, on: [sum, flat])
    builder.add(.dense(units: 1, bias: false), name: "out")
    let network = Network(graph: try builder.graph())
    let ones = [Float](repeating: 1, count: 1 << 17)
    let failed = #expect(throws: SurgeryError.self) {
      try network.applying([
        .widen(
          layer: network.id("small"), NewUnits(count: ones.count, fanIn: ones, fanOut: [ones]))
      ])
    }
    #expect(failed?.layer == "large")
    #expect(failed?.reason.contains("too large") == true)
  }

  /// Two flattened maps of 4 and a map of 8 cannot take a new channel in the same place.
  @Test func mapsThatDoNotLineUpAreRefused() throws {
    var builder = GraphBuilder(input: Shape(1, 2, 4), layout: .spatial)
    let long = builder.add(.convolution(.init(channels: 1, kernel: Extent(1))), name: "long")
    let whole = builder.add(.flatten, on: [long])
    let halves = [0, 1].map { _ in
      builder.add(
        .convolution(.init(channels: 1, kernel: Extent(1, 2), stride: Extent(1, 2))), on: [0])
      return builder.add(.flatten)
    }
    let both = builder.add(.concatenate, on: halves)
    builder.add(.residualSum(scale: 1), name: "sum", on: [whole, both])
    builder.add(.dense(units: 1, bias: false), name: "out")
    let network = Network(graph: try builder.graph())
    let units = NewUnits(
      count: 1, fanIn: [1], biases: [1], fanOut: [[Float](repeating: 1, count: 8)])
    let failed = #expect(throws: SurgeryError.self) {
      try network.applying([.widen(layer: network.id("long"), units)])
    }
    #expect(failed?.layer == "long")
    #expect(failed?.reason.contains("'sum'") == true)
  }

  /// A unit that is added to another of its own layer would have to be added twice.
  @Test func unitsOfOneLayerThatAreAddedToEachOtherAreRefused() throws {
    var builder = GraphBuilder(input: Shape(2), layout: .flat)
    let first = builder.add(.dense(units: 2, bias: false), name: "a")
    let second = builder.add(.dense(units: 1, bias: false), name: "b", on: [0])
    let left = builder.add(.concatenate, on: [first, second])
    let right = builder.add(.concatenate, on: [second, first])
    builder.add(.residualSum(scale: 1), on: [left, right])
    builder.add(.dense(units: 1, bias: false), name: "out")
    let network = Network(graph: try builder.graph())
    let failed = #expect(throws: SurgeryError.self) {
      try network.applying([
        .widen(
          layer: network.id("a"), NewUnits(count: 1, fanIn: [1, 1], fanOut: [[1], [1]]))
      ])
    }
    #expect(failed?.description.contains("'a'") == true)
    #expect(failed?.reason.contains("unit 1 is tied to its unit 0") == true)
  }

  @Test func theLastLayerWithWeightsStays() throws {
    var builder = GraphBuilder(input: Shape(2), layout: .flat)
    builder.add(.dense(units: 2, bias: false), name: "fc")
    let network = Network(graph: try builder.graph())
    let failed = #expect(throws: SurgeryError.self) {
      try network.applying([.removeLayer(layer: 2)])
    }
    #expect(failed?.kind == .collapsed)
    #expect(failed?.layer == "fc")
  }

  @Test func exactGrowthIsRefusedWhereItIsNotExact() throws {
    let network = try everything()
    let wide = try network.id("wide")
    #expect(throws: SurgeryError.self) { try network.net2Wider(layer: 999, copying: [0]) }
    #expect(throws: SurgeryError.self) { try network.net2Wider(layer: wide, copying: [0, 3]) }
    #expect(throws: SurgeryError.self) {
      try network.net2Deeper(layer: network.id("norm"))
    }
    let failed = #expect(throws: SurgeryError.self) {
      try network.net2Deeper(layer: network.id("bounded"))
    }
    #expect(failed?.reason.contains("tanh") == true)
  }
}
