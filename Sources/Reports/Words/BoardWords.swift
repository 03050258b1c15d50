import Comparison
import Networks

/// What a board's numbers are and what they cannot say, in plain sentences.
struct BoardWords {
  let board: Board
  let columns: BoardColumns

  init(_ board: Board, columns: BoardColumns) {
    self.board = board
    self.columns = columns
  }

  /// - Parameter omitted: Titles of columns that are not shown: what is not shown is not spoken of.
  func statements(omitting omitted: [String] = []) -> [Statement] {
    let showsDifferences = columns.differenceTitle.map { !omitted.contains($0) } ?? false
    var statements: [Statement] = []
    func add(_ label: String, _ text: String?) {
      if let text { statements.append(Statement(label: label, text: text)) }
    }
    add("dense", denseText)
    add("test error", board.metric.explanation)
    add(
      "floor",
      board.noiseFloor.map {
        "\(columns.text($0)) is what the noise in the targets leaves to the best function"
      })
    add("seeds", seedsText)
    add(
      "ranks",
      "order the mean test errors of rows of one size: at most 1 % more weights than asked for, and "
        + "at most 10 % fewer, since units go whole; equal errors share a rank")
    if showsDifferences { add("reference", referenceText) }
    add("caution", cautionText(showsDifferences: showsDifferences))
    add("counting", board.countingRule)
    add("training", board.trainingRule)
    if !omitted.contains("over the run") { add("over the run", board.averageRule) }
    add("time", timeText)
    add("onnxruntime", runtimeText)
    return statements
  }

  private var denseText: String {
    guard let dense = board.dense else { return "no dense network could be trained" }
    let validation = columns.text(dense.validation)
    return "\(NumberText.count(dense.counts.weights)) weights, "
      + "\(NumberText.count(dense.counts.parameters)) parameters, "
      + "\(NumberText.short(dense.counts.operations)) FLOPs, "
      + "test error \(columns.text(dense.test)) "
      + (board.validatesOnTraining
        ? "(on the training set, which is all there is for validation, \(validation)), "
        : "(validation \(validation)), ")
      + (dense.trainSeconds > 0
        ? "trained in \(NumberText.seconds(dense.trainSeconds))" : "trained elsewhere")
      + (dense.microseconds.map { ", \(NumberText.significant($0)) µs a sample" } ?? "")
  }

  private var seedsText: String {
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

  private var referenceText: String {
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

  private func cautionText(showsDifferences: Bool) -> String? {
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

  private var runtimeText: String? {
    board.runtimeVersion.isEmpty
      ? nil
      : "µs are those of a sample alone on one thread of onnxruntime \(printable(board.runtimeVersion)), "
        + "networks compacted as 'workbench export --compact' writes them, of each row's lowest seed; "
        + "its speed-up is that over the dense network, all measured in turns"
  }

  private var timeText: String {
    let start =
      "µs are microseconds a sample in batches of \(TrajectoryPoint.inferenceBatch); speed-up is "
      + "the geometric mean over seeds of dense over pruned time, measured in turns; scoring is all "
      + "the strategy took to decide"
    return board.measured.count == 1 ? "\(start); on \(board.measured[0].text)" : start
  }
}
