import Networks
import TestSupport
import Testing

/// Networks as text.
@Suite("A network's text")
struct GraphTextTests {
  static let models: [(String, @Sendable () throws -> Graph)] = [
    ("LeNet-300-100", { try Models.leNet300() }), ("LeNet-5", { try Models.leNet5() }),
    (
      "residual",
      { try Models.residualNetwork(blocksPerStage: 2, input: Shape(1, 28, 28), classes: 10) }
    ),
    (
      "wide",
      {
        try Models.residualNetwork(
          blocksPerStage: 1, form: .preActivation, width: 2, dropout: 0.3, input: Shape(1, 28, 28),
          classes: 10)
      }
    ),
    ("inception", { try Models.inceptionNetwork(input: Shape(1, 28, 28), classes: 10) }),
    ("fire modules", { try Models.squeezeNetwork(input: Shape(1, 28, 28), classes: 10) }),
    ("binary", { try Models.binaryPerceptron(inputs: 784, widths: [64, 32], outputs: 10) }),
    (
      "shortcut",
      { try Models.shortcutPerceptron(inputs: 2, hidden: 5, outputs: 1, activation: .tanh) }
    ),
  ]

  @Test("What is written is read back: names, operations, sources and blocks", arguments: models)
  func roundTrip(_ model: (name: String, graph: @Sendable () throws -> Graph)) throws {
    let graph = try model.graph()
    let text = graph.text
    #expect(try Graph(text: text, file: "net") == graph)
    #expect(try Graph(text: text, file: "net").text == text)
  }

  @Test(
    "Every kind of operation stands in a text as itself", arguments: try SmallCase.everyOperation())
  func kinds(_ small: SmallCase) throws {
    let graph = small.network.graph
    let read = try Graph(text: graph.text, file: "net")
    #expect(read.nodes.map(\.operation) == graph.nodes.map(\.operation))
    #expect(read.nodes.map(\.inputs) == graph.nodes.map(\.inputs))
  }

  @Test func theTextOfASmallResidualNetwork() throws {
    let text = """
      # a block by hand
      input 1x6x6
      conv0: convolution 4 3x3 padding=1   # its entry
      first: convolution 4 3 padding=1 bias=no
      relu
      block: residual-sum from conv0, relu3

      max-pool 2
      flatten
      fc: dense 2
      """
    let graph = try Graph(text: text, file: "net")
    #expect(graph.nodes.map(\.name).prefix(5) == ["input", "conv0", "first", "relu3", "block"])
    #expect(graph.nodes[4].inputs == [1, 3])
    #expect(
      graph.nodes.map { $0.block == graph.nodes[4].id } == [false, false, true, true]
        + [Bool](repeating: false, count: 4))
    #expect(graph.nodes[2].operation.convolution?.bias == false)
    #expect(graph.outputs == 2)
  }

  @Test(
    "What is wrong is said with its line and in its words",
    arguments: [
      ("", 1, "there is no line in it"),
      ("input 784\nfc1: dens 300", 2, "there is no operation 'dens'"),
      ("input 784\n\nfc1: dense", 3, "dense: it says no units; write 'dense UNITS [bias=no]"),
      ("input 784\nfc1: dense 0", 2, "'0' is no number of units"),
      ("input 784\nfc1: dense 30 40", 2, "'40' is one word too many"),
      ("input 784\nfc1: dense 30 bias=perhaps", 2, "bias='perhaps' is neither yes nor no"),
      ("input 784\nfc1: dense 30 bies=no", 2, "there is no 'bies' to be given"),
      ("input 784\nfc1: dense 30 bias=no bias=no", 2, "'bias' is given twice"),
      ("input 784\nfc1:", 2, "an operation is missing behind 'fc1:'"),
      ("input 784\nfc1: dense 3\nfc1: dense 4", 3, "there is a 'fc1' before"),
      ("input 784\nfc1: dense 3 from nowhere", 2, "no line before this one is named 'nowhere'"),
      ("input 784\nfc1: dense 3 from", 2, "a name is missing behind 'from'"),
      ("input 1x28\nflatten", 1, "a shape is one number or three"),
      ("input 1x28x28\nfc: dense 10", 2, "flatten first"),
      ("input 1x28x28\nconv1: convolution 4 29\nflatten", 2, ""),
      ("input 1x28x28\nconv1: convolution 4 5x5x5\nflatten", 2, "'5x5x5' is no kernel"),
      ("dense 10", 1, "the first node is no input"),
      ("input 784\ninput 784", 2, ""),
      ("input 99999999999999999999", 1, "is no shape"),
      ("input 999999999\nfc: dense 2", 1, ""),
      ("a/b: input 784", 1, "'a/b' is no name"),
    ])
  func errors(text: String, line: Int, words: String) {
    let error = #expect(throws: GraphTextError.self) { try Graph(text: text, file: "net.txt") }
    #expect(error?.line == line && error?.reason.contains(words) == true, "\(error as Any)")
    #expect(error?.description.hasPrefix("net.txt, line \(line): ") == true)
  }
}
