import Foundation
import Testing

/// Packages that `workbench new` writes, built by their own commands and entered into comparisons.
@Suite struct NewTests {
  private let tool = Tool()

  private static let kinds = ["score", "propose", "train", "grow"]

  /// Those whose compiler is here.
  private static let languages = [("c", "cc"), ("c++", "g++"), ("rust", "cargo")]
    .filter { isThere($0.1) && ($0.0 == "rust" || isThere("make")) }.map(\.0)

  @Test(
    "A package builds as it is, takes part, and scores as magnitude does",
    arguments: languages, kinds)
  func everyKind(language: String, kind: String) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try checkPackage("a-1.\(kind)", language, kind, in: folder)
  }

  @Test(
    "A Swift package needs nothing but what is in it",
    .enabled(if: isThere("swift"), "there is no Swift compiler"))
  func swift() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try checkPackage("a-1.score", "swift", "score", in: folder)
  }

  @Test("StrategyKit and the header are written as they are, all files of them")
  func sources() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let package = folder.appending(path: "mine")
    #expect(try tool.run("new", "mine", "--output", package.path).code == 0)
    for part in ["StrategyKit", "CWorkbench/include"] {
      let original = packageRoot.appending(path: "Sources/\(part)")
      let copy = package.appending(path: "Sources/\(part)")
      // The pages of documentation stay where they are.
      let names = try FileManager.default.contentsOfDirectory(atPath: original.path).sorted()
        .filter { !$0.hasSuffix(".docc") }
      #expect(try FileManager.default.contentsOfDirectory(atPath: copy.path).sorted() == names)
      for name in names {
        let text = try Data(contentsOf: original.appending(path: name))
        #expect(try Data(contentsOf: copy.appending(path: name)) == text, "\(name) differs")
      }
    }
  }

  @Test("Plugins/Template is what is written, file by file")
  func template() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let package = folder.appending(path: "smallest")
    #expect(try tool.run("new", "smallest", "--output", package.path).code == 0)
    let template = packageRoot.appending(path: "Plugins/Template")
    if ProcessInfo.processInfo.environment["WORKBENCH_REWRITE_SNAPSHOTS"] != nil {
      try FileManager.default.removeItem(at: template)
      try FileManager.default.copyItem(at: package, to: template)
    }
    let written = try files(of: package)
    #expect(written.keys.contains("Sources/SmallestPlugin/Smallest.swift"))
    #expect(try files(of: template).keys.sorted() == written.keys.sorted())
    for (name, text) in written {
      #expect(try Data(contentsOf: template.appending(path: name)) == text, "\(name) differs")
    }
  }

  /// The files of a package by their paths, but for what building leaves.
  private func files(of package: URL) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: package.path)
    where !path.hasPrefix(".build/") && path != "Package.resolved" {
      let url = package.appending(path: path)
      guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else {
        continue
      }
      files[path] = try Data(contentsOf: url)
    }
    return files
  }

  @Test(
    "What cannot be written ends with 2, and the word is quoted",
    arguments: [
      (["My_Net"], "'My_Net'", "'my-net'"), (["2nd"], "'2nd'", "'my-pruner'"),
      (["a--b"], "'a--b'", "'a-b'"), ([""], "''", "'my-pruner'"), (["obd"], "'obd'", "'my-obd'"),
      (["dense"], "'dense'", "'my-dense'"), (["sine"], "'sine'", "benchmark"),
      (["mine", "--language", "go"], "'go'", "rust"),
      (["mine", "--kind", "shrink"], "'shrink'", "grow"),
      (["mine", "--depend", "/nowhere"], "'/nowhere'", "Package.swift"),
      (["mine", "--depend", ""], "''", "the folder of the workbench's sources"),
      (["mine", "--depend", "/a\nb"], "control characters", "https://"),
      (["mine", "--depend", "https://"], "'https://'", "https://example.org/workbench.git"),
      (["mine", "--depend", "https://example.org/"], "'https://example.org/'", "no address"),
      (["mine", "--depend", "htps://example.org/a"], "'htps://example.org/a'", "no address"),
      (["mine", "--depend", "file://nowhere/a"], "'file://nowhere/a'", "no address"),
      (["mine", "--depend", "file:///nowhere"], "'file:///nowhere'", "no repository of git"),
      (["mine", "--depend", "git@example.org"], "'git@example.org'", "no address"),
      (["mine", "--language", "c", "--depend", "/nowhere"], "'/nowhere'", "Swift"),
    ])
  func refusals(arguments: [String], word: String, advice: String) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let package = folder.appending(path: "package").path
    let outcome = try tool.run(["new", "--output", package] + arguments)
    #expect(outcome.code == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains(word) && outcome.errors.contains(advice), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: package))
  }

  @Test("A folder that exists is left as it is")
  func existing() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let outcome = try tool.run("new", "mine", "--output", folder.path)
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains("'\(folder.path)'") && outcome.errors.contains("--output"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  // MARK: - Building and comparing

  private func checkPackage(
    _ name: String, _ language: String, _ kind: String, in folder: URL
  ) throws {
    let package = folder.appending(path: "package")
    let written = try tool.run(
      "new", name, "--language", language, "--kind", kind, "--output", package.path)
    #expect(written.code == 0, "\(written.errors)")
    // What is printed is what is typed: the folder, the build, the check, the comparison.
    let steps = written.output.split(separator: "\n").dropFirst()
      .map { $0.trimmingCharacters(in: .whitespaces) }
    try #require(steps.count == 4)
    let readme = try String(contentsOf: package.appending(path: "README.md"), encoding: .utf8)
    #expect(steps[1...].allSatisfy { readme.contains($0) })
    try shell("\(steps[0]) && \(steps[1])")
    let words = steps[3].split(separator: " ").map(String.init)
    let place = try #require(words.firstIndex(of: "--plugin"))
    let library = package.appending(path: words[place + 1])
    let checked = try tool.run("check", library.path, "--only-failed")
    #expect(checked.code == 0, "\(checked.output)\(checked.errors)")
    // The folder is as good, and what is up to date is built in no time.
    let builder = language == "swift" ? Tool.withUsersCaches : tool
    let known = try builder.run("info", name, "--plugin", package.path)
    // Long lines are broken.
    #expect(known.code == 0 && known.output.filter { !$0.isWhitespace }.contains(library.path))
    #expect(known.errors.contains("building '\(package.path)': \(steps[1])"))
    let outcome = try tool.run(
      "compare", "--strategies", "\(name),magnitude", "--plugin", library.path, "--benchmarks",
      "friedman1", "--quick", "--ratios", "2", "--seeds", "1", "--jobs", "1", "--format", "json",
      "--output", folder.appending(path: "results").path)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let board = try PrintedBoard(outcome)
    let row = try #require(board[name])
    #expect(row.status == ["done": 1])
    guard kind == "score" || kind == "propose" else { return }
    #expect(row.test?.values == board["magnitude"]?.test?.values)
  }
}
