import Comparison

// Remarks as JSON: `kind` says which one, the other members what is said and of whom.

extension Board.Remark {
  var json: JSON {
    func object(_ kind: String, _ members: [String: JSON] = [:]) -> JSON {
      .object(members.merging(["kind": .string(kind)]) { first, _ in first })
    }
    func rows(_ subjects: [Board.Subject]) -> JSON { .array(subjects.map(\.json)) }
    func integers(_ values: [Int]) -> JSON { .array(values.map { .integer($0) }) }
    func texts(_ values: [String]) -> JSON { .array(values.map { .string($0) }) }
    return switch self {
    case .severalSettings(let measured):
      object("several_settings", ["measured": .array(measured.map(\.json))])
    case .notFaster(let subjects): object("not_faster", ["rows": rows(subjects)])
    case .offBudget(let budget, let subjects):
      object("off_budget", ["budget": .string(budget.rawValue), "rows": rows(subjects)])
    case .behindRandom(let reason, let subjects):
      object("behind_random", ["reason": .string(reason.rawValue), "rows": rows(subjects)])
    case .control(let control):
      object(
        "control", ["control": .string(control.rawValue), "meaning": .string(control.summary)])
    case .controlNotBeaten(let control, let subjects):
      object(
        "control_not_beaten", ["control": .string(control.rawValue), "rows": rows(subjects)])
    case .otherSeeds(let seeds, let strategies):
      object("other_seeds", ["seeds": integers(seeds), "titles": texts(strategies)])
    case .differenceOverSeeds(let seeds, let strategies):
      object("difference_over_seeds", ["seeds": integers(seeds), "titles": texts(strategies)])
    case .unequalStarts(let seeds): object("unequal_starts", ["seeds": integers(seeds)])
    case .planted: object("planted")
    case .masked(let removal, let subjects):
      object("masked", ["removal": .string(removal.identifier), "rows": rows(subjects)])
    case .logged(let logs):
      object("logged", ["logs": .array(logs.map(\.json))])
    case .ended(let ending, let failures):
      object(ending.rawValue, ["failures": .array(failures.map(\.json))])
    }
  }
}

extension Board.Subject {
  fileprivate var json: JSON {
    .object([
      "title": .string(strategy), "ratios": .array(ratios.map { JSON($0) }),
      "everywhere": .bool(isEverywhere),
    ])
  }
}

extension Board.Log {
  fileprivate var json: JSON {
    .object([
      "title": .string(strategy), "lines": .array(lines.map { .string($0) }),
      "left_out": .integer(leftOut),
    ])
  }
}

extension Board.Removal {
  fileprivate var identifier: String {
    switch self {
    case .nothing: "nothing"
    case .masksOnly: "masks_only"
    case .hardlyAnyUnit: "hardly_any_unit"
    case .units: "units"
    }
  }
}
