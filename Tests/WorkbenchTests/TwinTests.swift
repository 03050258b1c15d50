import Foundation
import Testing

/// Two packages made in the same way, in one comparison.
@Suite struct TwinTests {
  private let tool = Tool.withUsersCaches

  @Test(
    "Neither takes the other's types, variables or scores for its own",
    .enabled(if: isThere("make") && isThere("cc"), "there is no C compiler, or no make"))
  func inC() throws {
    try compare("c", suffix: "c", replacing: "fabsf(weights", with: "factor * fabsf(weights") {
      // Seen from outside, under one name in both.
      source, factor in
      source.replacing(
        "struct entrant {", with: "WB_EXPORT float factor = \(factor);\nstruct entrant {")
    }
  }

  @Test(
    "Neither takes the other's types, variables or scores for its own, in Swift",
    .enabled(if: isThere("swift"), "there is no Swift compiler"))
  func inSwift() throws {
    try compare("swift", suffix: "swift", replacing: "abs($0)", with: "Factor.value * abs($0)") {
      source, factor in
      source + "\npublic enum Factor { public static let value: Float = \(factor) }\n"
    }
  }

  /// Packages of which the first removes the smallest weights, and the second the largest.
  private func compare(
    _ language: String, suffix: String, replacing score: String, with product: String,
    adding factor: (_ source: String, _ value: Int) -> String
  ) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, value) in [("first", 1), ("second", -1)] {
      let package = folder.appending(path: name)
      let written = try tool.run("new", name, "--language", language, "--output", package.path)
      #expect(written.code == 0, "\(written.errors)")
      let files = try FileManager.default.subpathsOfDirectory(atPath: package.path)
      let path = try #require(files.first { $0.lowercased().hasSuffix("\(name).\(suffix)") })
      let file = package.appending(path: path)
      let source = try String(contentsOf: file, encoding: .utf8)
      let changed = factor(source.replacing(score, with: product), value)
      #expect(changed.contains(product))
      try Data(changed.utf8).write(to: file)
    }
    let boards = try ["plugins", "none"].map { isolate in
      let outcome = try tool.run(
        "compare", "--strategies", "first,second,magnitude", "--plugin",
        folder.appending(path: "first").path, "--plugin", folder.appending(path: "second").path,
        "--benchmarks", "friedman1", "--quick", "--ratios", "4", "--seeds", "1", "--format", "json",
        "--isolate", isolate, "--output", folder.appending(path: isolate).path)
      #expect(outcome.code == 0, "\(outcome.errors)")
      return try PrintedBoard(outcome)
    }
    for board in boards {
      let values = try #require(board["first"]?.test?.values)
      #expect(values == board["magnitude"]?.test?.values)
      #expect(board["second"]?.status == ["done": 1])
      #expect(board["second"]?.test?.values != values)
    }
    #expect(boards[0]["second"]?.test?.values == boards[1]["second"]?.test?.values)
  }
}
