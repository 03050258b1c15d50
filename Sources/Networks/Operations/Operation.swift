/// What a node of the graph computes: one `OperationKind` with its sizes.
package struct Operation: Hashable, Sendable {
  let kind: any OperationKind

  init(_ kind: any OperationKind) { self.kind = kind }

  package static func == (left: Operation, right: Operation) -> Bool {
    left.kind.isEqual(to: right.kind)
  }

  package func hash(into hasher: inout Hasher) { kind.hash(into: &hasher) }

  /// The operation in a word, for names and messages.
  package var word: String { type(of: kind).word }

  /// Whether the node works on each value alone and keeps the shape.
  package var isActivation: Bool { kind.role == .activation }

  /// Whether the node is a layer with units and weights of their own.
  package var isWeighted: Bool { kind.role == .layer }

  /// Whether the backward pass has the derivatives of the forward pass, and not others in their place.
  package var hasExactGradient: Bool { kind.hasExactGradient }

  /// The number of units a weighted layer has.
  package var units: Int? { kind.unitCount }

  /// The same with so many units; itself where it has none.
  func with(units: Int) -> Operation { Operation(kind.with(units: units)) }
}

extension Operation {
  /// Every kind of operation there is.
  static let kinds: [any OperationKind.Type] = [
    Input.self, Dense.self, Convolution.self, MaxPool.self, AveragePool.self,
    GlobalAveragePool.self, BatchNorm.self, LayerNorm.self, ReLU.self, Tanh.self, Sigmoid.self,
    Sign.self,
    Dropout.self,
    ResidualSum.self, Concatenation.self, Flatten.self,
  ]

  /// The words of all kinds: the tests of gradients, curvature and surgery have a case of each.
  package static var words: [String] { kinds.map { $0.word } }

  /// How each kind is written in the text of a network.
  package static var usages: [String] { kinds.map { $0.usage } }
}

/// In files an operation is an object with one member, named by the kind, that holds its sizes.
extension Operation: Codable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    guard let key = container.allKeys.first, container.allKeys.count == 1 else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "an operation is named by one word, not by \(container.allKeys.count)"))
    }
    guard let kind = Self.kinds.first(where: { $0.key == key.stringValue }) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "there is no operation '\(key.stringValue)'"))
    }
    self.init(try container.decode(kind, forKey: key))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(kind, forKey: Key(stringValue: type(of: kind).key))
  }
}
