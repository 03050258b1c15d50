package import Foundation

/// A document with places for boards: what stands between a line `<!-- board: NAMES -->` and the next line
/// `<!-- end of board -->`, of the benchmarks that are named there.
///
/// Everything else of the document stays as it is, byte for byte.
package struct MarkedBoards {
  private var pieces: [Piece] = []

  private enum Piece {
    case kept([UInt8])
    /// - Parameter lineEnd: That of the line that marks its beginning.
    case board([String], lineEnd: [UInt8])
  }

  private static let begin = "<!-- board:"
  private static let end = "<!-- end of board -->"
  private static let close = "-->"

  /// - Parameters:
  ///   - document: Its bytes.
  ///   - file: What an error calls it.
  /// - Throws: ``MarkError`` for a document without marks, or with one that lacks the other.
  package init(_ document: Data, file: String) throws(MarkError) {
    func wrong(_ line: Int, _ reason: String) -> MarkError {
      MarkError("line \(line) of '\(file)' \(reason)")
    }
    var kept: [UInt8] = []
    var open: (line: Int, names: [String], lineEnd: [UInt8])?
    for (index, line) in Self.lines(of: [UInt8](document)).enumerated() {
      let text = String(decoding: line, as: UTF8.self).trimmingCharacters(
        in: .whitespacesAndNewlines)
      if text.hasPrefix(Self.begin), text.hasSuffix(Self.close) {
        if let open {
          throw wrong(
            index + 1,
            "begins a board within the one that line \(open.line) begins; "
              + "'\(Self.end)' on a line of its own ends that")
        }
        let names = text.dropFirst(Self.begin.count).dropLast(Self.close.count)
          .split(separator: ",", omittingEmptySubsequences: false)
          .map { $0.trimmingCharacters(in: .whitespaces) }
        guard !names.contains("") else {
          throw wrong(
            index + 1, "names no benchmark; write \(Self.begin) mnist-300-100 \(Self.close)")
        }
        kept += line
        pieces.append(.kept(kept))
        kept = []
        open = (index + 1, names, line.suffix(2) == Self.windowsEnd ? Self.windowsEnd : [10])
      } else if text == Self.end {
        guard let begun = open else { throw wrong(index + 1, "ends a board that nothing begins") }
        pieces.append(.board(begun.names, lineEnd: begun.lineEnd))
        kept = line
        open = nil
      } else if open == nil {
        kept += line
      }
    }
    if let open {
      throw wrong(open.line, "begins a board that nothing ends; write '\(Self.end)' behind it")
    }
    guard !pieces.isEmpty else {
      throw MarkError(
        "'\(file)' has no place for a board; put the lines '\(Self.begin) mnist-300-100 \(Self.close)' "
          + "and '\(Self.end)' where it is to stand")
    }
    pieces.append(.kept(kept))
  }

  private static let windowsEnd: [UInt8] = [13, 10]

  /// The benchmarks whose boards the document asks for, each once.
  package var names: [String] {
    var names: [String] = []
    for case .board(let own, _) in pieces {
      for name in own where !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// The document with new boards.
  ///
  /// - Parameter render: Makes the text that stands for the benchmarks of one place.
  package func filled(_ render: ([String]) throws -> String) rethrows -> Data {
    var bytes: [UInt8] = []
    for piece in pieces {
      switch piece {
      case .kept(let kept): bytes += kept
      case .board(let names, let lineEnd):
        // An empty line keeps the marks out of paragraphs and tables.
        let text = try "\n" + render(names) + "\n"
        for byte in text.utf8 { bytes += byte == 10 ? lineEnd : [byte] }
      }
    }
    return Data(bytes)
  }

  /// Each with its end.
  private static func lines(of bytes: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var start = 0
    for (place, byte) in bytes.enumerated() where byte == 10 {
      lines.append(Array(bytes[start...place]))
      start = place + 1
    }
    if start < bytes.count { lines.append(Array(bytes[start...])) }
    return lines
  }
}

/// Why a document cannot be brought up to date.
package struct MarkError: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
