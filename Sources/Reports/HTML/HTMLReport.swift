import Comparison

/// Boards as one page that needs nothing else: no network, no script, no file beside it.
package struct HTMLReport {
  private let version: String
  private let protocolVersion: Int
  private let policy: String

  /// - Parameters:
  ///   - version: Of the program.
  ///   - protocolVersion: Of how cells are run.
  ///   - isServed: Whether a server of its own may give it a script; by itself a page fetches and runs nothing,
  ///     whatever stood in it.
  package init(version: String, protocolVersion: Int, isServed: Bool = false) {
    self.version = version
    policy =
      "default-src 'none'; style-src 'unsafe-inline'"
      + (isServed ? "; script-src 'self'; connect-src 'self'" : "")
    self.protocolVersion = protocolVersion
  }

  package func render(_ boards: [ToldBoard]) -> String {
    let names = boards.map { printable($0.board.benchmark) }
    let title = "Workbench: " + names.joined(separator: ", ")
    let sections = boards.enumerated().map { place, told in
      BoardSection(told, id: "board-\(place + 1)").html
    }
    return HTML.page(
      head: [
        .element(.meta, [.init(.charset, "utf-8")]),
        .element(
          .meta,
          [.init(.name, "viewport"), .init(.content, "width=device-width, initial-scale=1")]),
        .element(
          .meta, [.init(.policy, "Content-Security-Policy"), .init(.content, policy)]),
        .element(.title, [], .text(title)), .looks,
      ],
      body: [
        .element(
          .header, [], .element(.h1, [], .text("Strategies held against each other")),
          .element(
            .p, [.init(.class, "soft")],
            .text(
              "Every strategy of a board had the same trained networks, the same batches and the same "
                + "budget.")),
          contents(boards)),
        .element(.main, [], sections),
        footer(boards),
      ])
  }

  private func contents(_ boards: [ToldBoard]) -> HTML {
    guard boards.count > 1 else { return .nothing }
    let links = boards.enumerated().map { place, told in
      HTML.element(
        .li, [],
        .element(
          .a, [.link(to: "board-\(place + 1)")], .text(BoardSection.title(told.board))))
    }
    return .element(.nav, [.init(.label, "boards")], .element(.ul, [], links))
  }

  private func footer(_ boards: [ToldBoard]) -> HTML {
    var settings: [String] = []
    for measured in boards.flatMap(\.board.measured) where !settings.contains(measured.text) {
      settings.append(measured.text)
    }
    let systems = Set(boards.flatMap(\.board.measured).compactMap(\.setting?.machine.system))
    let statements =
      [Statement(label: "program", text: "workbench \(version), protocol \(protocolVersion)")]
      + settings.map { Statement(label: "measured on", text: $0) }
      + systems.sorted().map { Statement(label: "system", text: $0) }
      + [
        Statement(
          label: "intervals",
          text:
            "95 %, Student's over seeds; of differences over seeds and, where they share them, over "
            + "test samples"),
        Statement(
          label: "significance",
          text: "5 %, after Holm's correction over the differences of a board"),
        Statement(
          label: "operations", text: "a multiply-add counts as 2, of remaining weights only"),
        Statement(
          label: "inference",
          text: "in batches of \(TrajectoryPoint.inferenceBatch), dense and pruned network in turns"
        ),
      ]
    return .element(
      .footer, [], .element(.h2, [], .text("Machine and protocol")),
      StatementList(statements).html)
  }
}

/// Statements as a list of terms: those of one label below each other.
struct StatementList {
  private let statements: [Statement]

  init(_ statements: [Statement]) { self.statements = statements }

  var html: HTML {
    guard !statements.isEmpty else { return .nothing }
    return .element(
      .dl, [],
      statements.enumerated().map { place, statement in
        // A term may have several descriptions.
        let isRepeated = place > 0 && statements[place - 1].label == statement.label
        return .group([
          isRepeated ? .nothing : .element(.dt, [], .text(statement.label)),
          .element(.dd, [], .text(statement.text)),
        ])
      })
  }
}
