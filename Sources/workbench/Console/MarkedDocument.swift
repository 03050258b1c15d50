import Comparison
import Files
import Foundation
import Reports

/// A file of a user's with places for boards.
struct MarkedDocument {
  let boards: MarkedBoards
  /// The file itself, where its name is a link.
  private let file: URL
  private let path: String
  private let contents: Data

  private static let longest = 64 << 20

  /// - Throws: ``CommandError`` for a file that cannot be read or has no such place.
  init(_ path: String) throws {
    self.path = path
    file = URL(literalPath: path).resolvingSymlinksInPath()
    do {
      contents = try PlainFile.read(file, atMost: Self.longest)
      boards = try MarkedBoards(contents, file: path)
    } catch let error as StoreError {
      throw CommandError("--update: \(error)")
    } catch let error as MarkError {
      throw CommandError("--update: \(error)")
    }
  }

  /// Writes boards between the marks, or nothing where they stand there already.
  func update(from made: [Board]) throws {
    let filled = try boards.filled { names in
      let own = names.flatMap { name in made.filter { $0.benchmark == name } }
      if let missing = names.first(where: { name in !own.contains { $0.benchmark == name } }) {
        throw CommandError(
          "'\(path)' has a place for a board of '\(missing)', and no result of it has a place on a board"
        )
      }
      return MarkdownBoard().render(own)
    }
    guard filled != contents else {
      return Console.note("\(printable(path)) is up to date\n")
    }
    let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
    try DurableFile.write(
      filled, to: file,
      permissions: (attributes?[.posixPermissions] as? NSNumber)?.uint32Value)
    Console.note(
      "\(printable(path)): the boards of \(boards.names.map(printable).joined(separator: ", ")) are "
        + "brought up to date\n")
  }
}
