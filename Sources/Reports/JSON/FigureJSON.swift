package import Comparison

/// Published figures beside what was measured of them, for programs: `schema` 1. Fields are added, never
/// changed, under one number.
///
/// A figure's `published` and `measured` are those of its first part.
///
/// - Throws: `EncodingError`, should a value not be representable.
package func figuresJSON(_ outcomes: [Figure.Outcome], version: String) throws -> String {
  try JSON.object([
    "schema": .integer(1),
    "workbench": .string(version),
    "figures": .array(outcomes.map(\.json)),
  ]).text()
}

/// What figures there are, for programs: as ``figuresJSON(_:version:)``, and nothing measured.
///
/// - Throws: `EncodingError`, should a value not be representable.
package func figuresJSON(_ figures: [Figure], version: String) throws -> String {
  try JSON.object([
    "schema": .integer(1),
    "workbench": .string(version),
    "figures": .array(figures.map { .object($0.members) }),
  ]).text()
}

/// What would run, for programs: as ``figuresJSON(_:version:)``, with the commands that run the same cells.
///
/// - Throws: `EncodingError`, should a value not be representable.
package func figuresJSON(
  _ planned: [(figure: Figure, parts: [Figure.PlannedPart])], version: String
) throws -> String {
  try JSON.object([
    "schema": .integer(1),
    "workbench": .string(version),
    "figures": .array(
      planned.map { figure, parts in
        var members = figure.members
        members["quick"] = .bool(parts.contains { $0.quick != nil })
        members["commands"] = .array(parts.flatMap(\.commands).map { .string($0) })
        return .object(members)
      }),
  ]).text()
}

extension Figure {
  fileprivate var members: [String: JSON] {
    [
      "name": .string(name),
      "source": .string(source),
      "claim": .string(claim),
      "conditions": .string(conditions),
      "verified": .bool(isVerified),
      "published": JSON(parts.first?.published),
    ]
  }
}

extension Figure.Outcome {
  fileprivate var json: JSON {
    var members = figure.members
    members["quick"] = .bool(quick)
    members["measured"] = parts.first?.measured?.json ?? .null
    members["verdict"] = .string(verdict.rawValue)
    members["parts"] = .array(parts.map(\.json))
    return .object(members)
  }
}

extension Figure.Outcome.Part {
  fileprivate var json: JSON {
    .object([
      "label": .string(part.label),
      "benchmark": .string(part.benchmark),
      "strategy": .string(part.strategy),
      "rival": JSON(part.rival),
      "unit": .string(part.unit.rawValue),
      "better": .string(part.better.rawValue),
      "published": JSON(part.published),
      "tolerance": JSON(part.tolerance),
      "bound": JSON(bound),
      "measured": measured?.json ?? .null,
      "verdict": .string(verdict.rawValue),
      "reason": JSON(reason),
    ])
  }
}
