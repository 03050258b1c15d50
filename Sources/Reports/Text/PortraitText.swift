package import Comparison
import Networks

/// What a network is: its operations, shapes and counts, and where it comes from.
package struct PortraitText {
  package var style: Style
  package var width: Int?

  package init(style: Style, width: Int?) {
    self.style = style
    self.width = width
  }

  /// - Parameter name: What the network was asked for by.
  package func render(_ portrait: Portrait, name: String) -> String {
    let network = portrait.network
    let widths = portrait.nodes.compactMap(\.parameters?.units).map(String.init)
    var text = heading(
      printable(name),
      "\(portrait.nodes.first.map { "\($0.shape)" } ?? "") → \(widths.joined(separator: "-"))",
      style: style, width: width)
    text += "\n" + table(portrait).rendered(style: style, width: width).text + "\n"
    let (counts, effective) = (network.counts, portrait.effective)
    var lines = LabelledLines()
    lines.add(
      "counts",
      "\(NumberText.count(counts.weights)) live weights of \(NumberText.count(portrait.allWeights)) "
        + "(\(NumberText.share(counts.weights, of: portrait.allWeights))), "
        + "\(NumberText.count(counts.parameters)) live parameters, "
        + "\(NumberText.short(counts.operations)) FLOPs"
        + (network.prunesBiases ? "; biases count as weights" : ""))
    lines.add(
      "effective",
      "\(NumberText.count(effective.weights)) of the live weights lie on a live path from an input to an "
        + "output")
    if !network.frozen.isEmpty {
      lines.add(
        "frozen", "\(NumberText.count(network.frozen.count { $0 })) parameters are not trained")
    }
    if let result = portrait.result {
      for statement in Lineage(result).statements { lines.add(statement.label, statement.text) }
    } else if portrait.lineage.isEmpty {
      lines.add("lineage", "nothing is stored with the file")
    } else {
      lines.add(
        portrait.lineage.sorted { $0.key < $1.key }.map {
          Statement(label: "lineage", text: printable("\($0.key): \($0.value)"))
        })
    }
    return text + lines.rendered(style: style, width: min(width ?? 100, 100))
  }

  private func table(_ portrait: Portrait) -> TextTable {
    var table = TextTable(columns: [
      .init(title: "layer", alignment: .left, narrowest: 8),
      .init(title: "operation", alignment: .left),
      .init(title: "reads", alignment: .left, dispensability: 1, narrowest: 8),
      .init(title: "shape", alignment: .left), .init(title: "weights", alignment: .right),
      .init(title: "live", alignment: .right), .init(title: "density", alignment: .right),
      .init(title: "biases", alignment: .right, dispensability: 2),
    ])
    for node in portrait.nodes {
      let parameters = node.parameters
      let inputs = node.inputs.map(printable).joined(separator: ", ")
      let density = parameters.map { NumberText.share($0.liveWeights, of: $0.weights) } ?? ""
      let texts: [String] = [
        printable(node.name), node.kind, inputs, "\(node.shape)",
        parameters.map { NumberText.count($0.weights) } ?? "",
        parameters.map { NumberText.count($0.liveWeights) } ?? "", density,
        parameters.map(Self.biases) ?? "",
      ]
      table.lines.append(.cells(texts.map { .init($0) }))
    }
    return table
  }

  private static func biases(_ parameters: Portrait.Parameters) -> String {
    guard parameters.biases > 0 else { return "" }
    return parameters.liveBiases == parameters.biases
      ? "\(parameters.biases)" : "\(parameters.liveBiases) of \(parameters.biases)"
  }
}

extension NumberText {
  /// A part of a whole in per cent; of small parts the digits that say how small.
  static func share(_ part: Int, of whole: Int) -> String {
    guard whole > 0 else { return none }
    let percent = 100 * Double(part) / Double(whole)
    return fixed(percent, decimals: percent >= 99.95 ? 0 : percent >= 9.95 ? 1 : 2) + " %"
  }
}

/// Where a network comes from.
struct Lineage {
  let result: CellResult

  init(_ result: CellResult) { self.result = result }

  var statements: [Statement] {
    let key = result.key
    var statements: [Statement] = []
    func add(_ label: String, _ text: String?) {
      if let text { statements.append(Statement(label: label, text: printable(text))) }
    }
    add(
      "benchmark",
      "\(key.benchmark), version \(key.benchmarkVersion)"
        + (key.quick ? ", shortened training" : "")
        + (key.benchmarkSHA256.map { ", digest \($0)" } ?? ""))
    add(
      "strategy",
      key.isDense
        ? "none: trained whole"
        : key.strategyText + (key.strategyVersion.isEmpty ? "" : ", version \(key.strategyVersion)")
    )
    add("library", key.pluginSHA256.map { "digest \($0)" })
    add("seed", "\(key.replicate)")
    add(
      "ratio",
      result.points.last.map { point in
        "\(NumberText.ratio(point.ratioRequested)) asked for, "
          + "\(NumberText.fixed(point.ratioAchieved, decimals: 2))× reached; test error "
          + NumberText.significant(point.test.error)
      })
    add("started from", result.startSHA256.map { "the dense network with digest \($0)" })
    add("structures", result.structuresSHA256.map { "of another cell, digest \($0)" })
    add("file", result.files[Store.modelName].map { "digest \($0)" })
    add(
      "computed",
      result.provenance.map {
        "by workbench \($0.program), protocol \(key.protocolVersion), \(key.kernels) kernels, on "
          + "\($0.machine.processor)"
      })
    if result.status != .done {
      add(result.status.rawValue, result.reason ?? "no reason was given")
    }
    return statements
  }
}
