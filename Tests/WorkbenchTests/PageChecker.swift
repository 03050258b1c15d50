import Foundation

/// What is wrong with a page: a small reader of markup, stricter than any browser.
struct PageChecker {
  struct Element {
    var name: String
    var attributes: [String: String]
    var text = ""
    var children: [Int] = []
    var parent: Int?
  }

  private(set) var elements: [Element] = []
  private(set) var faults: [String] = []

  private static let void: Set<String> = ["meta"]

  init(_ page: String) {
    parse(page)
    guard faults.isEmpty else { return }
    check()
  }

  func all(_ name: String) -> [Element] { elements.filter { $0.name == name } }

  func text(of element: Element) -> String {
    element.text + element.children.map { text(of: elements[$0]) }.joined(separator: " ")
  }

  // MARK: - Reading

  private mutating func parse(_ page: String) {
    let start = "<!DOCTYPE html>\n"
    guard page.hasPrefix(start) else {
      faults.append("the page does not begin as HTML")
      return
    }
    var rest = Substring(page.dropFirst(start.count))
    var open: [Int] = []
    while !rest.isEmpty {
      let isStyle = open.last.map { elements[$0].name == "style" } ?? false
      let text = isStyle ? before("</style", &rest) : before("<", &rest)
      if let last = open.last {
        elements[last].text += text
        if !isStyle { checkText(text) }
      } else if !text.allSatisfy(\.isWhitespace) {
        faults.append("text outside of the page: \(text.prefix(40))")
      }
      guard !rest.isEmpty else { break }
      rest.removeFirst()
      let tag = before(">", &rest)
      guard !rest.isEmpty else {
        faults.append("a tag does not end: \(tag.prefix(40))")
        return
      }
      rest.removeFirst()
      if tag.hasPrefix("/") {
        guard let last = open.popLast(), elements[last].name == tag.dropFirst() else {
          faults.append("<\(tag)> ends what is not open")
          return
        }
      } else {
        guard let element = element(tag, parent: open.last) else { return }
        elements.append(element)
        if let parent = open.last { elements[parent].children.append(elements.count - 1) }
        if !Self.void.contains(element.name) { open.append(elements.count - 1) }
      }
    }
    if !open.isEmpty { faults.append("\(open.count) elements do not end") }
  }

  private func before(_ mark: String, _ rest: inout Substring) -> String {
    let end = rest.range(of: mark)?.lowerBound ?? rest.endIndex
    defer { rest = rest[end...] }
    return String(rest[..<end])
  }

  private mutating func element(_ tag: String, parent: Int?) -> Element? {
    guard let whole = tag.wholeMatch(of: /([a-z][a-z0-9]*)((?: [A-Za-z0-9-]+="[^"<>]*")*)/) else {
      faults.append("a tag that is not as ours are: <\(tag.prefix(120))>")
      return nil
    }
    var attributes: [String: String] = [:]
    for match in whole.2.matches(of: /([A-Za-z0-9-]+)="([^"]*)"/) {
      if attributes.updateValue(String(match.2), forKey: String(match.1)) != nil {
        faults.append("\(match.1) stands twice in <\(tag.prefix(60))>")
      }
      checkText(String(match.2))
    }
    return Element(name: String(whole.1), attributes: attributes, parent: parent)
  }

  private mutating func checkText(_ text: String) {
    for match in text.matches(of: /&[^;]{0,8};?/)
    where !["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"].contains(String(match.0)) {
      faults.append("an ampersand that is not escaped: \(match.0)")
    }
    if text.unicodeScalars.contains(where: { $0.value < 32 && $0 != "\n" }) {
      faults.append("a control character in '\(text.prefix(40))'")
    }
  }

  // MARK: - Rules

  private mutating func check() {
    var ids: Set<String> = []
    for element in elements {
      if let id = element.attributes["id"], !ids.insert(id).inserted {
        faults.append("two elements are called \(id)")
      }
      for name in element.attributes.keys
      where name.hasPrefix("on") || name == "src" || name == "style" {
        faults.append("<\(element.name)> has \(name)")
      }
    }
    for element in elements {
      for id in (element.attributes["aria-labelledby"] ?? "").split(separator: " ")
      where !ids.contains(String(id)) { faults.append("nothing is called \(id)") }
      switch element.name {
      case "a":
        let target = element.attributes["href"] ?? ""
        if !target.hasPrefix("#") || !ids.contains(String(target.dropFirst())) {
          faults.append("a link leads to \(target)")
        }
      case "script", "img", "link", "iframe", "object", "base", "form":
        faults.append("there is a <\(element.name)>")
      case "svg":
        let isHidden = element.attributes["aria-hidden"] == "true"
        let kinds = element.children.map { elements[$0].name }
        if !isHidden, element.attributes["role"] != "img" || !kinds.starts(with: ["title", "desc"])
        {
          faults.append("a drawing has no words")
        }
      case "table": checkTable(element)
      case "details":
        if element.children.first.map({ elements[$0].name }) != "summary" {
          faults.append("details without a summary")
        }
      case "figure":
        if element.children.first.map({ elements[$0].name }) != "figcaption" {
          faults.append("a figure without a caption")
        }
      case "h1", "h2", "h3", "h4", "th", "caption", "figcaption", "summary":
        if text(of: element).allSatisfy(\.isWhitespace) {
          faults.append("an empty <\(element.name)>")
        }
      default: break
      }
    }
    if all("h1").count != 1 { faults.append("there is not one heading of the page") }
    if all("html").first?.attributes["lang"] == nil { faults.append("the page has no language") }
    if all("title").isEmpty { faults.append("the page has no title") }
  }

  private mutating func checkTable(_ table: Element) {
    let sections = table.children.map { elements[$0] }
    let rows = sections.filter { ["thead", "tbody"].contains($0.name) }
      .flatMap(\.children).map { elements[$0] }
    var width: Int?
    for row in rows {
      let cells = row.children.map { elements[$0] }
      for cell in cells where cell.name == "th" && cell.attributes["scope"] == nil {
        faults.append("a heading without a scope: \(text(of: cell))")
      }
      if cells.first?.name != "th" { faults.append("a row of a table has no heading") }
      let columns = cells.reduce(0) { $0 + (Int($1.attributes["colspan"] ?? "1") ?? 0) }
      if let width, width != columns {
        faults.append("a row of \(columns) cells in a table of \(width)")
      }
      width = width ?? columns
    }
    if sections.count(where: { $0.name == "thead" }) != 1 { faults.append("a table has no head") }
  }
}
