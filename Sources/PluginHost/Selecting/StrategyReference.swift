/// A strategy as a user writes it: `obd[curvature=lecun]`, or `libm.so.6:fabs(weight)`. Whether there is one of that name, and
/// whether it has the parameters, is not known here.
package struct StrategyReference: Hashable, Sendable {
  package struct Parameter: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  package let id: String
  /// As written, in that order.
  package let parameters: [Parameter]

  package init(id: String, parameters: [Parameter] = []) {
    self.id = id
    self.parameters = parameters
  }

  /// The parameters by name.
  package var values: [String: String] {
    Dictionary(parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  /// The references of a list such as `obd,obs[damping=1e-4|1e-2,method=row]`. Values separated by
  /// `|` stand for one reference each, and several parameters of that kind for every combination,
  /// the last varying fastest.
  ///
  /// - Throws: ``ReferenceError`` that quotes the offending word.
  package static func list(_ text: String) throws(ReferenceError) -> [StrategyReference] {
    var references: [StrategyReference] = []
    for word in try split(text) { references += try grid(word) }
    return references
  }

  /// How many references one word may stand for.
  private static let largestGrid = 10_000

  /// Splits at commas outside of brackets, and of the parentheses of a function's arguments.
  private static func split(_ text: String) throws(ReferenceError) -> [String] {
    var words = [""]
    // What would end the list that the character is in.
    var end: Character?
    for character in text {
      switch (character, end) {
      case ("[", nil): end = "]"
      case ("(", nil): end = ")"
      case (",", nil):
        words.append("")
        continue
      case ("]", "]"), (")", ")"): end = nil
      case ("[", _), ("]", _):
        throw ReferenceError(
          "'\(character)' stands in the wrong place in \(quoted(text)); write name[parameter=value]"
        )
      case ("(", ")"), (")", nil):
        throw ReferenceError(
          "'\(character)' stands in the wrong place in \(quoted(text)); write library:function(signal)"
        )
      default: break
      }
      words[words.count - 1].append(character)
    }
    if let end {
      throw ReferenceError(
        "\(quoted(text)) has a '\(end == "]" ? "[" : "(")' without its '\(end)'")
    }
    return words.map { $0.trimmed }
  }

  /// The references that one word stands for.
  private static func grid(_ word: String) throws(ReferenceError) -> [StrategyReference] {
    guard let open = word.firstIndex(of: "[") else {
      guard !word.isEmpty else {
        throw ReferenceError("the list of strategies has an empty place; write names with commas")
      }
      return [StrategyReference(id: word)]
    }
    let id = String(word[..<open]).trimmed
    guard !id.isEmpty else { throw ReferenceError("'\(word)' has no name before its '['") }
    guard word.hasSuffix("]") else {
      throw ReferenceError("'\(word)' goes on after its ']'; a comma separates strategies")
    }
    let inside = word[word.index(after: open)...].dropLast()
    guard !inside.isEmpty else { return [StrategyReference(id: id)] }
    var combinations: [[Parameter]] = [[]]
    for part in inside.split(separator: ",", omittingEmptySubsequences: false) {
      let values = try values(of: String(part), in: word)
      guard !combinations[0].contains(where: { $0.name == values.name }) else {
        throw ReferenceError("'\(word)' gives the parameter '\(values.name)' twice")
      }
      guard combinations.count * values.values.count <= largestGrid else {
        throw ReferenceError("'\(word)' stands for more than \(largestGrid) strategies")
      }
      combinations = combinations.flatMap { combination in
        values.values.map { combination + [Parameter(name: values.name, value: $0)] }
      }
    }
    return combinations.map { StrategyReference(id: id, parameters: $0) }
  }

  /// The name and the values of `name=value|value`.
  private static func values(
    of part: String, in word: String
  ) throws(ReferenceError) -> (name: String, values: [String]) {
    let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard sides.count == 2, !String(sides[0]).trimmed.isEmpty else {
      throw ReferenceError("'\(part)' in '\(word)' is no parameter; write parameter=value")
    }
    let values = sides[1].split(separator: "|", omittingEmptySubsequences: false)
      .map { String($0).trimmed }
    if values.count > 1, values.contains("") {
      throw ReferenceError("'\(part)' in '\(word)' has an empty value beside a '|'")
    }
    return (String(sides[0]).trimmed, values)
  }
}

/// A strategy that cannot be meant: the message quotes the word and says what there is.
package struct ReferenceError: Error, Hashable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

extension String {
  /// Without blanks at both ends.
  var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
