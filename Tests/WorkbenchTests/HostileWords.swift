import Comparison

/// Words of strangers that mean something to one format or another.
enum HostileWords {
  static let markup = "<script>alert(1)</script>"
  static let attribute = "\" onload=\"alert(1)\" x='"
  static let table = "a|b\\|c `d` *e* _f_ [g](http://example.com) ![h](https://example.com/i)"
  static let formulas = ["=1+1", "+1", "-1+2", "@SUM(A1)", "=HYPERLINK(\"http://example.com\")"]
  static let terminal = "\u{1B}[2J\u{1B}]0;title\u{7}\u{9B}31m\r\nnext\u{202E}line"
  static let mark = "<!-- end of board -->"

  static let all =
    [markup, attribute, table, terminal, mark, "&lt;", "]]>", "</style>", "```"] + formulas

  /// Boards in which every text that a strategy, a library or a file chooses is hostile.
  static func boards() throws -> [Board] {
    try all.map { words in
      let fixture = try ReportFixture()
      var board = fixture.boards[0]
      board.benchmark = words
      board.benchmarkSummary = words
      board.kernels = words
      board.reference = words
      func spoil(_ row: inout Board.Row) {
        row.strategy = words
        row.id = words
        row.parameters = [words: words]
        row.reasons = [words]
        row.notes = [words]
        row.origin = .plugin(sha256: words)
      }
      for table in board.tables.indices {
        for row in board.tables[table].rows.indices { spoil(&board.tables[table].rows[row]) }
      }
      for row in board.unpruned.indices { spoil(&board.unpruned[row]) }
      for place in board.failures.indices {
        board.failures[place].strategy = words
        board.failures[place].id = words
        board.failures[place].reason = words
      }
      for place in board.smallest.indices { board.smallest[place].strategy = words }
      for place in board.measured.indices {
        board.measured[place].setting?.machine.processor = words
        board.measured[place].setting?.machine.system = words
        board.measured[place].setting?.kernels = words
        board.measured[place].setting?.algebra = words
      }
      return board
    }
  }
}
