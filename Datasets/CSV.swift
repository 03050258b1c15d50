/// A table of comma-separated values as RFC 4180 describes it: fields may stand in quotes, and then
/// hold commas, line ends and doubled quotes.
struct CSV {
  /// A row with the line it begins in, counted from 1.
  struct Row: Equatable {
    let line: Int
    let fields: [String]
  }

  /// The rows, that of the column names included, each with as many fields as the first.
  let rows: [Row]

  /// - Parameters:
  ///   - text: The whole file; lines end with a line feed, or with both characters of old.
  ///   - file: Its name, for errors.
  /// - Throws: ``DatasetError/malformedLine(file:line:text:reason:)`` for the first row that is
  ///   wrong, ``DatasetError/malformed(file:reason:)`` when there is none.
  init(_ text: String, file: String) throws(DatasetError) {
    var reader = Reader(bytes: Array(text.utf8), file: file)
    var rows: [Row] = []
    while !reader.isAtEnd {
      let row = try reader.row()
      if let columns = rows.first?.fields.count, row.fields.count != columns {
        throw .malformedLine(
          file: file, line: row.line, text: excerpt(row.fields.joined(separator: ",")),
          reason: "expected \(columns) columns and not \(row.fields.count)")
      }
      rows.append(row)
    }
    guard !rows.isEmpty else { throw .malformed(file: file, reason: "the file is empty") }
    self.rows = rows
  }
}

/// Goes through the bytes once: no byte of a longer character is a comma, a quote or a line end.
private struct Reader {
  let bytes: [UInt8]
  let file: String
  private var position = 0
  private var line = 1

  init(bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  var isAtEnd: Bool { position == bytes.count }

  mutating func row() throws(DatasetError) -> CSV.Row {
    let start = line
    var fields = [try field()]
    while take(Self.comma) { fields.append(try field()) }
    if take(Self.lineFeed) { line += 1 }
    return CSV.Row(line: start, fields: fields)
  }

  /// Ends before a comma, at a line end or at the end.
  private mutating func field() throws(DatasetError) -> String {
    let field = take(Self.quote) ? try quotedField() : try plainField()
    if byte == Self.carriageReturn, position + 1 < bytes.count,
      bytes[position + 1] == Self.lineFeed
    {
      position += 1
    }
    return field
  }

  private mutating func plainField() throws(DatasetError) -> String {
    let start = position
    while let byte, byte != Self.comma, byte != Self.lineFeed, byte != Self.carriageReturn {
      guard byte != Self.quote else {
        throw malformed("a quote within a field that does not start with one", from: start)
      }
      position += 1
    }
    try checkFieldEnds(start)
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Behind the opening quote.
  private mutating func quotedField() throws(DatasetError) -> String {
    let start = position - 1
    let firstLine = line
    var content: [UInt8] = []
    while let byte {
      position += 1
      if byte == Self.quote {
        guard take(Self.quote) else {
          try checkFieldEnds(start)
          return String(decoding: content, as: UTF8.self)
        }
      } else if byte == Self.lineFeed {
        line += 1
      }
      content.append(byte)
    }
    line = firstLine
    throw malformed("a quote is opened and not closed", from: start)
  }

  private func checkFieldEnds(_ start: Int) throws(DatasetError) {
    switch byte {
    case nil, Self.comma, Self.lineFeed: return
    case Self.carriageReturn
    where position + 1 < bytes.count && bytes[position + 1] == Self.lineFeed:
      return
    case Self.carriageReturn:
      throw malformed("a carriage return without a line feed", from: start)
    default: throw malformed("a closing quote is followed by more than a comma", from: start)
    }
  }

  private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ wanted: UInt8) -> Bool {
    guard byte == wanted else { return false }
    position += 1
    return true
  }

  private func malformed(_ reason: String, from start: Int) -> DatasetError {
    .malformedLine(
      file: file, line: line, text: excerpt(String(decoding: bytes[start...], as: UTF8.self)),
      reason: reason)
  }
}

/// As much of a line as an error quotes.
private func excerpt(_ text: String) -> String { String(text.prefix(60)) }
