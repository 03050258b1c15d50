package import PluginHost

/// What `check` prints: of each test a line, of a failed one what was done, what came of it, and the rule.
package struct ConformanceText {
  private let style: Style
  private let width: Int
  private static let names = ConformanceTest.all.map(\.name.count).max() ?? 0
  private static let indent = "           "

  /// - Parameters:
  ///   - style: Whether there are colours.
  ///   - width: Columns of the terminal; nil where the text goes elsewhere.
  package init(style: Style, width: Int?) {
    self.style = style
    self.width = min(width ?? 100, 100)
  }

  /// All tests there are, a line each.
  package func list(_ tests: [ConformanceTest]) -> String {
    var table = TextTable(columns: [
      .init(title: "test", alignment: .left), .init(title: "rules", alignment: .left),
      .init(title: "what it holds a library to", alignment: .left),
    ])
    table.lines = tests.map { test in
      .cells([.init(test.name, .strong), .init(Self.rules(of: test)), .init(test.sentence)])
    }
    return table.rendered(style: style, width: nil).text
  }

  /// What stands above the results of a strategy, or of the library itself.
  package func heading(_ strategy: String?) -> String {
    style.apply(.strong, to: strategy.map(printable) ?? "the library") + "\n"
  }

  package func line(_ result: ConformanceResult) -> String {
    let (word, emphasis): (String, Emphasis) =
      switch result.verdict {
      case .passed: ("passed ", .good)
      case .failed: ("failed ", .bad)
      case .skipped: ("skipped", .faint)
      }
    let name = result.test.name.padding(to: Self.names)
    let rules = Self.rules(of: result.test).padding(to: 8)
    let time = NumberText.fixed(result.seconds, decimals: 2) + " s"
    var text = "  \(style.apply(emphasis, to: word))  \(name)  \(rules)  \(time)"
    guard result.verdict == .failed else {
      return text + (result.found.isEmpty ? "" : "  " + printable(result.found)) + "\n"
    }
    text += "\n"
    text += labelled("did", printable(result.did)) + labelled("found", printable(result.found))
    for rule in result.test.rules { text += labelled("rule", "\(rule.id): \(rule.sentence)") }
    if !result.printed.isEmpty { text += labelled("printed", printable(result.printed)) }
    return text
  }

  package func summary(_ results: [ConformanceResult]) -> String {
    func count(_ verdict: ConformanceResult.Verdict) -> Int {
      results.count { $0.verdict == verdict }
    }
    let failed = count(.failed)
    let text =
      "\(results.count) tests: \(count(.passed)) passed, \(count(.skipped)) had nothing to test, "
      + "\(failed) failed"
    return "\n" + style.apply(failed == 0 ? .good : .bad, to: text) + "\n"
  }

  private func labelled(_ label: String, _ text: String) -> String {
    let label = (label + ":").padding(to: 9)
    let lines = wrapped(text, width: max(30, width - Self.indent.count - label.count))
    return lines.enumerated().map { index, line in
      Self.indent + (index == 0 ? label : String(repeating: " ", count: label.count)) + line + "\n"
    }.joined()
  }

  private static func rules(of test: ConformanceTest) -> String {
    test.rules.map(\.id).joined(separator: " ")
  }
}

extension String {
  fileprivate func padding(to count: Int) -> String {
    self + String(repeating: " ", count: max(0, count - self.count))
  }
}

/// The same for other programs.
package func conformanceJSON(
  _ results: [ConformanceResult], of library: String
) throws -> String {
  try JSON.object([
    "library": .string(library),
    "failed": .integer(results.count { $0.verdict == .failed }),
    "tests": .array(
      results.map { result in
        .object([
          "test": .string(result.test.name),
          "rules": .array(result.test.rules.map { .string($0.id) }),
          "sentence": .string(result.test.sentence),
          "strategy": JSON(result.strategy),
          "verdict": .string(result.verdict.rawValue),
          "did": .string(result.did),
          "found": .string(result.found),
          "printed": .string(result.printed),
          "seconds": .number(result.seconds),
        ])
      }),
  ]).text()
}
