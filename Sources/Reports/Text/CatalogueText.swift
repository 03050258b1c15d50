package import Comparison
import Datasets
package import Networks
package import PluginHost

/// What there is to compare and on what: what `list` and `info` print.
package struct CatalogueText {
  package var style: Style
  /// Columns of the terminal; nil where the text goes elsewhere.
  package var width: Int?

  package init(style: Style, width: Int?) {
    self.style = style
    self.width = width
  }

  var lineWidth: Int { min(width ?? 100, 100) }

  /// All benchmarks and strategies, a line each.
  ///
  /// - Parameter sizes: The counts of each benchmark's dense network, by benchmark name.
  package func list(
    benchmarks: [Benchmark], sizes: [String: Counts], strategies: [StrategyEntry]
  ) -> String {
    var networks = TextTable(columns: [
      .init(title: "benchmark", alignment: .left), .init(title: "weights", alignment: .right),
      .init(title: "parameters", alignment: .right), .init(title: "FLOPs", alignment: .right),
      .init(title: "task and network", alignment: .left),
    ])
    for benchmark in benchmarks {
      let counts = sizes[benchmark.name]
      networks.lines.append(
        .cells([
          .init(benchmark.name, .strong),
          .init(counts.map { NumberText.count($0.weights) } ?? NumberText.none),
          .init(counts.map { NumberText.count($0.parameters) } ?? NumberText.none),
          .init(counts.map { NumberText.short($0.operations) } ?? NumberText.none),
          .init(benchmark.summary),
        ]))
    }
    var entrants = TextTable(columns: [
      .init(title: "strategy", alignment: .left), .init(title: "origin", alignment: .left),
      .init(title: "what it does", alignment: .left),
    ])
    for strategy in strategies {
      entrants.lines.append(
        .cells([
          .init(printable(strategy.id), .strong), .init(strategy.origin.word),
          .init(printable(strategy.summary)),
        ]))
    }
    return networks.rendered(style: style, width: nil).text + "\n"
      + entrants.rendered(style: style, width: nil).text
      + "\nworkbench info NAME says more of each.\n"
      + "A C function is a strategy, too, such as 'libm.so.6:fabs(weight)': workbench info ffi.\n"
  }

  /// Everything a strategy says of itself.
  package func info(_ strategy: StrategyEntry) -> String {
    var lines = LabelledLines()
    lines.add("name", printable(strategy.name))
    lines.add("does", printable(strategy.summary))
    lines.add("source", printable(strategy.citation))
    lines.add("version", printable(strategy.version))
    switch strategy.origin {
    case .builtIn: lines.add("origin", "built in")
    case .plugin(let path, _, _): lines.add("origin", "plugin \(printable(path))")
    case .function(let path, _, _): lines.add("origin", "function of \(printable(path))")
    }
    if let library = strategy.origin.library {
      lines.add("SHA-256", library.sha256)
      for (name, digest) in library.libraries.sorted(by: { $0.key < $1.key }) {
        lines.add("links to", "\(printable(name)), SHA-256 \(digest)")
      }
    }
    lines.add("course", strategy.course.rawValue + ", " + strategy.course.meaning)
    lines.add(
      "scores",
      strategy.granularity.rawValue + (strategy.scoresAreLocal ? ", by layer" : "")
        + (strategy.scoresAreLosses ? ", by the rise of the loss that is expected" : ""))
    lines.add("reads", list(strategy.reads))
    lines.add("proposes", list(strategy.emits))
    let needs =
      (strategy.needsConvolutions ? ["convolutions"] : [])
      + (strategy.needsBlocks ? ["residual blocks"] : [])
    lines.add("needs", needs.isEmpty ? "any network" : "a network with " + list(needs))
    var text = style.apply(.strong, to: printable(strategy.id)) + "\n"
    text += lines.rendered(style: style, width: lineWidth)
    guard !strategy.options.isEmpty || strategy.takesPattern else {
      return text + "\nno parameters\n"
    }
    var table = TextTable(columns: [
      .init(title: "parameter", alignment: .left), .init(title: "default", alignment: .left),
      .init(title: "values", alignment: .left), .init(title: "meaning", alignment: .left),
    ])
    for option in strategy.options {
      table.lines.append(
        .cells([
          .init(printable(option.name), .strong), .init(printable(option.initialText)),
          .init(printable(option.kind.valuesText)), .init(printable(option.summary)),
        ]))
    }
    if strategy.takesPattern {
      table.lines.append(
        .cells([
          .init(MaskPattern.parameter, .strong), .init("none"), .init("N:M"),
          .init("N live weights among each M of a unit's row, as in 2:4; the host sees to it"),
        ]))
    }
    text += "\n" + table.rendered(style: style, width: nil).text
    if let option = strategy.options.first {
      text +=
        "\nGiven in brackets: --strategies "
        + "'\(printable(strategy.id))[\(printable(option.name))="
        + "\(printable(option.initialText))]'\n"
    }
    return text
  }

  /// How a network is written, by an example.
  package func network(of name: String) -> String {
    let example = Benchmark.catalogue.first { $0.name == name }?.structure ?? ""
    return """
      A network is a text: a line a layer, which reads the line before unless 'from' names others.

      \(Operation.usages.map { "  " + $0 }.joined(separator: "\n"))

      NAME: before an operation names it; what follows a # is passed over. That of \(name):

      \(example.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))

      """
  }

  private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

  /// A longer network is cut off.
  private static let mostLayers = 20

  private func add(_ folder: DataFolder, to lines: inout LabelledLines) {
    lines.add("data", "\(printable(folder.path)), \(folder.form.rawValue)")
    let classes = folder.classes.map { classes in
      let shown = classes.prefix(12).map { printable($0) }.joined(separator: ", ")
      return "\(classes.count) classes: \(shown)" + (classes.count > 12 ? " …" : "")
    }
    let target = folder.target.map { "'\(printable($0))', " } ?? ""
    lines.add("target", target + (classes ?? "a number, brought to mean 0 and deviation 1"))
    let test =
      folder.testShare > 0
      ? "\(percent(folder.testShare)) of all samples, drawn once"
      : "files of their own"
    lines.add(
      "splits",
      "\(folder.counts.map(NumberText.count).joined(separator: " samples to train on, and ")) to test on (\(test)); "
        + "\(percent(folder.validationShare)) of the former are held out for validation, drawn by the seed"
    )
    lines.add(
      "scaling",
      folder.scaling == .none
        ? "none"
        : folder.scaling == .unit
          ? "0 to 1, by the training samples" : "mean 0 and deviation 1, by the training samples")
  }

  /// A benchmark's task, network, ratios and budgets of training.
  package func info(_ benchmark: Benchmark, counts: Counts) -> String {
    var lines = LabelledLines()
    lines.add("task", benchmark.summary)
    lines.add("error", benchmark.metric.explanation)
    lines.add(
      "network",
      "\(NumberText.count(counts.weights)) weights, \(NumberText.count(counts.parameters)) "
        + "parameters, \(NumberText.short(counts.operations)) FLOPs a sample")
    lines.add(
      "counting",
      benchmark.prunesBiases
        ? "weights and biases" : "weights without biases and batch normalisation"
    )
    lines.add("ratios", benchmark.ratios.map(NumberText.ratio).joined(separator: " "))
    lines.add(
      "training",
      "\(epochs(benchmark.recipes.dense)) epochs dense, \(epochs(benchmark.recipes.fineTune)) a "
        + "round of pruning; with --quick \(epochs(benchmark.quickRecipes.dense)) and "
        + "\(epochs(benchmark.quickRecipes.fineTune))")
    let layers = benchmark.structure.split(separator: "\n")
    for (index, line) in layers.prefix(Self.mostLayers).enumerated() {
      lines.add(index == 0 ? "layers" : "", String(line))
    }
    if layers.count > Self.mostLayers {
      lines.add(
        "",
        "… \(layers.count - Self.mostLayers) more: 'workbench benchmark \(benchmark.name) --to FILE' writes all"
      )
    }
    if let folder = benchmark.data.folder { add(folder, to: &lines) }
    lines.add("rounds", benchmark.rounds.ratios.map(NumberText.ratio).joined(separator: " "))
    lines.add(
      "measuring",
      "strategies measure on \(NumberText.count(benchmark.measurementSamples)) training samples")
    if let planted = benchmark.planted {
      lines.add(
        "planted",
        "\(planted.deadInputs.count) inputs that decide nothing, \(planted.surplusUnits) hidden "
          + "units too many")
    }
    return style.apply(.strong, to: benchmark.name) + "\n"
      + lines.rendered(style: style, width: lineWidth)
  }

  private func epochs(_ recipe: TrainingRecipe) -> String {
    NumberText.plain(recipe.epochs)
  }

  private func list(_ words: [String]) -> String {
    words.isEmpty ? "nothing" : words.map(printable).joined(separator: ", ")
  }
}

extension StrategyEntry.Course {
  fileprivate var meaning: String {
    switch self {
    case .prune: "from the trained dense network through all budgets"
    case .grow: "from the untrained seed network up to each budget"
    case .sparse: "from the untrained dense network at each budget"
    case .free: "from the untrained seed network to a size of its own"
    }
  }
}

extension StrategyEntry.Origin {
  fileprivate var word: String {
    switch self {
    case .builtIn: "built in"
    case .plugin: "plugin"
    case .function: "function"
    }
  }
}

extension StrategyOption.Kind {
  fileprivate var valuesText: String {
    switch self {
    case .number(_, let minimum, let maximum):
      "\(NumberText.plain(minimum)) … \(NumberText.plain(maximum))"
    case .choice(_, let words): words.joined(separator: " | ")
    case .text: "text"
    }
  }
}
