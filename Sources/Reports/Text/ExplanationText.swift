package import Comparison
import Networks
import PluginHost

/// What went and came in each layer, when, by which scores, and what that was expected to do.
package struct ExplanationText {
  package var style: Style
  package var width: Int?

  package init(style: Style, width: Int?) {
    self.style = style
    self.width = width
  }

  /// Of more rows than twice as many those in the middle are left out: JSON has all.
  private static let ends = 12

  package func render(_ explanation: Explanation) -> String {
    let key = explanation.result.key
    var text = heading(
      printable(key.strategyText), "on \(printable(key.benchmark)), seed \(key.replicate)",
      style: style, width: width)
    let rounds = explanation.rounds
    guard !rounds.isEmpty else {
      return text + "\nNothing is known of what it changed: no round was recorded.\n"
        + status(explanation)
    }
    text += "\n" + roundsTable(rounds) + "\n"
    for layer in explanation.layers { text += layerTable(layer, rounds) + "\n" }
    var lines = LabelledLines()
    lines.add(
      "rounds",
      "samples shown before, the dense network's included; edits in connections, units or layers; the least, "
        + "mean and largest score; the change of the training loss that was expected and the one that "
        + "surgery made, before any training")
    lines.add(
      "layers",
      "live weights before and after, what went and what came of them in sum, and the share that is left of the "
        + "dense network's layer; between rounds weights without effect are masked")
    return text + lines.rendered(style: style, width: min(width ?? 100, 100)) + status(explanation)
  }

  private func status(_ explanation: Explanation) -> String {
    let result = explanation.result
    guard result.status != .done else { return "" }
    return wrapped(
      "\(result.status.rawValue): \(printable(result.reason ?? "no reason was given"))",
      width: min(width ?? 100, 100)
    ).map { $0 + "\n" }.joined()
  }

  private func roundsTable(_ rounds: [RoundRecord]) -> String {
    var table = TextTable(columns: [
      .init(title: "round", alignment: .right), .init(title: "samples", alignment: .right),
      .init(title: "weights", alignment: .right), .init(title: "edits", alignment: .left),
      .init(title: "scores", alignment: .left, dispensability: 2),
      .init(title: "predicted", alignment: .right, dispensability: 1),
      .init(title: "measured", alignment: .right, dispensability: 1),
    ])
    for place in shown(rounds.count, in: &table) {
      let round = rounds[place]
      let weights = "\(NumberText.count(round.weightsBefore)) → \(NumberText.count(round.weights))"
      let predicted = round.proposal.predictedLossChange.map(NumberText.signedAnySize) ?? ""
      let measured = round.measuredLossChange.map(NumberText.signedAnySize) ?? ""
      let texts: [String] = [
        "\(place + 1)", NumberText.short(round.samples), weights, Self.edits(of: round),
        Self.scores(of: round), predicted, measured,
      ]
      table.lines.append(.cells(texts.map { .init($0) }))
      for note in round.proposal.notes ?? [] { table.lines.append(.note(printable(note))) }
      addGap(after: place, of: rounds.count, to: &table)
    }
    return table.rendered(style: style, width: width).text
  }

  private static func edits(of round: RoundRecord) -> String {
    let edits = Edit.Kind.allCases.compactMap { kind in
      round.proposal.edits[kind].map { "\(kind.rawValue) \(NumberText.count($0))" }
    }
    return edits.isEmpty ? "weights without effect masked" : edits.joined(separator: ", ")
  }

  private static func scores(of round: RoundRecord) -> String {
    guard let scores = round.proposal.scores else { return "" }
    return [scores.least, scores.mean, scores.largest].map(NumberText.anySize)
      .joined(separator: " ")
  }

  private func layerTable(_ layer: Explanation.Layer, _ rounds: [RoundRecord]) -> String {
    var text = style.apply(.strong, to: printable(layer.name))
    text +=
      layer.dense.map { "  of \(NumberText.count($0)) weights" } ?? "  not in the dense network"
    guard !layer.changes.isEmpty else { return text + ": never changed\n" }
    var table = TextTable(columns: [
      .init(title: "round", alignment: .right), .init(title: "samples", alignment: .right),
      .init(title: "weights", alignment: .right), .init(title: "went", alignment: .right),
      .init(title: "came", alignment: .right), .init(title: "left", alignment: .right),
      .init(title: "units", alignment: .right),
    ])
    let changes = layer.changes
    for place in shown(changes.count, in: &table) {
      let change = changes[place]
      let difference = change.weightsBefore.map { change.weights - $0 } ?? 0
      let before = change.weightsBefore.map { NumberText.count($0) + " → " } ?? ""
      let unitsBefore = change.unitsBefore.flatMap { $0 == change.units ? nil : "\($0) → " } ?? ""
      let texts: [String] = [
        "\(change.round + 1)", NumberText.short(rounds[change.round].samples),
        before + NumberText.count(change.weights),
        difference < 0 ? NumberText.count(-difference) : "",
        difference > 0 ? NumberText.count(difference) : "",
        layer.dense.map { NumberText.share(change.weights, of: $0) } ?? "",
        unitsBefore + "\(change.units)",
      ]
      table.lines.append(.cells(texts.map { .init($0) }))
      addGap(after: place, of: changes.count, to: &table)
    }
    return text + "\n" + table.rendered(style: style, width: width).text
  }

  /// The places of the rows that are shown.
  private func shown(_ count: Int, in table: inout TextTable) -> [Int] {
    count <= 2 * Self.ends + 1
      ? Array(0..<count) : Array(0..<Self.ends) + Array(count - Self.ends..<count)
  }

  private func addGap(after place: Int, of count: Int, to table: inout TextTable) {
    guard count > 2 * Self.ends + 1, place == Self.ends - 1 else { return }
    table.lines.append(.note("… \(count - 2 * Self.ends) more; --format json has them"))
  }
}
