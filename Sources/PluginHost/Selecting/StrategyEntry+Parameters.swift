/// A value of an option, checked.
enum OptionValue: Hashable, Sendable {
  case number(Double)
  case choice(Int)
  case text(String)
}

extension StrategyEntry {
  /// One value for every option, in order: those given, and the defaults of the others.
  ///
  /// - Throws: ``ReferenceError`` for a parameter the strategy does not have or a value that does
  ///   not fit.
  func optionValues(_ parameters: [String: String]) throws(ReferenceError) -> [OptionValue] {
    _ = try pattern(parameters)
    let names = options.map(\.name)
    let known = names + (takesPattern ? [MaskPattern.parameter] : [])
    for name in parameters.keys.sorted() where !known.contains(name) {
      guard !names.isEmpty else {
        throw ReferenceError(
          "the strategy '\(id)' has no parameters, so no '\(name)'"
            + suggestion(for: name, among: known))
      }
      throw ReferenceError(
        "the strategy '\(id)' has no parameter '\(name)'\(suggestion(for: name, among: known)); "
          + "it has " + known.joined(separator: ", "))
    }
    var values: [OptionValue] = []
    for option in options {
      if let text = parameters[option.name] {
        values.append(try option.value(of: text, strategy: id))
      } else {
        values.append(option.initial)
      }
    }
    return values
  }

  /// The parameters that differ from their defaults, by name, each written in one way: `1e-4` and
  /// `0.0001` are the same.
  ///
  /// - Throws: ``ReferenceError`` for a parameter the strategy does not have or a value that does
  ///   not fit.
  package func parameters(
    _ reference: StrategyReference
  ) throws(ReferenceError) -> [String: String] {
    var parameters: [String: String] = [:]
    for (option, value) in zip(options, try optionValues(reference.values))
    where value != option.initial {
      parameters[option.name] = option.text(of: value)
    }
    if let pattern = try pattern(reference.values) {
      parameters[MaskPattern.parameter] = pattern.description
    }
    return parameters
  }

  /// Whether the host prunes by its scores of single weights, so that it can have masks look as
  /// ``MaskPattern`` says. A strategy of which that is not known before it is made says so then.
  package var takesPattern: Bool {
    granularity == .weights && edits == 0 && signals != 0 && !course.growsFromSeed
      && !hasOwnPattern
  }

  private var hasOwnPattern: Bool { options.contains { $0.name == MaskPattern.parameter } }

  /// The pattern that the parameters ask the host for; nil for none.
  ///
  /// - Throws: ``ReferenceError`` for one that is none, or of a strategy that cannot have one.
  func pattern(_ parameters: [String: String]) throws(ReferenceError) -> MaskPattern? {
    guard let text = parameters[MaskPattern.parameter], !hasOwnPattern else { return nil }
    guard takesPattern else { throw ReferenceError(patternRefusal) }
    guard let pattern = MaskPattern(text) else {
      throw ReferenceError(
        "'\(MaskPattern.parameter)=\(text)' of '\(id)' is no pattern; write N:M with N from 1 to "
          + "M - 1, as in pattern=2:4, for N live weights among each M")
    }
    return pattern
  }

  /// What is said to those who ask for a pattern where there can be none.
  var patternRefusal: String {
    "'\(id)' cannot have '\(MaskPattern.parameter)': that is for strategies that score single weights "
      + "and leave it to the host which go, such as magnitude[pattern=2:4]"
  }

  /// The values of the parameters that are not among `given`, by name.
  package func defaults(without given: [String: String]) -> [String: String] {
    var defaults: [String: String] = [:]
    for option in options where given[option.name] == nil {
      defaults[option.name] = option.initialText
    }
    return defaults
  }
}

extension StrategyOption {
  var initial: OptionValue {
    switch kind {
    case .number(let initial, _, _): .number(initial)
    case .choice(let initial, _): .choice(initial)
    case .text(let initial): .text(initial)
    }
  }

  /// The default as a user would write it.
  package var initialText: String { text(of: initial) }

  func text(of value: OptionValue) -> String {
    switch (value, kind) {
    case (.number(let number), _):
      // Whole numbers without a fraction, as they are written.
      Int(exactly: number).map { $0.magnitude < 1 << 53 ? String($0) : "\(number)" } ?? "\(number)"
    case (.choice(let index), .choice(_, let words)): words[index]
    case (.choice(let index), _): String(index)
    case (.text(let text), _): text
    }
  }

  fileprivate func value(
    of text: String, strategy: String
  ) throws(ReferenceError) -> OptionValue {
    let what = "the parameter '\(name)' of '\(strategy)'"
    switch kind {
    case .number(_, let minimum, let maximum):
      guard let number = Double(text), number.isFinite else {
        throw ReferenceError("\(what) is a number, and '\(text)' is none")
      }
      guard (minimum...maximum).contains(number) else {
        throw ReferenceError("\(what) lies from \(minimum) to \(maximum), and '\(text)' does not")
      }
      return .number(number)
    case .choice(_, let words):
      guard let index = words.firstIndex(of: text) else {
        throw ReferenceError(
          "\(what) cannot be '\(text)'\(suggestion(for: text, among: words)); it is one of "
            + words.joined(separator: ", "))
      }
      return .choice(index)
    case .text:
      guard !text.utf8.contains(0) else {
        throw ReferenceError("\(what) is a text without zero bytes")
      }
      return .text(text)
    }
  }
}
