/// A network of this program by a word and its sizes, such as `perceptron:300-100`, for inputs of any shape.
package struct NetworkFamily: Hashable, Sendable {
  /// What there is to choose from, as a user types it.
  package static let forms = [
    "perceptron:300-100", "perceptron:50/tanh", "lenet5", "residual:2", "wide:1x2", "inception",
    "squeezenet", "channels", "binary:1024-1024",
  ]

  private let kind: String
  private let sizes: [Int]
  private let activation: Operation

  private static let activations: [String: Operation] = [
    "relu": .relu, "tanh": .tanh, "sigmoid": .sigmoid,
  ]
  private static let most = 100_000

  /// Nil for a text that names no family.
  ///
  /// - Throws: ``FamilyError`` for sizes that it does not take.
  package init?(_ text: String) throws(FamilyError) {
    let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let kind = String(halves[0])
    let known = Set(Self.forms.map { String($0.prefix { $0 != ":" }) })
    guard known.contains(kind) else { return nil }
    var rest = halves.count > 1 ? String(halves[1]) : ""
    var activation = Operation.relu
    if let slash = rest.firstIndex(of: "/") {
      let word = String(rest[rest.index(after: slash)...])
      guard kind == "perceptron", let found = Self.activations[word] else {
        throw FamilyError(
          "'\(word)' is no activation of '\(kind)'; a perceptron has relu, tanh or sigmoid")
      }
      (activation, rest) = (found, String(rest[..<slash]))
    }
    let separator: Character = kind == "wide" ? "x" : "-"
    let words =
      rest.isEmpty ? [] : rest.split(separator: separator, omittingEmptySubsequences: false)
    let sizes = words.compactMap { Int($0) }
    let wanted =
      switch kind {
      case "perceptron", "binary": 1...8
      case "residual": 1...1
      case "wide": 2...2
      default: 0...0
      }
    guard sizes.count == words.count, wanted.contains(sizes.count),
      sizes.allSatisfy({ (1...Self.most).contains($0) }), kind != "residual" || sizes[0] <= 20,
      kind != "wide" || (sizes[0] <= 20 && sizes[1] <= 16)
    else {
      let form = Self.forms.first { $0.hasPrefix(kind) } ?? kind
      throw FamilyError("'\(text)' is no network; write it as '\(form)'")
    }
    (self.kind, self.sizes, self.activation) = (kind, sizes, activation)
  }

  /// - Parameters:
  ///   - input: Channels, height and width of a sample.
  ///   - outputs: Classes, or values of a target.
  /// - Throws: ``FamilyError`` for inputs that it does not take.
  package func graph(input: Shape, outputs: Int) throws(FamilyError) -> Graph {
    do {
      switch kind {
      case "perceptron":
        return try Models.multilayerPerceptron(
          inputs: input.count, widths: sizes, outputs: outputs, activation: activation)
      case "binary":
        return try Models.binaryPerceptron(inputs: input.count, widths: sizes, outputs: outputs)
      case "lenet5": return try Models.leNet5(input: input, classes: outputs)
      case "residual":
        return try Models.residualNetwork(blocksPerStage: sizes[0], input: input, classes: outputs)
      case "wide":
        return try Models.residualNetwork(
          blocksPerStage: sizes[0], form: .preActivation, width: sizes[1], dropout: 0.3,
          input: input,
          classes: outputs)
      case "inception": return try Models.inceptionNetwork(input: input, classes: outputs)
      case "squeezenet": return try Models.squeezeNetwork(input: input, classes: outputs)
      default: return try Models.channelNetwork(input: input, classes: outputs)
      }
    } catch {
      throw FamilyError(
        "'\(kind)' does not take inputs of \(input): \(error); 'perceptron:300-100' takes any")
    }
  }
}

/// Why a word makes no network.
package struct FamilyError: Error, Equatable, CustomStringConvertible {
  package let description: String
  init(_ description: String) { self.description = description }
}
