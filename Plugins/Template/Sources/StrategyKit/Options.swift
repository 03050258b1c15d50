/// Something that a user may set: `id[name=value]`.
public struct Option: Sendable {
  /// The word a user types.
  public let name: String
  /// What it does, in one sentence.
  public let summary: String
  /// What values it takes.
  public let kind: Kind

  /// What values an option takes, and the one it has when it is not set.
  public enum Kind: Sendable {
    /// A number within bounds.
    case number(initial: Double, bounds: ClosedRange<Double>)
    /// One of several words.
    case choice(initial: Int, words: [String])
    /// Any text.
    case text(initial: String)
  }

  /// A number within bounds.
  ///
  /// - Parameters:
  ///   - name: the word a user types.
  ///   - summary: what it does.
  ///   - initial: its value when it is not set.
  ///   - bounds: the values it may have.
  /// - Returns: the option.
  public static func number(
    _ name: String, _ summary: String, initial: Double, in bounds: ClosedRange<Double>
  ) -> Option {
    Option(name: name, summary: summary, kind: .number(initial: initial, bounds: bounds))
  }

  /// One of the words of an enumeration, `enum Scope: String, CaseIterable`.
  ///
  /// - Parameters:
  ///   - name: the word a user types.
  ///   - summary: what it does.
  ///   - initial: its value when it is not set.
  /// - Returns: the option.
  public static func choice<Word: RawRepresentable<String> & CaseIterable & Equatable>(
    _ name: String, _ summary: String, initial: Word
  ) -> Option {
    let words = Word.allCases.map(\.rawValue)
    let index = words.firstIndex(of: initial.rawValue) ?? 0
    return Option(name: name, summary: summary, kind: .choice(initial: index, words: words))
  }

  /// Any text.
  ///
  /// - Parameters:
  ///   - name: the word a user types.
  ///   - summary: what it does.
  ///   - initial: its value when it is not set.
  /// - Returns: the option.
  public static func text(_ name: String, _ summary: String, initial: String = "") -> Option {
    Option(name: name, summary: summary, kind: .text(initial: initial))
  }
}

/// One value for every option that a strategy declares.
public struct Options: Sendable {
  private enum Value {
    case number(Double)
    case word(String)
    case text(String)
  }

  private let values: [String: Value]

  /// Takes the host's values, which are one for each declared option in order.
  init(declared: [Option], given: wb_option_values) throws {
    guard Int(given.count) == declared.count,
      declared.isEmpty || (given.numbers != nil && given.texts != nil)
    else {
      throw StrategyError(
        "\(declared.count) option values are needed, the host gave \(given.count)")
    }
    var values: [String: Value] = [:]
    for (index, option) in declared.enumerated() {
      values[option.name] = try Options.checked(
        number: given.numbers?[index] ?? .nan, text: given.texts?[index], for: option)
    }
    self.values = values
  }

  private static func checked(
    number: Double, text: UnsafePointer<CChar>?, for option: Option
  ) throws -> Value {
    switch option.kind {
    case .number(_, let bounds):
      guard bounds.contains(number) else {
        throw StrategyError(
          "option '\(option.name)' must lie from \(bounds.lowerBound) to \(bounds.upperBound), "
            + "not be \(number)")
      }
      return .number(number)
    case .choice(_, let words):
      guard let index = Int(exactly: number), words.indices.contains(index) else {
        throw StrategyError(
          "option '\(option.name)' must be one of \(words.joined(separator: ", ")), "
            + "not number \(number) of them")
      }
      return .word(words[index])
    case .text:
      return .text(text.map { String(cString: $0) } ?? "")
    }
  }

  /// The value of a number option.
  ///
  /// - Parameter name: its name in `info`.
  /// - Returns: a number within its bounds.
  /// - Throws: ``StrategyError`` when `info` has no such number.
  public func number(_ name: String) throws -> Double {
    guard case .number(let number) = values[name] else { throw undeclared("number", name) }
    return number
  }

  /// The value of a number option that counts something.
  ///
  /// - Parameter name: its name in `info`.
  /// - Returns: a whole number within its bounds.
  /// - Throws: ``StrategyError`` when the user gave a fraction, or `info` has no such number.
  public func integer(_ name: String) throws -> Int {
    let number = try number(name)
    guard let integer = Int(exactly: number) else {
      throw StrategyError("option '\(name)' must be a whole number, not \(number)")
    }
    return integer
  }

  /// The value of a choice.
  ///
  /// - Parameters:
  ///   - name: its name in `info`.
  ///   - type: the enumeration it was declared with.
  /// - Returns: the chosen case.
  /// - Throws: ``StrategyError`` when `info` has no such choice.
  public func choice<Word: RawRepresentable<String>>(
    _ name: String, as type: Word.Type = Word.self
  ) throws -> Word {
    guard case .word(let word) = values[name], let choice = Word(rawValue: word) else {
      throw undeclared("choice", name)
    }
    return choice
  }

  /// The value of a text option.
  ///
  /// - Parameter name: its name in `info`.
  /// - Returns: the text, which may be empty.
  /// - Throws: ``StrategyError`` when `info` has no such text.
  public func text(_ name: String) throws -> String {
    guard case .text(let text) = values[name] else { throw undeclared("text", name) }
    return text
  }

  private func undeclared(_ kind: String, _ name: String) -> StrategyError {
    StrategyError("the strategy asks for the \(kind) option '\(name)', which its info lacks")
  }
}
