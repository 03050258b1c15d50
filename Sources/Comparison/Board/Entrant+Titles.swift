extension Entrant {
  /// What entrants are called on one board: their text, and where several have the same, what tells
  /// them apart.
  ///
  /// Two builds of a plugin, two versions of a strategy, or two memory limits may lie in one folder
  /// of results.
  static func titles(of entrants: [Entrant]) -> [Entrant: String] {
    var titles: [Entrant: String] = [:]
    for (text, group) in Dictionary(grouping: entrants, by: \.text) {
      guard group.count > 1 else {
        for entrant in group { titles[entrant] = text }
        continue
      }
      var parts = [[String]](repeating: [], count: group.count)
      for property in distinctions(of: group) {
        let longer = zip(parts, property).map { $0 + [$1] }
        if Set(longer).count > Set(parts).count { parts = longer }
      }
      for (entrant, parts) in zip(group, parts) {
        titles[entrant] = "\(text) (\(parts.joined(separator: ", ")))"
      }
    }
    return titles
  }

  /// Each property that may differ, in words, for each entrant.
  private static func distinctions(of group: [Entrant]) -> [[String]] {
    [
      group.map { "version \($0.version.isEmpty ? "unknown" : $0.version)" },
      group.map { entrant in
        entrant.pluginSHA256.map {
          "build \(shortDigest($0, among: group.compactMap(\.pluginSHA256)))"
        }
          ?? "built in"
      },
      differing(group.map(\.defaults)).map { list($0, as: "defaults") },
      differing(group.map(\.libraries)).map { libraries in
        let digests = group.flatMap(\.libraries.values)
        return list(libraries.mapValues { shortDigest($0, among: digests) }, as: "libraries")
      },
      group.map { $0.memoryLimit.map { "memory \(amount($0))" } ?? "any memory" },
    ]
  }

  /// Of each dictionary the values that not all have alike.
  private static func differing(_ all: [[String: String]]) -> [[String: String]] {
    all.map { values in
      values.filter { name, value in all.contains { $0[name] != value } }
    }
  }

  private static func list(_ values: [String: String], as name: String) -> String {
    let words = values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return "\(name) \(words.isEmpty ? "none" : words.joined(separator: " "))"
  }

  /// As many digits as tell it from all others, at least four.
  private static func shortDigest(_ digest: String, among all: [String]) -> String {
    let others = all.filter { $0 != digest }
    let length = (4..<max(5, digest.count)).first { length in
      !others.contains { $0.prefix(length) == digest.prefix(length) }
    }
    return digest.prefix(length ?? digest.count) + "…"
  }

  /// As it is written behind `--memory`.
  private static func amount(_ bytes: Int) -> String {
    for (unit, letter) in [(1_073_741_824, "G"), (1_048_576, "M"), (1024, "K")]
    where bytes >= unit && bytes % unit == 0 {
      return "\(bytes / unit)\(letter)"
    }
    return "\(bytes)"
  }
}
