package import Comparison
import Networks

/// The leaderboard for a terminal: a table a benchmark, grouped by ratio, and below it in words what
/// the numbers are, what they cannot say and what went wrong.
package struct TextBoard {
  package var style: Style
  /// Columns of the terminal; nil where the text goes elsewhere and may be as wide as it needs.
  package var width: Int?

  package init(style: Style, width: Int?) {
    self.style = style
    self.width = width
  }

  package func render(_ boards: [Board]) -> String {
    boards.map(render).joined(separator: "\n")
  }

  package func render(_ board: Board) -> String {
    let columns = BoardColumns(board)
    let table = columns.table.rendered(style: style, width: width)
    var text = heading(
      board.benchmark, "\(board.benchmarkSummary); \(printable(board.kernels)) kernels",
      style: style, width: width)
    text += "\n" + table.text + "\n"
    text += SmallestNetworks(board, columns: columns).rendered(style: style, width: width)
    text += footers(of: board, columns: columns, omitted: table.omitted)
    return text
  }

  private func footers(of board: Board, columns: BoardColumns, omitted: [String]) -> String {
    // What is not shown is not spoken of.
    let showsDifferences = columns.differenceTitle.map { !omitted.contains($0) } ?? false
    var lines = LabelledLines()
    lines.add("dense", denseText(board, columns: columns))
    lines.add("test error", board.metric.explanation)
    if let floor = board.noiseFloor {
      lines.add(
        "floor",
        "\(columns.text(floor)) is what the noise in the targets leaves to the best function")
    }
    lines.add("seeds", seedsText(board))
    lines.add(
      "ranks",
      "order the mean test errors of rows of one size: at most 1 % more weights than asked for, and "
        + "at most 10 % fewer, since units go whole; equal errors share a rank")
    if showsDifferences { lines.add("reference", referenceText(board)) }
    if let caution = cautionText(board, showsDifferences: showsDifferences) {
      lines.add("caution", caution)
    }
    lines.add("counting", board.countingRule)
    if let rule = board.trainingRule { lines.add("training", rule) }
    if let rule = board.averageRule, !omitted.contains("over the run") {
      lines.add("over the run", rule)
    }
    lines.add("time", timeText(board))
    for (label, text) in board.remarks + board.publishedRemarks { lines.add(label, text) }
    if !omitted.isEmpty {
      lines.add(
        "not shown",
        "\(omitted.joined(separator: ", ")): the terminal is too narrow; --format json has all")
    }
    return lines.rendered(style: style, width: min(width ?? 100, 100))
  }

  private func denseText(_ board: Board, columns: BoardColumns) -> String {
    guard let dense = board.dense else { return "no dense network could be trained" }
    let validation = columns.text(dense.validation)
    return "\(NumberText.count(dense.counts.weights)) weights, "
      + "\(NumberText.count(dense.counts.parameters)) parameters, "
      + "\(NumberText.short(dense.counts.operations)) FLOPs, "
      + "test error \(columns.text(dense.test)) "
      + (board.validatesOnTraining
        ? "(on the training set, which is all there is for validation, \(validation)), "
        : "(validation \(validation)), ")
      + "trained in \(NumberText.seconds(dense.trainSeconds))"
      + (dense.microseconds.map { ", \(NumberText.significant($0)) µs a sample" } ?? "")
  }

  private func seedsText(_ board: Board) -> String {
    let seeds = board.seeds
    let count =
      seeds == Array(0..<seeds.count) ? "\(seeds.count)" : "\(seeds.count) (\(seedList(seeds)))"
    let courses = Set(board.tables.flatMap(\.rows).compactMap(\.course))
    let whose =
      courses.count > 1 ? "all strategies of a seed and a course" : "all strategies of a seed"
    let start = "\(whose) start from the same weights and see the same batches"
    return seeds.count == 1
      ? "\(count); \(start)"
      : "\(count); \(start); ± is half of Student's 95 % interval of the mean over seeds"
  }

  private func referenceText(_ board: Board) -> String {
    let start =
      "\(printable(board.reference)): differences are test error less its test error on the same "
      + "seeds; ± is half of the 95 % interval "
    guard board.differences > 0 else {
      return start + "over test samples alone: it knows nothing of other seeds, and nothing has a *"
    }
    let source =
      board.metric == .normalisedSquaredError
      ? "over seeds, each of which draws test samples of its own"
      : "over seeds and test samples"
    let correction =
      board.differences == 1
      ? "" : " after Holm's correction for \(board.differences) differences"
    return start + "\(source); * where the difference is significant at 5 %\(correction)"
  }

  private func cautionText(_ board: Board, showsDifferences: Bool) -> String? {
    var sentences: [String] = []
    if board.quick {
      sentences.append(
        "Training was shortened (--quick): good for trying out, not for conclusions.")
    }
    let stars = "Rows without * are not shown to differ from the reference."
    switch board.seeds.count {
    case 1:
      sentences.append(
        "One seed says nothing of the spread: no rank here is a claim. Ask for --seeds 3 or more.")
    case 2..<5:
      sentences.append("With \(board.seeds.count) seeds only large differences show.")
      if showsDifferences { sentences.append(stars) }
    default:
      if showsDifferences { sentences.append(stars) }
    }
    return sentences.isEmpty ? nil : sentences.joined(separator: " ")
  }

  private func timeText(_ board: Board) -> String {
    let start =
      "µs are microseconds a sample in batches of \(TrajectoryPoint.inferenceBatch); speed-up is "
      + "the geometric mean over seeds of dense over pruned time, measured in turns; scoring is all "
      + "the strategy took to decide"
    return board.measured.count == 1 ? "\(start); on \(board.measured[0].text)" : start
  }
}

extension Metric {
  /// What the numbers of a column of errors are, in a sentence's part.
  var explanation: String {
    switch self {
    case .errorPercent: "per cent of test samples put into the wrong class; lower is better"
    case .thresholdErrorPercent:
      "per cent of test samples with an output on the wrong side of one half; lower is better"
    case .normalisedSquaredError:
      "mean squared error on the test set over the variance of its targets; lower is better, 1 is "
        + "no better than their mean"
    }
  }

  var heading: String {
    switch self {
    case .errorPercent, .thresholdErrorPercent: "test error %"
    case .normalisedSquaredError: "test error"
    }
  }
}

/// What the column `effective` counts.
let effectiveRule = "effective are those weights on a live path from an input to an output"

/// What the columns `compact` and `FLOPs` count.
let compactRule =
  "compact is a dense network of the shapes left once units without effect are removed, zeros "
  + "counted; FLOPs take a multiply-add as 2, remaining weights only"

/// What the column `bits` counts.
let bitsRule =
  "bits are those of all live parameters: 1 for a weight of a binary layer; 1 for each weight and 32 "
  + "for the magnitude where those of a unit or of a layer have one, if that is less; and else 32"

extension Board {
  /// Nil where nothing was counted.
  var trainingRule: String? {
    guard tables.flatMap(\.rows).contains(where: { $0.result?.trainingCost != nil }) else {
      return nil
    }
    return "operations of all training and of measuring what strategies read, from the untrained "
      + "network on, over those of training the dense network; all courses are shown as many samples "
      + "before a row, the dense network's included; pruners share its training"
  }

  /// Nil where nothing was measured.
  var averageRule: String? {
    guard tables.flatMap(\.rows).contains(where: { $0.result?.averageError != nil }) else {
      return nil
    }
    return
      "the error on \(validatesOnTraining ? "training" : "validation") samples, averaged over all "
      + "samples shown from the untrained network on: what a run is worth that may be stopped any time"
  }

  var countingRule: String {
    (prunesBiases
      ? "weights and biases count, as in the papers on small networks"
      : "weights count, without biases and batch normalisation")
      + "; \(effectiveRule); \(compactRule)"
      + (tables.flatMap(\.rows).contains { $0.result?.savesBits ?? false } ? "; \(bitsRule)" : "")
  }
}
