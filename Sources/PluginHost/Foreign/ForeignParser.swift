import CForeign

/// What a declaration's words say.
struct ForeignParser {
  let library: String
  let text: String
  let words: [String]

  static let hint = "'workbench info ffi' shows how a C function is named"

  func function() throws(ReferenceError) -> ForeignFunction {
    let (head, parts) = try pieces()
    guard let symbol = head.last, isName(symbol) else {
      throw wrong("\(quoted(head.last ?? "")) cannot be the name of a function")
    }
    guard parts.count <= Int(FOREIGN_MOST_ARGUMENTS) else {
      throw wrong(
        "\(quoted(symbol)) has \(parts.count) arguments; a function has at most "
          + "\(FOREIGN_MOST_ARGUMENTS)")
    }
    var arguments: [ForeignArgument] = []
    guard head.count > 1 else {
      for part in parts { arguments.append(try shortArgument(part, of: symbol)) }
      return try shaped(symbol, .f64, arguments)
    }
    let result = try head[0] == ForeignFunction.nothing ? nil : type(head[0])
    for part in parts { arguments.append(try argument(part)) }
    return try shaped(symbol, result, arguments)
  }

  /// What stands before the parentheses, and between the commas inside.
  private func pieces() throws(ReferenceError) -> (head: [String], parts: [[String]]) {
    guard let open = words.firstIndex(of: "(") else {
      throw wrong(
        "it has no list of arguments; write such as \(words.last.map(quotedBare) ?? "fabs")(weight)"
      )
    }
    guard words.last == ")" else {
      throw wrong(
        words.contains(")")
          ? "\(quoted(words.last ?? "")) goes on after its ')'" : "it has a '(' without its ')'")
    }
    let head = Array(words[..<open])
    let inside = words[(open + 1)...].dropLast()
    guard !inside.contains(where: { $0 == "(" || $0 == ")" }) else {
      throw wrong("it has parentheses inside its parentheses; an argument is a signal or a number")
    }
    guard !head.isEmpty else { throw wrong("it has no name before its '('") }
    if let mark = head.first(where: { $0 == "*" || $0 == "," }) {
      throw wrong("'\(mark)' stands before the name; a function returns one number, or void")
    }
    guard head.count <= 2 else {
      throw wrong(
        "\(quoted(head[1])) is one word too many before its '('; write such as f64 fabs(…)")
    }
    let parts = inside.isEmpty ? [] : inside.split(separator: ",", omittingEmptySubsequences: false)
    if parts.contains(where: \.isEmpty) {
      throw wrong("it has an empty place among its arguments")
    }
    return (head, parts.map(Array.init))
  }

  // MARK: - Arguments

  /// A signal or a number of the short form.
  private func shortArgument(
    _ words: [String], of symbol: String
  ) throws(ReferenceError) -> ForeignArgument {
    guard words.count == 1 else {
      throw wrong(
        "\(quoted(words.joined(separator: " "))) has a type, and \(quoted(symbol)) has none; write "
          + "both, such as f64 \(quotedBare(symbol))(f64 weight), or neither")
    }
    let word = words[0]
    guard ForeignNumber.isMeant(by: word) else {
      if word == ForeignArgument.countName || word == ForeignArgument.scoresName {
        throw wrong(
          "'\(word)' belongs to functions of whole arrays, whose types are written out: void "
            + "\(quotedBare(symbol))(const f32 *weight, u64 n, f32 *out)")
      }
      return ForeignArgument(type: .f64, role: .value(try signal(word)))
    }
    return ForeignArgument(type: .f64, role: .number(try number(word, .f64)))
  }

  /// An argument of the full form.
  private func argument(_ words: [String]) throws(ReferenceError) -> ForeignArgument {
    let part = words.joined(separator: " ").replacing("* ", with: "*")
    let isConst = words.first == "const"
    let rest = isConst ? Array(words.dropFirst()) : words
    guard let first = rest.first, let name = rest.last, rest.count > 1 else {
      throw wrong(
        "\(quoted(part)) is no argument; write its type and its name, such as f64 weight")
    }
    let type = try type(first)
    let isPointer = rest.dropFirst().first == "*"
    guard rest.count == (isPointer ? 3 : 2), name != "*" else {
      throw wrong(
        "\(quoted(part)) is no argument; write such as f64 weight, or const f32 *weight for an array"
      )
    }
    let role = try role(name, type, isPointer: isPointer)
    let argument = ForeignArgument(type: type, role: role)
    guard isConst == argument.text.hasPrefix("const ") else {
      throw wrong(
        isConst
          ? "\(quoted(part)) is not to be const; write \(argument.text)"
          : "\(quoted(part)) would let the function write to what it reads; write \(argument.text)")
    }
    return argument
  }

  private func role(
    _ name: String, _ type: ForeignType, isPointer: Bool
  ) throws(ReferenceError) -> ForeignArgument.Role {
    if ForeignNumber.isMeant(by: name) {
      guard !isPointer else {
        throw wrong("'\(name)' is a number and no array; write \(type) \(quotedBare(name))")
      }
      return .number(try number(name, type))
    }
    switch name {
    case ForeignArgument.countName:
      guard !isPointer, !type.isReal else {
        throw wrong("'n' is how many values the arrays have; write u64 n")
      }
      return .count
    case ForeignArgument.scoresName:
      guard isPointer, type.isReal else {
        throw wrong("'out' is the array that the scores go to; write f32 *out or f64 *out")
      }
      return .scores
    default:
      let signal = try signal(name)
      guard type.isReal || signal.isWhole else {
        throw wrong("'\(type)' has no room for the fractions of '\(name)'; write f32 or f64")
      }
      return isPointer ? .values(signal) : .value(signal)
    }
  }

  private func type(_ word: String) throws(ReferenceError) -> ForeignType {
    if let type = ForeignType(rawValue: word) { return type }
    let words = ForeignType.allCases.map(\.rawValue)
    let hint = ForeignType(nameInC: word).map { "; did you mean '\($0)'?" }
    throw wrong(
      "there is no type \(quoted(word))\(hint ?? suggestion(for: word, among: words)); there are "
        + words.joined(separator: ", "))
  }

  private func signal(_ word: String) throws(ReferenceError) -> ForeignSignal {
    if let signal = ForeignSignal(rawValue: word) { return signal }
    let words = ForeignSignal.allCases.map(\.rawValue)
    throw wrong(
      "there is no signal \(quoted(word))\(suggestion(for: word, among: words)); there are "
        + words.joined(separator: ", "))
  }

  private func number(_ word: String, _ type: ForeignType) throws(ReferenceError) -> ForeignNumber {
    guard let number = ForeignNumber(word, type: type) else {
      throw wrong("\(quoted(word)) is no number of type \(type)")
    }
    return number
  }

  // MARK: - The whole

  /// - Throws: ``ReferenceError`` where the arguments and the result do not make one of the two forms.
  private func shaped(
    _ symbol: String, _ result: ForeignType?, _ arguments: [ForeignArgument]
  ) throws(ReferenceError) -> ForeignFunction {
    let function = ForeignFunction(
      library: library, symbol: symbol, result: result, arguments: arguments)
    guard !function.signals.isEmpty else {
      throw wrong(
        "\(quoted(symbol)) takes no signal, so that its scores would have nothing to do with the "
          + "weights; write such as \(quotedBare(symbol))(weight)")
    }
    if let result {
      if let array = arguments.first(where: { $0.isArray || $0.role == .count }) {
        throw wrong(
          "'\(array.text)' belongs to functions of whole arrays, which return void, and "
            + "\(quoted(symbol)) returns \(result)")
      }
      return function
    }
    if let single = arguments.first(where: { if case .value = $0.role { true } else { false } }) {
      throw wrong(
        "'\(single.text)' is one value, and \(quoted(symbol)) returns void, as functions of whole "
          + "arrays do; write const \(single.text.replacing(" ", with: " *"))")
    }
    for (role, name, declared) in [
      (ForeignArgument.Role.count, "n", "u64 n"), (.scores, "out", "f32 *out"),
    ] {
      let count = arguments.count { $0.role == role }
      guard count == 1 else {
        throw wrong(
          count == 0
            ? "\(quoted(symbol)) works on arrays and takes no '\(name)'; add \(declared)"
            : "\(quoted(symbol)) takes '\(name)' \(count) times; it is there once")
      }
    }
    return function
  }

  private func isName(_ word: String) -> Bool {
    guard let first = word.unicodeScalars.first else { return false }
    return (first.properties.isAlphabetic || first == "_" || first == "$")
      && !word.contains { "+-".contains($0) }
  }

  private func wrong(_ problem: String) -> ReferenceError {
    ReferenceError("in the declaration \(quoted(text)): \(problem); \(Self.hint)")
  }
}

/// A text between quotes, as much of it as a sentence has room for.
func quoted(_ text: String) -> String { "'\(quotedBare(text))'" }

/// The same without the quotes.
func quotedBare(_ text: String) -> String {
  text.count > 120 ? text.prefix(120) + "…" : text
}
