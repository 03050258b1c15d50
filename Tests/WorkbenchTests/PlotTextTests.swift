import Comparison
import Foundation
import Reports
import Testing

/// Curves in a terminal.
@Suite struct PlotTextTests {
  private func plot(width: Int, isUnicode: Bool) throws -> String {
    let told = try ToldFixture.board()
    let plot = PlotText(style: Style(isColoured: false), width: width, isUnicode: isUnicode)
    return plot.render(told.board) + plot.render(told.runs, benchmark: told.board.benchmark)
  }

  @Test func plots() throws {
    try expectSnapshot(plot(width: 80, isUnicode: true), "plot.txt")
  }

  @Test("It fits, and is plain ASCII where nothing else can be shown", arguments: [40, 80, 200])
  func fits(width: Int) throws {
    let plain = try plot(width: width, isUnicode: false)
    #expect(plain.allSatisfy { $0.isASCII })
    let lines = try plot(width: width, isUnicode: true).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= width })
  }

  @Test("No word of a stranger moves the cursor")
  func hostile() throws {
    for board in try HostileWords.boards() {
      let text = PlotText(style: Style(isColoured: false), width: 100, isUnicode: true).render(
        board)
      #expect(
        !text.unicodeScalars.contains {
          $0.properties.generalCategory == .control && $0 != "\n"
        })
    }
  }
}
