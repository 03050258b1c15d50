/// A table of aligned columns without lines, as wide as its content or, where asked, as a terminal.
struct TextTable {
  enum Alignment { case left, right }

  struct Column {
    var title: String
    var alignment: Alignment
    /// Columns are left out from the highest number down when the table is too wide; 0 always stays.
    var dispensability = 0
    /// Characters that its texts may be cut to: those of the last such column before other columns are
    /// left out, those of others where leaving out is not enough. Nil where cutting says too little.
    var narrowest: Int?
  }

  struct Cell {
    var text: String
    var emphasis = Emphasis.none

    init(_ text: String, _ emphasis: Emphasis = .none) {
      self.text = text
      self.emphasis = emphasis
    }
  }

  enum Line {
    /// One cell a column.
    case cells([Cell])
    /// A heading across all columns.
    case heading(String)
    /// A remark on the line before, across all columns.
    case note(String)
  }

  private static let noteIndent = "    "

  var columns: [Column]
  var lines: [Line] = []

  private static let gap = "  "

  /// The rows below each heading, in order; those before the first are below none.
  var sections: [(heading: String?, rows: [[Cell]])] {
    var sections: [(heading: String?, rows: [[Cell]])] = []
    for line in lines {
      switch line {
      case .heading(let heading): sections.append((heading, []))
      case .cells(let cells):
        if sections.isEmpty { sections.append((nil, [])) }
        sections[sections.count - 1].rows.append(cells)
      case .note: break
      }
    }
    return sections
  }

  /// The table as text, every line ended, and the titles of the columns that `width` had no room
  /// for.
  func rendered(style: Style, width: Int?) -> (text: String, omitted: [String]) {
    var widths = columns.indices.map { column in
      let contents = lines.map { line in
        if case .cells(let cells) = line { cells[column].text.count } else { 0 }
      }
      return max(columns[column].title.count, contents.max() ?? 0)
    }
    let shown = columnsFitting(width, widths: widths)
    for column in shown.reversed() { cut(&widths, at: column, of: shown, to: width) }
    func joined(_ cells: [Cell]) -> String {
      var text = ""
      for (position, column) in shown.enumerated() {
        let cell = shortened(cells[column].text, to: widths[column])
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        let content = style.apply(cells[column].emphasis, to: cell)
        if position > 0 { text += Self.gap }
        switch columns[column].alignment {
        case .right: text += padding + content
        case .left: text += position == shown.count - 1 ? content : content + padding
        }
      }
      while text.last == " " { text.removeLast() }
      return text + "\n"
    }
    var text = joined(columns.map { Cell($0.title, .strong) })
    for line in lines {
      switch line {
      case .cells(let cells): text += joined(cells)
      case .note(let note):
        let room = min(width ?? 100, 100) - Self.noteIndent.count
        for line in wrapped(note, width: max(20, room)) {
          text += Self.noteIndent + style.apply(.faint, to: line) + "\n"
        }
      case .heading(let heading): text += style.apply(.strong, to: heading) + "\n"
      }
    }
    let omitted = columns.indices.filter { !shown.contains($0) }.map { columns[$0].title }
    return (text, omitted)
  }

  private func columnsFitting(_ width: Int?, widths: [Int]) -> [Int] {
    var shown = Array(columns.indices)
    guard let width else { return shown }
    var widths = widths
    if let last = columns.lastIndex(where: { $0.narrowest != nil }) {
      cut(&widths, at: last, of: shown, to: width)
    }
    while total(widths, of: shown) > width {
      let candidates = shown.filter { columns[$0].dispensability > 0 }
      guard let last = candidates.max(by: isLessDispensable) else { break }
      shown.removeAll { $0 == last }
    }
    return shown
  }

  /// Takes what is too much from a column that can be cut.
  private func cut(_ widths: inout [Int], at column: Int, of shown: [Int], to width: Int?) {
    guard let width, let narrowest = columns[column].narrowest else { return }
    let excess = max(0, total(widths, of: shown) - width)
    widths[column] = max(min(widths[column], narrowest), widths[column] - excess)
  }

  private func total(_ widths: [Int], of shown: [Int]) -> Int {
    shown.map { widths[$0] }.reduce(0, +) + max(0, shown.count - 1) * Self.gap.count
  }

  private func shortened(_ text: String, to width: Int) -> String {
    text.count <= width ? text : text.prefix(width - 1) + "…"
  }

  private func isLessDispensable(_ a: Int, _ b: Int) -> Bool {
    columns[a].dispensability < columns[b].dispensability
  }
}

/// Lines of a label and a text that wraps under itself.
struct LabelledLines {
  private var entries: [(label: String, text: String)] = []

  mutating func add(_ label: String, _ text: String) {
    entries.append((label, text))
  }

  /// Of neighbours with one label only the first shows it.
  mutating func add(_ statements: [Statement]) {
    for (place, statement) in statements.enumerated() {
      let isRepeated = place > 0 && statements[place - 1].label == statement.label
      add(isRepeated ? "" : statement.label, statement.text)
    }
  }

  /// Says which columns there was no room for, if any.
  ///
  /// - Parameter format: The option that shows them all; nil where none does.
  mutating func add(omitted columns: [String], width: Int?, format: String? = nil) {
    guard !columns.isEmpty else { return }
    add(
      "not shown",
      "\(columns.joined(separator: ", ")): \(width ?? 0) columns are too few for all; "
        + (format.map { "\($0) has them, and " } ?? "")
        + "COLUMNS=\(Self.ample) in front of the command makes room")
  }

  /// Columns that any table of ours fits in.
  private static let ample = 250

  func rendered(style: Style, width: Int) -> String {
    let indent = (entries.map(\.label.count).max() ?? 0) + 2
    var result = ""
    for entry in entries {
      let lines = wrapped(entry.text, width: max(20, width - indent))
      for (number, line) in lines.enumerated() {
        let label = number == 0 ? entry.label : ""
        let padding = String(repeating: " ", count: indent - label.count)
        result += style.apply(.faint, to: label) + padding + line + "\n"
      }
    }
    return result
  }
}

/// A name that stands out, and behind it what it stands for, over as many lines as it takes.
func heading(_ name: String, _ text: String, style: Style, width: Int?) -> String {
  let whole = "\(name)  \(text)"
  guard let width, whole.count > width else {
    return style.apply(.strong, to: name) + "  \(text)\n"
  }
  return wrapped(whole, width: width).map { $0 + "\n" }.joined()
}

/// `text` cut between words into lines of at most `width` characters; a longer word is cut, too.
func wrapped(_ text: String, width: Int) -> [String] {
  var lines: [String] = []
  for word in text.split(separator: " ") {
    if let last = lines.last, last.count + 1 + word.count <= width {
      lines[lines.count - 1] = last + " " + word
      continue
    }
    var rest = word
    while !rest.isEmpty {
      lines.append(String(rest.prefix(width)))
      rest = rest.dropFirst(width)
    }
  }
  return lines.isEmpty ? [""] : lines
}
