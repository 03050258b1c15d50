import Comparison
import Foundation
import Reports
import Testing

/// Nothing that a strategy, a library or a file says is taken for a sign of the format that tells it.
@Suite struct InjectionTests {
  @Test("Text moves no cursor and breaks no line")
  func text() throws {
    for board in try HostileWords.boards() {
      let text = TextBoard(style: Style(isColoured: false), width: nil).render(board)
      let controls = text.unicodeScalars.filter {
        [.control, .format].contains($0.properties.generalCategory) && $0 != "\n"
      }
      #expect(controls.isEmpty)
      #expect(!text.contains("\nnext"))
    }
  }

  @Test("No field of CSV is a formula, ends early or begins a line")
  func csv() throws {
    for board in try HostileWords.boards() {
      let rows = try rows(of: CSVBoard().render([board]))
      #expect(Set(rows.map(\.count)) == [46])
      for field in rows.dropFirst().flatMap(\.self) where Double(field) == nil {
        #expect(!["=", "+", "-", "@"].contains(field.prefix(1)), "\(field)")
        #expect(!field.unicodeScalars.contains { $0.value < 32 })
      }
    }
  }

  @Test("Markdown shows markup as it is written")
  func markdown() throws {
    for board in try HostileWords.boards() {
      let text = MarkdownBoard().render([board])
      #expect(!text.contains("<"))
      #expect(!text.contains("http:") && !text.contains("https:"))
      #expect(!text.replacing("\\`", with: "").contains("`"))
      #expect(!text.replacing("\\[", with: "").contains("["))
      let widths = text.split(separator: "\n").filter { $0.hasPrefix("| ") }.map { line in
        line.replacing("\\\\", with: "").replacing("\\|", with: "").count { $0 == "|" }
      }
      // A table of rows and one of the smallest networks.
      #expect(Set(widths).count == 2)
    }
  }

  /// What a reader of CSV makes of a text.
  private func rows(of text: String) throws -> [[String]] {
    var rows: [[String]] = [[""]]
    var isQuoted = false
    var rest = Substring(text)
    while let character = rest.popFirst() {
      let row = rows.count - 1
      let field = rows[row].count - 1
      switch character {
      case "\"" where isQuoted && rest.first == "\"":
        rest.removeFirst()
        rows[row][field] += "\""
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: rows[row].append("")
      case "\n" where !isQuoted: rows.append([""])
      default: rows[row][field].append(character)
      }
    }
    #expect(!isQuoted)
    return rows.dropLast()
  }
}
