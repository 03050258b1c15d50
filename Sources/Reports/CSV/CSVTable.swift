/// A table of comma-separated values, in which nothing that stands in a text can end a field, begin a line or
/// be taken for a formula.
struct CSVTable {
  /// A field. Texts are the only ones that come from strangers.
  enum Field: Sendable {
    case none
    case text(String)
    case count(Int)
    case number(Double)
    case flag(Bool)

    init(_ text: String?) { self = text.map { .text($0) } ?? .none }
    init(_ count: Int?) { self = count.map { .count($0) } ?? .none }
    init(_ number: Double?) { self = number.map { .number($0) } ?? .none }

    /// Nothing where a number is not finite, as in JSON.
    fileprivate var written: String {
      switch self {
      case .none: ""
      case .text(let text): Self.quoted(text)
      case .count(let count): String(count)
      case .number(let number): number.isFinite ? "\(number)" : ""
      case .flag(let flag): flag ? "true" : "false"
      }
    }

    /// A spreadsheet takes what begins with one of these for a formula, quoted or not.
    private static let formulaSigns: Set<Character> = ["=", "+", "-", "@"]

    private static func quoted(_ text: String) -> String {
      let line = printable(text)
      let harmless = line.first.map { formulaSigns.contains($0) } ?? false ? "'" + line : line
      guard harmless.contains(where: { $0 == "," || $0 == "\"" }) else { return harmless }
      return "\"" + harmless.replacing("\"", with: "\"\"") + "\""
    }
  }

  private var text: String
  private let width: Int

  /// - Parameter columns: Their names, of letters, digits and `_`.
  init(columns: [String]) {
    width = columns.count
    text = columns.joined(separator: ",") + "\n"
  }

  /// Adds a line; of fields that are missing at its end nothing is known.
  mutating func add(_ fields: [Field]) {
    let missing = [Field](repeating: .none, count: max(0, width - fields.count))
    text += (fields.prefix(width) + missing).map(\.written).joined(separator: ",") + "\n"
  }

  var rendered: String { text }
}
