/// What a C function is given in one of its places.
package struct ForeignArgument: Hashable, Sendable {
  package enum Role: Hashable, Sendable {
    /// The signal's value of one weight.
    case value(ForeignSignal)
    /// The signal's values of a layer, not to be written to.
    case values(ForeignSignal)
    /// The same number in every call.
    case number(ForeignNumber)
    /// How many values an array has.
    case count
    /// Where the scores go, an array.
    case scores
  }

  package let type: ForeignType
  package let role: Role

  var signal: ForeignSignal? {
    switch role {
    case .value(let signal), .values(let signal): signal
    case .number, .count, .scores: nil
    }
  }

  var isArray: Bool {
    switch role {
    case .values, .scores: true
    case .value, .number, .count: false
    }
  }

  /// As it is declared.
  var text: String {
    switch role {
    case .value(let signal): "\(type) \(signal.rawValue)"
    case .values(let signal): "const \(type) *\(signal.rawValue)"
    case .number(let number): "\(type) \(number.text)"
    case .count: "\(type) \(Self.countName)"
    case .scores: "\(type) *\(Self.scoresName)"
    }
  }

  static let countName = "n"
  static let scoresName = "out"
}
