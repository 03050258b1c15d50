import Comparison
import Networks

/// Remarks in plain sentences, which texts, Markdown and HTML place in their own ways.
struct RemarkWords {
  let board: Board

  var statements: [Statement] { board.remarks.flatMap(statements) }

  func statements(_ remark: Board.Remark) -> [Statement] {
    switch remark {
    case .severalSettings(let measured):
      let start =
        "times in this table are of \(measured.count) settings, and those of different ones cannot "
        + "be held against each other:"
      return
        ([start] + measured.map { $0.text + ": \($0.cells) \($0.cells == 1 ? "cell" : "cells")" })
        .map { Statement(label: "machines", text: $0) }
    // "Pruned, but not faster" is said in words, so that no one has to find it in the numbers.
    case .notFaster(let subjects):
      return [
        about(
          subjects, "no speed-up", "here inference takes as long as that of the dense network:")
      ]
    case .offBudget(let budget, let subjects):
      let amount = budget == .undercut ? "far fewer weights" : "more weights"
      return [
        about(
          subjects, "not ranked", "left \(amount) than asked for, so not held against the others:")
      ]
    case .behindRandom(let reason, let subjects):
      return [
        about(
          subjects, "chance",
          "random pruning has the smaller mean error here, \(reason.words):")
      ]
    case .control(let control):
      return [
        Statement(label: "controls", text: "· \(control.rawValue) is \(control.summary)")
      ]
    case .controlNotBeaten(let control, let subjects):
      return [
        about(
          subjects, "controls", "not shown to be better than their own · \(control.rawValue):")
      ]
    case .otherSeeds(let seeds, let strategies):
      return [
        Statement(
          label: "seeds differ",
          text: "\(list(strategies)): \(seedList(seeds)), where most have "
            + "\(seedList(board.seeds)); not ranked")
      ]
    case .differenceOverSeeds(let seeds, let strategies):
      return [
        Statement(
          label: "seeds differ",
          text: "\(list(strategies)): the difference is over \(seedList(seeds)), "
            + "which the reference has, too")
      ]
    case .unequalStarts(let seeds):
      return [
        Statement(
          label: "starts differ",
          text:
            "strategies of \(seedList(seeds)) did not all start from the same file of the dense "
            + "network: their differences are not those of pairs")
      ]
    case .planted:
      return [
        Statement(
          label: "found",
          text: "of the inputs that decide nothing and the hidden units that the task does not "
            + "need, how many were removed, over all seeds")
      ]
    case .masked(let removal, let subjects):
      guard let text = board.removalWords(removal) else { return [] }
      return [Statement(label: "mask only", text: "\(names(subjects)): \(text)")]
    case .logged(let logs):
      return grouped(
        "note",
        logs.flatMap { log in
          shownLines(log.lines, of: log.id, leftOut: log.leftOut, limit: 5).map {
            (printable(log.strategy), $0)
          }
        })
    case .ended(let ending, let failures): return statements(ending, failures)
    }
  }

  private func statements(_ ending: Board.Ending, _ failures: [Board.Failure]) -> [Statement] {
    var order: [String] = []
    var reasons: [String: (id: String, texts: [String])] = [:]
    for failure in failures {
      let subject = printable(failure.strategy) + circumstances(of: failure)
      if reasons[subject] == nil { order.append(subject) }
      reasons[subject, default: (failure.id, [])].texts.append(failure.reason)
    }
    return grouped(
      ending.rawValue,
      order.flatMap { subject -> [(String, String)] in
        guard let (id, texts) = reasons[subject] else { return [] }
        return shownLines(texts, of: id, limit: 5).map { (subject, $0) }
      })
  }

  /// At which ratio and in which seeds, unless from the first on and in all; begins with a space.
  func circumstances(of failure: Board.Failure) -> String {
    var text = ""
    if let ratio = failure.ratio {
      if ratio != board.tables.first?.ratio {
        let isLast = ratio == board.tables.last?.ratio
        text = " \(isLast ? "at" : "from") \(NumberText.ratio(ratio))" + (isLast ? "" : " on")
      }
    } else {
      text = " after its last ratio"
    }
    return text + (failure.isEverySeed ? "" : " (\(seedList(failure.seeds)))")
  }

  private func about(_ subjects: [Board.Subject], _ label: String, _ text: String) -> Statement {
    Statement(label: label, text: text + " " + names(subjects))
  }

  /// Each text once, behind all that it is said of.
  private func grouped(
    _ label: String, _ sayings: [(subject: String, text: String)]
  ) -> [Statement] {
    var order: [String] = []
    var subjects: [String: [String]] = [:]
    for (subject, text) in sayings {
      if subjects[text] == nil { order.append(text) }
      subjects[text, default: []].append(subject)
    }
    return order.map { text in
      Statement(label: label, text: "\((subjects[text] ?? []).joined(separator: ", ")): \(text)")
    }
  }

  private func list(_ strategies: [String]) -> String {
    strategies.map(printable).joined(separator: ", ")
  }

  /// Strategies with the ratios at which something is so, unless it is so at all of them.
  private func names(_ subjects: [Board.Subject]) -> String {
    subjects.map { subject in
      let name = printable(subject.strategy)
      guard !subject.isEverywhere else { return name }
      return "\(name) at \(subject.ratios.map(NumberText.ratio).joined(separator: " "))"
    }.joined(separator: ", ")
  }
}

extension Board {
  /// That a pruned network is no smaller without its mask, where it is so.
  func removalWords(_ removal: Removal?) -> String? {
    let weights = dense.map { NumberText.count($0.counts.weights) } ?? "its"
    return switch removal {
    case .masksOnly:
      "no speed-up outside this program: no unit can be removed, a dense network of the same shapes "
        + "has all \(weights) weights"
    case .hardlyAnyUnit:
      "no speed-up outside this program: hardly a unit can be removed, a dense network of the "
        + "shapes left has over 99 % of the \(weights) weights"
    case .units, .nothing, nil: nil
    }
  }
}

extension Board.BehindRandom {
  fileprivate var words: String {
    switch self {
    case .byChance: "by no more than seeds and samples make it"
    case .wholeUnits: "where whole units went and random pruning took single weights"
    case .ineffectiveWeights: "where over a tenth of the weights left have no effect"
    case .unexplained: "and the program knows no reason"
    }
  }
}

/// Such as `seed 3` or `seeds 0, 1, 4`.
func seedList(_ seeds: [Int]) -> String {
  let isRange = seeds.count > 2 && seeds.last.map { $0 - seeds[0] + 1 } == seeds.count
  let list =
    isRange
    ? "\(seeds[0])–\(seeds[seeds.count - 1])" : seeds.map(String.init).joined(separator: ", ")
  return (seeds.count == 1 ? "seed " : "seeds ") + list
}

extension Board.Measured {
  /// The machine and how much of it was used.
  var text: String {
    guard let setting else { return "a machine that nobody noted" }
    let threads = setting.threads == 1 ? "1 thread" : "\(setting.threads) threads"
    return "\(printable(setting.machine.processor)), \(setting.machine.cores) cores, \(threads), "
      + "\(printable(setting.kernels)) kernels, linear algebra for \(printable(setting.algebra))"
  }
}
