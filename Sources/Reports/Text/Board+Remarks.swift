import Comparison
import Networks

extension Board {
  typealias Remark = (label: String, text: String)
  private typealias Place = (ratio: Double, row: Row)

  /// What is to be said of single rows, by kind.
  var remarks: [Remark] {
    machineRemarks + noSpeedRemark + unrankedRemarks + randomRemarks + controlRemarks + seedRemarks
      + plantedRemark + maskRemarks + logRemarks + failureRemarks
  }

  private var machineRemarks: [Remark] {
    guard measured.count > 1 else { return [] }
    let start =
      "times in this table are of \(measured.count) settings, and those of different ones cannot be "
      + "held against each other:"
    return [("machines", start)]
      + measured.map { ("", $0.text + ": \($0.cells) \($0.cells == 1 ? "cell" : "cells")") }
  }

  /// "Pruned, but not faster" is said in words, so that no one has to find it in the numbers.
  private var noSpeedRemark: [Remark] {
    remark(
      "no speed-up", "here inference takes as long as that of the dense network:",
      rowsByRatio.filter { $0.row.result?.isNotFaster ?? false })
  }

  private var unrankedRemarks: [Remark] {
    let exceeded = remark(
      "not ranked", "left more weights than asked for, so not held against the others:",
      rowsByRatio.filter { $0.row.result?.budget == .exceeded })
    let undercut = remark(
      "not ranked", "left far fewer weights than asked for, so not held against the others:",
      rowsByRatio.filter { $0.row.result?.budget == .undercut })
    return exceeded + undercut
  }

  /// A strategy that does not beat chance says so beside its rank, and why.
  private var randomRemarks: [Remark] {
    BehindRandom.allCases.flatMap { reason in
      remark(
        "chance", "random pruning has the smaller mean error here, \(text(of: reason)):",
        rowsByRatio.filter { $0.row.result?.behindRandom == reason })
    }
  }

  private func text(of reason: BehindRandom) -> String {
    switch reason {
    case .byChance: "by no more than seeds and samples make it"
    case .wholeUnits: "where whole units went and random pruning took single weights"
    case .ineffectiveWeights: "where over a tenth of the weights left have no effect"
    case .unexplained: "and the program knows no reason"
    }
  }

  /// A structure that is as good from another start owes nothing to the way the strategy came to it.
  private var controlRemarks: [Remark] {
    let controls = Control.allCases.filter { control in
      tables.flatMap(\.rows).contains { $0.control == control }
    }
    let meanings = controls.map { ("controls", "· \($0.rawValue) is \($0.summary)") }
    let verdicts = controls.flatMap { control in
      remark(
        "controls", "not shown to be better than their own · \(control.rawValue):",
        rowsByRatio.filter { place in
          place.row.result?.controls.contains { $0.control == control && !$0.isBetter } ?? false
        })
    }
    return (meanings + verdicts).enumerated().map { ($0 == 0 ? "controls" : "", $1.1) }
  }

  private var seedRemarks: [Remark] {
    var others: [(seeds: [Int], names: [String])] = []
    var partly: [(seeds: [Int], names: [String])] = []
    func add(_ row: Row, _ seeds: [Int], to list: inout [(seeds: [Int], names: [String])]) {
      let place = list.firstIndex { $0.seeds == seeds } ?? list.count
      if place == list.count { list.append((seeds, [])) }
      let name = printable(row.strategy)
      if !list[place].names.contains(name) { list[place].names.append(name) }
    }
    for row in tables.flatMap(\.rows) where row.isDone {
      if row.seeds != seeds { add(row, row.seeds, to: &others) }
      if let difference = row.result?.difference, difference.seeds != row.seeds {
        add(row, difference.seeds, to: &partly)
      }
    }
    let starts =
      unequalStarts.isEmpty
      ? []
      : [
        "strategies of \(seedList(unequalStarts)) did not all start from the same file of the dense "
          + "network: their differences are not those of pairs"
      ]
    return others.map { list in
      (
        "seeds differ",
        "\(list.names.joined(separator: ", ")): \(seedList(list.seeds)), where most have "
          + "\(seedList(seeds)); not ranked"
      )
    }
      + partly.map { list in
        (
          "seeds differ",
          "\(list.names.joined(separator: ", ")): the difference is over \(seedList(list.seeds)), "
            + "which the reference has, too"
        )
      } + starts.map { ("starts differ", $0) }
  }

  private var plantedRemark: [Remark] {
    guard rowsByRatio.contains(where: { $0.row.result?.planted != nil }) else { return [] }
    let text =
      "of the inputs that decide nothing and the hidden units that the task does not need, how many "
      + "were removed, over all seeds"
    return [("found", text)]
  }

  private var maskRemarks: [Remark] {
    [Removal.masksOnly, .hardlyAnyUnit].flatMap { removal -> [Remark] in
      let places = rowsByRatio.filter { $0.row.result?.removal == removal }
      guard let text = removalText(removal), !places.isEmpty else { return [] }
      return [("mask only", "\(names(places)): \(text)")]
    }
  }

  /// That a pruned network is no smaller without its mask, where it is so.
  func removalText(_ removal: Removal?) -> String? {
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

  /// What strategies logged of the methods they chose. A log is of a cell, and so of all ratios.
  private var logRemarks: [Remark] {
    var known: Set<String> = []
    let rows = (tables.flatMap(\.rows) + unpruned).filter { known.insert($0.strategy).inserted }
    return grouped(
      "note",
      rows.flatMap { row in
        shownLines(row.notes, of: row.id, leftOut: row.notesLeftOut, limit: 5).map {
          (printable(row.strategy), $0)
        }
      })
  }

  private var failureRemarks: [Remark] {
    func remarks(_ label: String, _ statuses: [CellStatus]) -> [Remark] {
      var order: [String] = []
      var reasons: [String: (id: String, texts: [String])] = [:]
      for failure in failures where statuses.contains(failure.status) {
        let subject = printable(failure.strategy) + circumstances(of: failure)
        if reasons[subject] == nil { order.append(subject) }
        reasons[subject, default: (failure.id, [])].texts.append(failure.reason)
      }
      return grouped(
        label,
        order.flatMap { subject -> [(String, String)] in
          guard let (id, texts) = reasons[subject] else { return [] }
          return shownLines(texts, of: id, limit: 5).map { (subject, $0) }
        })
    }
    return remarks("failed", [.crashed, .diverged, .collapsed, .invalid])
      + remarks("skipped", [.skipped])
      + remarks("stopped", [.timeout, .memory, .stopped])
  }

  /// At which ratio and in which seeds, unless from the first on and in all.
  private func circumstances(of failure: Failure) -> String {
    var text = ""
    if let ratio = failure.ratio {
      if ratio != tables.first?.ratio {
        text =
          " \(ratio == tables.last?.ratio ? "at" : "from") \(NumberText.ratio(ratio))"
          + (ratio == tables.last?.ratio ? "" : " on")
      }
    } else {
      text = " after its last ratio"
    }
    return text + (failure.isEverySeed ? "" : " (\(seedList(failure.seeds)))")
  }

  private var rowsByRatio: [Place] {
    tables.flatMap { table in table.rows.map { (table.ratio, $0) } }
  }

  private func remark(_ label: String, _ text: String, _ places: [Place]) -> [Remark] {
    places.isEmpty ? [] : [(label, text + " " + names(places))]
  }

  /// Each text once, behind all that it is said of.
  private func grouped(_ label: String, _ sayings: [(subject: String, text: String)]) -> [Remark] {
    var order: [String] = []
    var subjects: [String: [String]] = [:]
    for (subject, text) in sayings {
      if subjects[text] == nil { order.append(text) }
      subjects[text, default: []].append(subject)
    }
    return order.enumerated().map { index, text in
      (index == 0 ? label : "", "\((subjects[text] ?? []).joined(separator: ", ")): \(text)")
    }
  }

  /// Strategies with the ratios at which something is so, unless it is so at all of them.
  private func names(_ places: [Place]) -> String {
    var order: [String] = []
    var ratios: [String: [Double]] = [:]
    for place in places {
      let name = printable(place.row.strategy)
      if ratios[name] == nil { order.append(name) }
      ratios[name, default: []].append(place.ratio)
    }
    return order.map { name in
      let list = ratios[name] ?? []
      guard list.count < tables.count else { return name }
      return "\(name) at \(list.map(NumberText.ratio).joined(separator: " "))"
    }.joined(separator: ", ")
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
