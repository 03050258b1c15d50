/// A C function that scores weights: where it is, and what it is called with.
///
/// That its library has such a function is not known here.
package struct ForeignFunction: Hashable, Sendable {
  /// A path, or a name without a slash, which the system's loader looks for.
  package let library: String
  package let symbol: String
  /// What it returns for one weight; nil where it works on arrays and returns nothing.
  package let result: ForeignType?
  package let arguments: [ForeignArgument]

  /// The declaration in full, such as `f64 fabs(f64 weight)`: every function has one only.
  package var declaration: String {
    let list = arguments.map(\.text).joined(separator: ", ")
    return "\(result?.rawValue ?? Self.nothing) \(symbol)(\(list))"
  }

  /// As a user may write it.
  package var text: String { "\(library):\(declaration)" }

  /// What it is called on boards and in results: there the library's digest says which one it was, and not
  /// the folder that it lay in.
  package var id: String { "\(library.split(separator: "/").last ?? ""):\(declaration)" }

  /// What it reads, each once, in the order of the table.
  var signals: [ForeignSignal] {
    let read = Set(arguments.compactMap(\.signal))
    return ForeignSignal.allCases.filter(read.contains)
  }

  /// The same function of a library at another place.
  func lying(at path: String) -> ForeignFunction {
    ForeignFunction(library: path, symbol: symbol, result: result, arguments: arguments)
  }

  /// The type of what returns nothing.
  static let nothing = "void"

  /// What boards call the strategy that a word names: of a function its full form.
  package static func title(of word: String) -> String {
    (try? ForeignFunction(word))?.id ?? word
  }

  /// Whether a word that names a strategy is meant to name a function: no other has these characters.
  package static func isMeant(by word: String) -> Bool {
    word.contains(":") || word.contains("(")
  }
}
