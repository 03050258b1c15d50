/// What a kind does to channels, for surgery.
protocol ChannelOperation {
  /// What becomes of the channels that the node reads.
  var flow: ChannelFlow { get }
  /// Whether every channel that the node makes depends on all that it reads, so that none of them can
  /// go or come alone.
  var mixesChannels: Bool { get }
  /// How many weights each unit has for each channel that it reads; 0 where there are none.
  var weightsPerChannel: Int { get }
  /// The node's channels that are the same at every position of every sample, as numbers; nil for the
  /// others. Inference only.
  ///
  /// - Parameter inputs: the same of the nodes that it reads.
  func constants(_ inputs: [[Double?]], at place: Int, of network: Network) -> [Double?]
  /// Whether a constant that is read is the same everywhere to the node's units: no zeros stand beside
  /// the map.
  var pads: Bool { get }

  /// Whether a plan may put a layer of this kind into a network.
  static var canBePutIn: Bool { get }
  /// What a layer of this kind that is put into a network brings along, on an input of this shape.
  ///
  /// - Throws: ``LayerProblem`` where this one cannot stand there.
  func demand(reading input: Shape) throws(LayerProblem) -> LayerDemand
  /// Why a branch that has the node behind its last parameters cannot begin as nothing; nil where
  /// zeros pass it, and gradients at zeros.
  var problemWithZeros: String? { get }
}

extension ChannelOperation {
  var mixesChannels: Bool { false }
  var weightsPerChannel: Int { 0 }
  var pads: Bool { false }
  func constants(_ inputs: [[Double?]], at place: Int, of network: Network) -> [Double?] {
    [Double?](repeating: nil, count: network.graph.shapes[place].channels)
  }
  static var canBePutIn: Bool { false }
  func demand(reading input: Shape) throws(LayerProblem) -> LayerDemand { LayerDemand() }
  var problemWithZeros: String? { nil }
}

/// What becomes of the channels that a node reads.
enum ChannelFlow {
  /// None passes: the node's channels are units of its own, or the network's input.
  case begin
  /// Each channel is made of those with the same index in all inputs, and of nothing else unless the
  /// node mixes channels.
  case pass
  /// Those of one input after those of the other.
  case concatenate
  /// Each channel becomes as many as its map has positions.
  case flatten
}

/// How many numbers a layer that is put into a network brings along.
struct LayerDemand {
  var weights = 0
  var biases = 0
  var statistics = 0
}

/// Why a layer cannot stand where it is put into a network.
struct LayerProblem: Error {
  /// Follows the layer's number.
  let reason: String

  init(_ reason: String) { self.reason = reason }
}

extension [Double?] {
  /// The same without the constants that are not 0.
  var onlyZeros: [Double?] { map { $0 == 0 ? 0 : nil } }
}
