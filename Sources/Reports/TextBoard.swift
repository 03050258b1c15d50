package import Comparison
import Networks

/// The leaderboard for a terminal: a table a benchmark, grouped by ratio, and below it in words what
/// the numbers are, what they cannot say and what went wrong.
package struct TextBoard {
  package var style: Style
  /// Columns of the terminal; nil where the text goes elsewhere and may be as wide as it needs.
  package var width: Int?
  /// What the times were measured on.
  package var machine: Machine

  package init(style: Style, width: Int?, machine: Machine) {
    self.style = style
    self.width = width
    self.machine = machine
  }

  package func render(_ boards: [Board]) -> String {
    boards.map(render).joined(separator: "\n")
  }

  package func render(_ board: Board) -> String {
    let columns = BoardColumns(board)
    let table = columns.table.rendered(style: style, width: width)
    var text = style.apply(.strong, to: board.benchmark) + "  " + board.benchmarkSummary + "\n\n"
    text += table.text + "\n"
    text += footers(of: board, columns: columns, omitted: table.omitted)
    return text
  }

  private func footers(of board: Board, columns: BoardColumns, omitted: [String]) -> String {
    var lines = LabelledLines()
    lines.add("dense", denseText(board, columns: columns))
    lines.add("test error", board.metric.explanation)
    lines.add("seeds", seedsText(board))
    if columns.showsDifference {
      lines.add(
        "reference",
        "\(printable(board.reference)): differences are test error less its test error on the same "
          + "seeds, with a 95 % interval; * where the interval excludes 0")
    }
    lines.add("caution", cautionText(board, differences: columns.differences))
    lines.add("counting", board.countingRule)
    lines.add(
      "time",
      "microseconds a sample in batches of \(TrajectoryPoint.inferenceBatch), dense → pruned; "
        + "scoring is all the strategy took to decide; on \(printable(machine.processor)), "
        + "\(machine.cores) cores")
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
    return "\(NumberText.count(dense.counts.weights)) weights, "
      + "\(NumberText.count(dense.counts.parameters)) parameters, "
      + "\(NumberText.short(dense.counts.operations)) FLOPs, "
      + "test error \(columns.text(dense.test)) (validation \(columns.text(dense.validation))), "
      + "trained in \(NumberText.seconds(dense.trainSeconds))"
  }

  private func seedsText(_ board: Board) -> String {
    let start = "all strategies of a seed start from the same weights and see the same batches"
    return board.replicates == 1
      ? "1; \(start)"
      : "\(board.replicates); \(start); ± is half of Student's 95 % interval of the mean"
  }

  private func cautionText(_ board: Board, differences: Int) -> String {
    var sentences: [String] = []
    if board.quick {
      sentences.append(
        "Training was shortened (--quick): good for trying out, not for conclusions.")
    }
    switch board.replicates {
    case 1:
      sentences.append(
        "One seed says nothing of the spread: no rank here is a claim. Ask for --seeds 3 or more.")
    case 2..<5:
      sentences.append(
        "With \(board.replicates) seeds only large differences show: ranks order the means, and "
          + "rows without * cannot be told from the reference.")
    default:
      sentences.append("Ranks order the means; rows without * cannot be told from the reference.")
    }
    if board.replicates > 1, differences > 1 {
      sentences.append(
        "Of \(differences) differences, about one in twenty has a * by chance alone.")
    }
    return sentences.joined(separator: " ")
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

/// What the columns `compact` and `FLOPs` count.
let compactRule =
  "compact is a dense network of the shapes left once units without effect are removed, zeros "
  + "counted; FLOPs take a multiply-add as 2, remaining weights only"

extension Board {
  var countingRule: String {
    (prunesBiases
      ? "weights and biases count, as in the papers on small networks"
      : "weights count, without biases and batch normalisation")
      + "; \(compactRule)"
  }
}
