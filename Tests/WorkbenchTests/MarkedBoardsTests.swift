import Comparison
import Foundation
import Reports
import Testing

/// Boards between marks of a document.
@Suite struct MarkedBoardsTests {
  private func filled(_ document: [UInt8]) throws -> [UInt8] {
    let marked = try MarkedBoards(Data(document), file: "a.md")
    return Array(marked.filled { names in names.joined(separator: "+") + "\n" })
  }

  @Test("All that does not stand between marks stays as it is, byte for byte")
  func bytes() throws {
    let before: [UInt8] = Array("# Title\r\n\u{FEFF}text  \n".utf8) + [0xFF, 0x00, 10]
    let begin = Array("  <!-- board: friedman1, sine -->\n".utf8)
    let end = Array("<!-- end of board -->\n".utf8)
    let after: [UInt8] = Array("no end of line".utf8) + [0xC3]
    let made = try filled(before + begin + Array("old\nboard\n".utf8) + end + after)
    #expect(made == before + begin + Array("\nfriedman1+sine\n\n".utf8) + end + after)
    #expect(try filled(made) == made)
  }

  @Test("Lines end as that of the mark does, and each place has its own benchmarks")
  func ends() throws {
    let text =
      "<!-- board: a -->\r\n<!-- end of board -->\r\n-\n<!-- board: b,a -->\n<!-- end of board -->"
    let marked = try MarkedBoards(Data(text.utf8), file: "a.md")
    #expect(marked.names == ["a", "b"])
    let made = String(decoding: try filled(Array(text.utf8)), as: UTF8.self)
    #expect(
      made == "<!-- board: a -->\r\n\r\na\r\n\r\n<!-- end of board -->\r\n-\n"
        + "<!-- board: b,a -->\n\nb+a\n\n<!-- end of board -->")
  }

  @Test(
    "Marks that are not whole are refused, with the line",
    arguments: [
      ("", "no place for a board"), ("text\n", "no place for a board"),
      ("\n<!-- board: a -->\n", "line 2 of 'a.md' begins a board that nothing ends"),
      ("<!-- end of board -->\n", "line 1 of 'a.md' ends a board that nothing begins"),
      ("<!-- board: a -->\n<!-- board: b -->\n<!-- end of board -->", "line 2"),
      ("<!-- board: -->\n<!-- end of board -->", "names no benchmark"),
      ("<!-- board: a,,b -->\n<!-- end of board -->", "names no benchmark"),
    ])
  func refused(document: String, reason: String) throws {
    let error = try #require(throws: MarkError.self) {
      try MarkedBoards(Data(document.utf8), file: "a.md")
    }
    #expect(error.description.contains(reason), "\(error)")
  }

  @Test("The README has a place for its board")
  func readme() throws {
    let file = packageRoot.appending(path: "README.md")
    let marked = try MarkedBoards(Data(contentsOf: file), file: "README.md")
    #expect(marked.names == ["mnist-300-100"])
  }
}
