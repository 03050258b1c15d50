import Foundation

/// What a board that was printed for programs says of its rows.
struct PrintedBoard: Decodable {
  struct Row: Decodable {
    var title: String
    /// How many cells ended in each way.
    var status: [String: Int]
    var test: Test?
  }
  struct Test: Decodable { var values: [Double] }
  private struct One: Decodable { var rows: [Row] }
  private var boards: [One]

  init(_ outcome: Tool.Outcome) throws {
    self = try JSONDecoder().decode(PrintedBoard.self, from: Data(outcome.output.utf8))
  }

  /// The first row with a title.
  subscript(title: String) -> Row? {
    boards.flatMap(\.rows).first { $0.title == title }
  }
}
