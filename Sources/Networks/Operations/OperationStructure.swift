/// A kind's shape rule and its parameters.
protocol OperationStructure: Sendable {
  /// The kind in a word, for names and messages.
  static var word: String { get }
  /// The kind's name in files.
  static var key: String { get }

  /// What the kind is to those who walk a graph.
  var role: OperationRole { get }
  /// The numbers of a node that a file might state absurdly.
  var sizes: OperationSizes { get }
  /// Shape and layout that the node makes of its inputs.
  func output(of inputs: NodeInputs) throws(GraphError) -> (Shape, Layout)

  /// How many weights and biases the node has on an input of this shape.
  func parameterCounts(reading input: Shape) -> (weights: Int, biases: Int)
  /// What the biases of a channel begin with; empty where they begin with 0.
  var initialBiases: [Float] { get }
  /// Whether the node keeps a running mean and variance of each channel.
  var keepsStatistics: Bool { get }
  /// How many inputs a weighted layer's output is the sum of, and how many outputs an input goes into.
  func fans(reading input: Shape, making output: Shape) -> (in: Int, out: Int)
  /// Whether an activation saturates, so that layers before it begin smaller.
  var saturates: Bool { get }

  /// Whether the backward pass has the derivatives of the forward pass, and not others in their place.
  var hasExactGradient: Bool { get }

  /// The number of units of a weighted layer.
  var unitCount: Int? { get }
  /// The same with so many units; itself where it has none.
  func with(units: Int) -> Self
  /// How a weighted layer moves over what it reads.
  var window: Window? { get }
  /// Whether each weight works once a sample, so that its squared gradient is a product of squares.
  var usesWeightsOnce: Bool { get }
  /// Whether the weights that training changes are not those that the passes work with.
  var hasLatentWeights: Bool { get }
  /// What the passes work with in place of a latent weight.
  func working(_ latent: Double) -> Double
  /// The bits that a live weight takes where the network is stored to be evaluated.
  var bitsPerWeight: Int { get }
  /// What the branch of a residual block is multiplied by at evaluation, where the node is its sum.
  var blockScale: Float? { get }
}

extension OperationStructure {
  var sizes: OperationSizes { OperationSizes() }
  func parameterCounts(reading input: Shape) -> (weights: Int, biases: Int) { (0, 0) }
  var initialBiases: [Float] { [] }
  var keepsStatistics: Bool { false }
  func fans(reading input: Shape, making output: Shape) -> (in: Int, out: Int) {
    (input.count, output.count)
  }
  var saturates: Bool { false }
  var hasExactGradient: Bool { true }
  var unitCount: Int? { nil }
  func with(units: Int) -> Self { self }
  var window: Window? { nil }
  var usesWeightsOnce: Bool { false }
  var hasLatentWeights: Bool { false }
  func working(_ latent: Double) -> Double { latent }
  var bitsPerWeight: Int { 32 }
  var blockScale: Float? { nil }
}

/// What a kind of operation is to those who walk a graph.
enum OperationRole {
  case input
  /// Units with weights of their own.
  case layer
  case activation
  /// Channels brought to a common scale.
  case normalization
  case pooling
  /// Something that training alone does.
  case noise
  /// Channels of several nodes put together.
  case joining
  case reshaping
}

/// Numbers that no network has without bounds.
struct OperationSizes {
  var counts: [Int] = []
  var extents: [Extent] = []
  /// The longest side that the extents may have.
  var longest = 1 << 5
}

/// What a node reads, as its shape rule sees it.
struct NodeInputs {
  /// The node's name, for errors.
  let name: String
  let shapes: [Shape]
  let layouts: [Layout]
  /// Whether the node is the first of its graph.
  let isFirst: Bool

  func refuse(_ reason: String) -> GraphError { GraphError(node: name, reason: reason) }

  /// The only input.
  func only() throws(GraphError) -> (Shape, Layout) {
    guard shapes.count == 1 else { throw refuse("it takes one input, not \(shapes.count)") }
    return (shapes[0], layouts[0])
  }

  /// The only input, which is spatial.
  func spatial() throws(GraphError) -> Shape {
    let (shape, layout) = try only()
    guard layout == .spatial else { throw refuse("it takes a spatial input, not a flat one") }
    return shape
  }

  /// The size of the map that a window makes of an input.
  func slide(_ window: Window, over input: Shape) throws(GraphError) -> Extent {
    let (size, stride, padding) = (window.size, window.stride, window.padding)
    guard size.height > 0, size.width > 0, stride.height > 0, stride.width > 0,
      padding.height >= 0, padding.width >= 0, input.height + 2 * padding.height >= size.height,
      input.width + 2 * padding.width >= size.width
    else { throw refuse("a window of \(size.height)×\(size.width) does not fit on \(input)") }
    return Extent(
      (input.height + 2 * padding.height - size.height) / stride.height + 1,
      (input.width + 2 * padding.width - size.width) / stride.width + 1)
  }
}
