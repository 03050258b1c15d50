/// The words behind a kind's own in the text of a network, such as `20 5x5 stride=2x2`: sizes by their
/// order, then what differs from the ordinary by name.
struct OperationWords {
  /// What is not read yet.
  private var sizes: [String]
  private var options: [(name: String, value: String)] = []

  /// Why words make no operation.
  struct Problem: Error {
    var reason: String
    init(_ reason: String) { self.reason = reason }
  }

  init(_ words: [String]) throws(Problem) {
    sizes = words.filter { !$0.contains("=") }
    for word in words where word.contains("=") {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard !options.contains(where: { $0.name == name }) else {
        throw Problem("'\(name)' is given twice")
      }
      options.append((name, String(parts[1])))
    }
  }

  private init(sizes: [String], options: [(name: String, value: String)]) {
    (self.sizes, self.options) = (sizes, options)
  }

  /// - Throws: ``Problem`` that quotes the first word that nobody asked for.
  func end() throws(Problem) {
    if let word = sizes.first { throw Problem("'\(word)' is one word too many") }
    if let option = options.first { throw Problem("there is no '\(option.name)' to be given") }
  }

  // MARK: - Reading

  mutating func count(_ what: String) throws(Problem) -> Int {
    let word = try size(what)
    guard let count = Int(word), count > 0 else {
      throw Problem("'\(word)' is no number of \(what)")
    }
    return count
  }

  mutating func number(_ what: String) throws(Problem) -> Double {
    let word = try size(what)
    guard let number = Double(word), number.isFinite else {
      throw Problem("'\(word)' is no \(what)")
    }
    return number
  }

  /// The numbers of a size, such as `1x28x28`.
  mutating func numbers(_ what: String) throws(Problem) -> [Int] {
    try Self.numbers(try size(what), what)
  }

  mutating func extent(_ what: String) throws(Problem) -> Extent {
    try Self.extent(try size(what), what)
  }

  mutating func extent(named name: String) throws(Problem) -> Extent? {
    guard let value = value(named: name) else { return nil }
    return try Self.extent(value, name)
  }

  mutating func number(named name: String) throws(Problem) -> Double? {
    guard let value = value(named: name) else { return nil }
    guard let number = Double(value), number.isFinite else {
      throw Problem("\(name)='\(value)' is no number")
    }
    return number
  }

  mutating func flag(named name: String) throws(Problem) -> Bool? {
    guard let value = value(named: name) else { return nil }
    guard let flag = ["yes": true, "no": false][value] else {
      throw Problem("\(name)='\(value)' is neither yes nor no")
    }
    return flag
  }

  private mutating func size(_ what: String) throws(Problem) -> String {
    guard !sizes.isEmpty else { throw Problem("it says no \(what)") }
    return sizes.removeFirst()
  }

  private mutating func value(named name: String) -> String? {
    guard let index = options.firstIndex(where: { $0.name == name }) else { return nil }
    return options.remove(at: index).value
  }

  private static func extent(_ word: String, _ what: String) throws(Problem) -> Extent {
    let numbers = try numbers(word, what)
    switch numbers.count {
    case 1: return Extent(numbers[0])
    case 2: return Extent(numbers[0], numbers[1])
    default: throw Problem("'\(word)' is no \(what), such as 5 or 5x3")
    }
  }

  private static func numbers(_ word: String, _ what: String) throws(Problem) -> [Int] {
    let parts = word.split(separator: "x", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == parts.count, numbers.allSatisfy({ $0 >= 0 }) else {
      throw Problem("'\(word)' is no \(what), such as 5 or 5x5")
    }
    return numbers
  }
}

extension OperationWords {
  // MARK: - Writing

  /// - Parameters:
  ///   - sizes: What stands in its order.
  ///   - options: What stands by name; nil for the ordinary.
  static func text(_ sizes: [String], _ options: [(name: String, value: String?)] = []) -> String {
    (sizes + options.compactMap { option in option.value.map { "\(option.name)=\($0)" } })
      .joined(separator: " ")
  }
}

extension Extent {
  /// As it is read: a side alone where both are the same.
  var text: String { height == width ? "\(height)" : "\(height)x\(width)" }
}
