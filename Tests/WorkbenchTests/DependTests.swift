import Foundation
import Testing

/// Swift packages that take StrategyKit from elsewhere, in place of a copy.
@Suite(.enabled(if: isThere("swift"), "there is no Swift compiler"))
final class DependTests {
  private let tool = Tool.withUsersCaches
  private let folder: URL

  init() throws { folder = try temporaryFolder() }

  deinit { try? FileManager.default.removeItem(at: folder) }

  @Test("The package takes StrategyKit from the folder of the workbench's sources")
  func path() throws {
    try build(dependingOn: packageRoot.path)
  }

  @Test(
    "The package takes StrategyKit from the main branch of a repository",
    .enabled(if: isThere("git"), "there is no git"))
  func repository() throws {
    let repository = folder.appending(path: "workbench.git")
    let sources = repository.appending(path: "Sources")
    try FileManager.default.createDirectory(at: sources, withIntermediateDirectories: true)
    for part in ["StrategyKit", "CWorkbench"] {
      try FileManager.default.copyItem(
        at: packageRoot.appending(path: "Sources/\(part)"), to: sources.appending(path: part))
    }
    // As much of the workbench's manifest as the kit needs.
    let manifest = """
      // swift-tools-version: 6.2
      import PackageDescription
      let package = Package(
        name: "workbench", products: [.library(name: "StrategyKit", targets: ["StrategyKit"])],
        targets: [
          .target(name: "CWorkbench"),
          .target(
            name: "StrategyKit", dependencies: ["CWorkbench"],
            swiftSettings: [
              .enableUpcomingFeature("ExistentialAny"),
              .enableUpcomingFeature("InternalImportsByDefault"),
              .enableUpcomingFeature("MemberImportVisibility"),
            ]),
        ])
      """
    try Data(manifest.utf8).write(to: repository.appending(path: "Package.swift"))
    try shell(
      "cd '\(repository.path)' && git init -q -b main && git add . "
        + "&& git -c user.name=nobody -c user.email=nobody@example.org commit -q -m All")
    try build(dependingOn: "file://\(repository.path)")
  }

  private func build(dependingOn depend: String) throws {
    let package = folder.appending(path: "mine")
    let written = try tool.run("new", "mine", "--depend", depend, "--output", package.path)
    #expect(written.code == 0, "\(written.errors)")
    let sources = try FileManager.default.contentsOfDirectory(
      atPath: package.appending(path: "Sources").path)
    #expect(sources == ["MinePlugin"])
    let outcome = try tool.run("info", "mine", "--plugin", package.path)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("libmine.so"))
  }
}
