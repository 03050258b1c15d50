/// A piece of a page. Its texts and the values of its attributes are escaped where they are put in: there
/// is no other way to put them in, and so nothing that a stranger says becomes markup.
struct HTML: Sendable {
  private let source: String

  private init(source: String) { self.source = source }

  static func text(_ text: String) -> HTML { HTML(source: escaped(text)) }

  static func group(_ parts: [HTML]) -> HTML { HTML(source: parts.map(\.source).joined()) }

  static let nothing = HTML(source: "")

  static func element(
    _ name: ElementName, _ attributes: [Attribute] = [], _ content: HTML...
  ) -> HTML {
    element(name, attributes, content)
  }

  static func element(
    _ name: ElementName, _ attributes: [Attribute] = [], _ content: [HTML]
  ) -> HTML {
    let start = "<" + name.rawValue + attributes.map(\.written).joined()
    if name.isVoid { return HTML(source: start + ">") }
    return HTML(
      source: start + ">" + content.map(\.source).joined() + "</" + name.rawValue + ">"
        + (name.endsLine ? "\n" : ""))
  }

  /// The rules of a page's looks, which are the program's own.
  static func stylesheet(_ rules: StaticString) -> HTML {
    HTML(source: "<style>\n\(rules)\n</style>\n")
  }

  /// A whole page.
  static func page(head: [HTML], body: [HTML]) -> String {
    "<!DOCTYPE html>\n"
      + element(.html, [.init(.lang, "en")], element(.head, [], head), element(.body, [], body))
      .source
  }

  fileprivate static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in printable(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Those that pages of ours have. None of them runs or fetches anything.
  enum ElementName: String {
    case html, head, meta, title, body, header, main, nav, footer, section, h1, h2, h3, h4, p, ul,
      ol
    case li, a, table, caption, thead, tbody, tr, th, td, div, span, strong, dl, dt, dd, figure
    case figcaption, details, summary, svg, g, path, line, rect, circle, text, desc, code

    fileprivate var isVoid: Bool { self == .meta }

    fileprivate var endsLine: Bool {
      switch self {
      case .title, .span, .strong, .a, .text, .desc, .td, .th, .code: false
      default: true
      }
    }
  }

  struct Attribute {
    /// None of them names a script or an address.
    enum Name: String {
      case lang, charset, name, content, id, scope, colspan, role, tabindex, viewBox, width, height,
        d
      case x, y, x1, y1, x2, y2, cx, cy, r, transform
      case `class`
      case textAnchor = "text-anchor"
      case labelledBy = "aria-labelledby"
      case label = "aria-label"
      case hidden = "aria-hidden"
      case policy = "http-equiv"
    }

    private let name: String
    private let value: String

    private init(name: String, value: String) {
      self.name = name
      self.value = value
    }

    init(_ name: Name, _ value: String) { self.init(name: name.rawValue, value: value) }

    init(_ name: Name, _ value: Double) { self.init(name, HTML.number(value)) }
    init(_ name: Name, _ value: Int) { self.init(name, String(value)) }

    /// To a place of the same page.
    static func link(to id: String) -> Attribute { Attribute(name: "href", value: "#" + id) }

    fileprivate var written: String { " \(name)=\"\(HTML.escaped(value))\"" }
  }

  /// A length or a place in a drawing, to a hundredth.
  static func number(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e7 else { return "0" }
    var text = DecimalText.fixed(value, decimals: 2)
    while text.contains("."), let last = text.last, last == "0" || last == "." {
      text.removeLast()
      if last == "." { break }
    }
    return text
  }
}
