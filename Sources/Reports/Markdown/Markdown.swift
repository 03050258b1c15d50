/// A text in Markdown. What is put into it as text is shown as it is written: no word of a strategy's
/// becomes a link, a table or markup.
struct Markdown {
  private(set) var source: String

  private init(source: String) { self.source = source }

  static let empty = Markdown(source: "")

  static func text(_ text: String) -> Markdown { Markdown(source: escaped(text)) }

  static func strong(_ text: String) -> Markdown {
    text.isEmpty ? empty : Markdown(source: "**\(escaped(text))**")
  }

  /// Blocks, each after an empty line.
  static func blocks(_ blocks: [Markdown]) -> Markdown {
    Markdown(source: blocks.map(\.source).filter { !$0.isEmpty }.joined(separator: "\n"))
  }

  static func paragraph(_ parts: [Markdown]) -> Markdown {
    Markdown(source: parts.map(\.source).joined(separator: " ") + "\n")
  }

  static func list(_ items: [[Markdown]]) -> Markdown {
    Markdown(
      source: items.map { "- " + $0.map(\.source).joined(separator: " ") + "\n" }.joined())
  }

  /// A table; no row is longer or shorter than the others.
  static func table(
    _ columns: [(title: String, isNumeric: Bool)], rows: [[Markdown]]
  ) -> Markdown {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
    return Markdown(
      source: line(columns.map { escaped($0.title) })
        + line(columns.map { $0.isNumeric ? "---:" : "---" })
        + rows.map { row in line(row.prefix(columns.count).map(\.source)) }.joined())
  }

  /// On one line, with every character that Markdown or HTML may take for a sign made harmless.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in printable(text) {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      // A name behind it would be told of the board, and an address be linked.
      case "@": result += "&#64;"
      case ":": result += result.hasSuffix("http") || result.hasSuffix("https") ? "&#58;" : ":"
      case "\\", "`", "*", "_", "[", "]", "|", "~", "#", "$", "!": result += "\\\(character)"
      case "." where result.hasSuffix("www"): result += "&#46;"
      default: result.append(character)
      }
    }
    return result
  }
}
