import Foundation

/// What a report says at one state of the results.
package struct ServedPage: Sendable {
  /// A whole document.
  package var html: String
  /// The same boards for programs.
  package var json: String

  package init(html: String, json: String) {
    self.html = html
    self.json = json
  }

  /// The document with what keeps it up to date, which it does without.
  func live(state: String) -> String {
    let script = "<script src=\"/live.js\" data-state=\"\(state)\" defer></script>\n"
    guard let end = html.range(of: "</body>", options: .backwards) else { return html + script }
    return html.replacingCharacters(in: end, with: script + "</body>")
  }
}
