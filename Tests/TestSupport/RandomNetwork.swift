package import Networks
package import Numerics

/// Networks of random structure, with random parameters and running statistics, for tests of
/// properties that hold for any network.
package enum RandomNetwork {
  /// What a network may be made of.
  package enum Family: String, CaseIterable, Sendable {
    /// Dense layers, with batch normalisation here and there.
    case perceptron
    /// Convolutions, pools, batch normalisation, then dense layers.
    case convolutional
    /// Residual blocks, with and without projection, spatial and flat.
    case residual
    /// Concatenations of towers.
    case concatenated
    /// Dense layers beside what they read, the network's input among it.
    case shortcut
    /// All of it, a residual block within a block too.
    case mixed
  }

  /// A network with all parameters live.
  package static func make(_ family: Family, seed: UInt64) throws -> Network {
    var sketch = Sketch(
      family: family, random: RandomStream(seed: seed, name: "structure of \(family.rawValue)"))
    sketch.draw()
    var network = Network(
      graph: try sketch.builder.graph(), prunesBiases: sketch.random.index(below: 2) == 0)
    network.randomize(seed: seed)
    return network
  }

  /// Samples for the network's input.
  package static func inputs(for network: Network, count: Int, seed: UInt64) -> [[Float]] {
    var random = RandomStream(seed: seed, name: "inputs")
    return (0..<count).map { _ in
      (0..<network.graph.inputShape.count).map { _ in Float(random.normal()) }
    }
  }
}

extension Network {
  /// Draws all parameters and running statistics anew; weights keep the activations of order 1.
  package mutating func randomize(seed: UInt64) {
    var random = RandomStream(seed: seed, name: "parameters")
    for slot in layout.slots {
      let fan = slot.weights.count / max(graph.nodes[slot.place].operation.units ?? 1, 1)
      let deviation = 1.2 / Double(max(fan, 1)).squareRoot()
      for index in slot.weights { values[index] = Float(deviation * random.normal()) }
      for index in slot.biases { values[index] = Float(0.5 * random.normal()) }
    }
    for range in layout.statistics.sorted(by: { $0.key < $1.key }).map(\.value) {
      let middle = range.lowerBound + range.count / 2
      for index in range.lowerBound..<middle { statistics[index] = Float(0.5 * random.normal()) }
      for index in middle..<range.upperBound {
        statistics[index] = Float(random.uniform(in: 0.3..<2))
      }
    }
  }

  /// Masks single parameters, whole units' inputs and whole channels' readers at random.
  package mutating func maskAtRandom(_ random: inout RandomStream) {
    for place in graph.weightedLayers {
      guard let slot = layout[place], let units = graph.nodes[place].operation.units else {
        continue
      }
      let row = slot.weights.count / units
      let area = row / graph.shapes[graph.nodes[place].inputs[0]].channels
      let share = random.uniform() < 0.3 ? 1 : 0.8 * random.uniform()
      for index in prunable(at: place) where random.uniform() < share * random.uniform() {
        maskOff(index)
      }
      for unit in 0..<units where random.uniform() < 0.25 {
        for offset in 0..<row { maskOff(slot.weights.lowerBound + unit * row + offset) }
      }
      for channel in 0..<row / area where random.uniform() < 0.25 {
        for unit in 0..<units {
          for offset in 0..<area {
            maskOff(slot.weights.lowerBound + unit * row + channel * area + offset)
          }
        }
      }
    }
  }

  private mutating func maskOff(_ index: Int) {
    values[index] = 0
    mask[index] = 0
  }
}

/// Draws a structure node by node, and knows the shape so far so that everything fits.
private struct Sketch {
  let family: RandomNetwork.Family
  var random: RandomStream
  var builder: GraphBuilder
  private var shape: Shape
  private var isFlat: Bool
  private var depth = 0

  init(family: RandomNetwork.Family, random: RandomStream) {
    var random = random
    isFlat =
      family == .perceptron || family == .shortcut
      || (family == .residual && random.index(below: 4) == 0)
    shape =
      isFlat
      ? Shape(3 + random.index(below: 5))
      : Shape(1 + random.index(below: 3), 6 + random.index(below: 4), 6 + random.index(below: 4))
    builder = GraphBuilder(input: shape, layout: isFlat ? .flat : .spatial)
    self.family = family
    self.random = random
  }

  mutating func draw() {
    if family == .shortcut {
      addShortcut()
    } else {
      addLayer(units: width())
      addActivation()
    }
    for _ in 0..<2 + random.index(below: 3) { addStep() }
    if !isFlat {
      if random.index(below: 2) == 0 {
        builder.add(.globalAveragePool)
        shape = Shape(shape.channels)
      }
      builder.add(.flatten)
      shape = Shape(shape.count)
      isFlat = true
    }
    if random.index(below: 2) == 0 {
      addLayer(units: width())
      addActivation()
    }
    if family == .mixed, random.index(below: 2) == 0 { addStep() }
    builder.add(.dense(units: 2 + random.index(below: 3), bias: random.index(below: 4) > 0))
    if random.index(below: 4) == 0 { builder.add(.sigmoid) }
  }

  private mutating func width() -> Int { 2 + random.index(below: 6) }

  private mutating func addStep() {
    let choice = random.index(below: 3)
    switch family {
    case .residual where choice > 0: addBlock()
    case .concatenated where choice > 0: addTowers()
    case .shortcut where choice > 0: addShortcut()
    case .mixed where choice == 1: addBlock()
    case .mixed where choice == 2: addTowers()
    default:
      addLayer(units: width())
      addActivation()
      if !isFlat { addPool() }
    }
  }

  private mutating func addActivation() {
    let choices: [Operation?] = [.relu, .relu, .tanh, .sigmoid, nil]
    if let operation = choices[random.index(below: choices.count)] { builder.add(operation) }
  }

  /// A layer that may change the map's size, perhaps normalised.
  private mutating func addLayer(units: Int) {
    let bias = random.index(below: 4) > 0
    if isFlat {
      builder.add(.dense(units: units, bias: bias))
      shape = Shape(units)
    } else {
      let kernel = Extent(1 + random.index(below: 3), 1 + random.index(below: 3))
      let stride = Extent(1 + random.index(below: 2), 1 + random.index(below: 2))
      let padding = Extent(random.index(below: kernel.height), random.index(below: kernel.width))
      guard shape.height + 2 * padding.height >= kernel.height,
        shape.width + 2 * padding.width >= kernel.width
      else { return addSameSize(units: units, on: nil) }
      builder.add(
        .convolution(
          .init(channels: units, kernel: kernel, stride: stride, padding: padding, bias: bias)))
      shape = Shape(
        units, (shape.height + 2 * padding.height - kernel.height) / stride.height + 1,
        (shape.width + 2 * padding.width - kernel.width) / stride.width + 1)
    }
    if random.index(below: 3) == 0 { builder.add(.batchNorm) }
  }

  /// A layer that keeps the map's size.
  private mutating func addSameSize(units: Int, on input: Int?) {
    let bias = random.index(below: 3) > 0
    if isFlat {
      builder.add(.dense(units: units, bias: bias), on: input.map { [$0] })
    } else {
      let side = random.index(below: 2)
      builder.add(
        .convolution(
          .init(
            channels: units, kernel: Extent(2 * side + 1), padding: Extent(side), bias: bias)),
        on: input.map { [$0] })
    }
    if random.index(below: 2) == 0 { builder.add(.batchNorm) }
    shape.channels = units
  }

  private mutating func addPool() {
    guard shape.height >= 2, shape.width >= 2 else { return }
    let padding = Extent(random.index(below: 2), random.index(below: 2))
    let window = Window(size: Extent(2), stride: Extent(2), padding: padding)
    switch random.index(below: 3) {
    case 0: builder.add(.maxPool(window))
    case 1: builder.add(.averagePool(window))
    default: return
    }
    shape.height = (shape.height + 2 * padding.height - 2) / 2 + 1
    shape.width = (shape.width + 2 * padding.width - 2) / 2 + 1
  }

  private mutating func addBlock() {
    let projected = random.index(below: 2) == 0
    let width = projected ? self.width() : shape.channels
    let entryShape = shape
    let nests = family == .mixed && depth == 0 && random.index(below: 3) == 0
    depth += 1
    let inner = self.width()
    var branch = self
    var skip = self
    builder.addBlock(
      name: "block\(builder.last)",
      branch: { builder, entry in
        branch.builder = builder
        branch.addSameSize(units: inner, on: entry)
        branch.addActivation()
        if nests { branch.addBlock() }
        branch.addSameSize(units: width, on: nil)
        builder = branch.builder
      },
      skip: { builder, entry in
        guard projected else { return }
        skip.builder = builder
        skip.addSameSize(units: width, on: entry)
        builder = skip.builder
      })
    random = branch.random
    depth -= 1
    shape = Shape(width, entryShape.height, entryShape.width)
    addActivation()
  }

  /// A layer with what it reads in front of its units or behind them.
  private mutating func addShortcut() {
    let entry = builder.last
    let channels = shape.channels
    addLayer(units: width())
    addActivation()
    let isFirst = random.index(below: 2) == 0
    builder.add(.concatenate, on: isFirst ? [entry, builder.last] : [builder.last, entry])
    shape.channels += channels
  }

  private mutating func addTowers() {
    let entry = builder.last
    let channels = shape.channels
    var ends: [Int] = random.index(below: 3) == 0 ? [entry] : []
    var total = ends.isEmpty ? 0 : channels
    for _ in 0..<2 {
      let units = width()
      shape.channels = channels
      addSameSize(units: units, on: entry)
      addActivation()
      ends.append(builder.last)
      total += units
    }
    builder.add(.concatenate, on: ends)
    shape.channels = total
  }
}
