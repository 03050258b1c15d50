/// A table whose every cell has its headings. Wider than the window it scrolls by itself, not the page.
struct HTMLTable {
  struct Column {
    var title: String
    var isNumeric: Bool

    init(_ title: String, isNumeric: Bool = false) {
      self.title = title
      self.isNumeric = isNumeric
    }
  }

  struct Cell {
    var text: String
    var isNumeric: Bool
    /// Whether it is a sentence, which may be broken.
    var isWords: Bool
    var emphasis: Emphasis

    init(
      _ text: String, isNumeric: Bool = false, isWords: Bool = false, _ emphasis: Emphasis = .none
    ) {
      self.text = text
      self.isNumeric = isNumeric
      self.isWords = isWords
      self.emphasis = emphasis
    }
  }

  struct Row {
    /// What the row is of.
    var heading: String
    var headingEmphasis = Emphasis.none
    var cells: [Cell]
  }

  /// Rows under a heading of their own.
  struct Group {
    var heading: String?
    var rows: [Row]
  }

  var caption: String?
  /// Above the headings of the rows.
  var corner: String
  var columns: [Column]
  var groups: [Group]

  /// - Parameter label: What a reader who does not see it hears of it.
  func html(label: String) -> HTML {
    guard groups.contains(where: { !$0.rows.isEmpty }) else { return .nothing }
    var parts: [HTML] = []
    if let caption { parts.append(.element(.caption, [], .text(caption))) }
    parts.append(
      .element(
        .thead, [],
        .element(
          .tr, [],
          [.element(.th, [.init(.scope, "col")], .text(corner))]
            + columns.map { column in
              .element(
                .th, [.init(.scope, "col")] + Self.classes(column.isNumeric, .none),
                .text(column.title))
            })))
    parts += groups.map(body)
    return .element(
      .div,
      [
        .init(.class, "scroll"), .init(.role, "region"), .init(.tabindex, 0),
        .init(.label, label),
      ],
      .element(.table, [], parts))
  }

  private func body(_ group: Group) -> HTML {
    let heading = group.heading.map { text in
      HTML.element(
        .tr, [.init(.class, "group")],
        .element(
          .th, [.init(.scope, "rowgroup"), .init(.colspan, columns.count + 1)],
          .element(.span, [], .text(text))))
    }
    return .element(
      .tbody, [],
      (heading.map { [$0] } ?? [])
        + group.rows.map { row in
          .element(
            .tr, [],
            [
              .element(
                .th, [.init(.scope, "row")] + Self.classes(false, row.headingEmphasis),
                .text(row.heading))
            ]
              + row.cells.map { cell in
                .element(
                  .td, Self.classes(cell.isNumeric, isWords: cell.isWords, cell.emphasis),
                  .text(cell.text))
              })
        })
  }

  private static func classes(
    _ isNumeric: Bool, isWords: Bool = false, _ emphasis: Emphasis
  ) -> [HTML.Attribute] {
    let names = [isNumeric ? "number" : nil, isWords ? "words" : nil, emphasis.className].compactMap
    { $0 }
    return names.isEmpty ? [] : [.init(.class, names.joined(separator: " "))]
  }
}

extension Emphasis {
  fileprivate var className: String? {
    switch self {
    case .none: nil
    case .strong: "strong"
    case .faint: "faint"
    case .good: "good"
    case .bad: "bad"
    }
  }
}
