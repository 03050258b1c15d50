import Foundation
import Testing

/// A folder named by `--plugin`: its package is built, and what it builds is loaded.
@Suite(.enabled(if: isThere("make") && isThere("cc"), "there is no C compiler, or no make"))
final class PluginPackageTests {
  private let tool = Tool()
  private let folder: URL

  init() throws { folder = try temporaryFolder() }

  deinit { try? FileManager.default.removeItem(at: folder) }

  @Test("Every command that takes a plugin builds a folder first, and says how")
  func commands() throws {
    let package = try newPackage("mine")
    for arguments in [
      ["list"], ["info", "mine"], ["compare", "--strategies", "mine", "--dry-run"],
      ["run", "--strategy", "mine", "--dry-run"],
    ] {
      let library = package.appending(path: "libmine.so")
      try? FileManager.default.removeItem(at: library)
      let outcome = try tool.run(arguments + ["--plugin", package.path + "/"])
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.errors.hasPrefix("building '\(package.path)': make\n"))
      #expect(outcome.output.contains("mine") && !outcome.output.contains("building"))
      #expect(FileManager.default.fileExists(atPath: library.path))
    }
  }

  @Test("So does the check of a library")
  func check() throws {
    let package = try newPackage("mine")
    let outcome = try tool.run("check", package.path)
    #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.errors.hasPrefix("building '\(package.path)': make\n"))
  }

  @Test("What is changed is built again")
  func changes() throws {
    let package = try newPackage("mine")
    #expect(try tool.run("info", "mine", "--plugin", package.path).code == 0)
    let source = package.appending(path: "mine.c")
    let text = try String(contentsOf: source, encoding: .utf8)
    try Data(text.replacing("\"mine\"", with: "\"yours\"").utf8).write(to: source)
    #expect(try tool.run("info", "yours", "--plugin", package.path).code == 0)
  }

  @Test("The errors of a compiler are shown, all of them, before the command's own")
  func compilerErrors() throws {
    let package = try newPackage("mine")
    let faults = (0..<3000).map { "#warning fault number \($0)\n" }.joined() + "#error the last\n"
    try Data(faults.utf8).write(to: package.appending(path: "mine.c"))
    let outcome = try tool.run("list", "--plugin", package.path)
    #expect(outcome.code == 2)
    #expect(outcome.output.isEmpty)
    for number in [0, 1500, 2999] { #expect(outcome.errors.contains("fault number \(number)\n")) }
    let last = try #require(outcome.errors.split(separator: "\n").last)
    #expect(last.hasPrefix("Error: '\(package.path)' cannot be built: 'make' ended with status 2"))
  }

  @Test(
    "What has no plugin is refused, with what to type",
    arguments: [
      ([], "Package.swift, a Cargo.toml or a Makefile"),
      (["libother.so"], "shared library, such as '"),
      (["Makefile"], "no lib*.so in the folder exports wb_plugin_v1"),
    ])
  func without(files: [String], words: String) throws {
    for name in files { try Data("all:\n".utf8).write(to: folder.appending(path: name)) }
    let outcome = try tool.run("compare", "--strategies", "obd", "--plugin", folder.path)
    #expect(outcome.code == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("'\(folder.path)'") && outcome.errors.contains(words))
  }

  @Test("Several plugins in one package are named, and one of them is to be")
  func several() throws {
    let package = try newPackage("mine")
    #expect(try tool.run("list", "--plugin", package.path).code == 0)
    let (one, two) = (
      package.appending(path: "libmine.so"), package.appending(path: "libother.so")
    )
    try FileManager.default.copyItem(at: one, to: two)
    let outcome = try tool.run("list", "--plugin", package.path)
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains("has 2 plugins: \(one.path), \(two.path)"))
    #expect(outcome.errors.contains("such as '\(one.path)'"))
  }

  @Test(
    "A tool that is not there is named",
    arguments: [("Package.swift", "swift"), ("Cargo.toml", "cargo"), ("Makefile", "make")])
  func missingTool(manifest: String, program: String) throws {
    try Data().write(to: folder.appending(path: manifest))
    var tool = tool
    tool.environment["PATH"] = "/nowhere"
    let outcome = try tool.run("list", "--plugin", folder.path)
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains("'\(program)', which is not on the PATH"))
    #expect(outcome.errors.contains("'\(folder.path)'"))
  }

  @Test(
    "A signal ends what is built, and what that started", arguments: [SIGTERM, SIGINT, SIGHUP])
  func interruption(number: Int32) throws {
    let rule = "all:\n\tsleep 600 & echo $$! >child.new && mv child.new child && wait\n"
    try Data(rule.utf8).write(to: folder.appending(path: "Makefile"))
    let running = try tool.start(["list", "--plugin", folder.path])
    let file = folder.appending(path: "child").path
    running.wait { _ in FileManager.default.fileExists(atPath: file) }
    let text = String(
      decoding: try #require(FileManager.default.contents(atPath: file)), as: UTF8.self)
    let child = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    kill(running.process.processIdentifier, number)
    let outcome = try running.finish()
    #expect(outcome.code == 130 && !outcome.isSignalled)
    #expect(outcome.errors.contains("interrupted: 'make' is stopped"))
    #expect(hasEnded(child))
  }

  @Test("A signal that its parent ignores ends nothing")
  func ignored() throws {
    let rule = "all:\n\ttouch started; while [ ! -e go ]; do sleep 0.01; done\n"
    try Data(rule.utf8).write(to: folder.appending(path: "Makefile"))
    var tool = tool
    tool.shellCommand = "trap '' HUP"
    let running = try tool.start(["list", "--plugin", folder.path])
    let started = folder.appending(path: "started").path
    running.wait { _ in FileManager.default.fileExists(atPath: started) }
    kill(running.process.processIdentifier, SIGHUP)
    try Data().write(to: folder.appending(path: "go"))
    let outcome = try running.finish()
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains("makes no plugin"))
  }

  @Test(
    "What a Swift package built under an earlier name is not taken for what it builds",
    .enabled(if: isThere("swift"), "there is no Swift compiler"))
  func renamedProduct() throws {
    let package = try newPackage("mine")
    let sources = package.appending(path: "Sources/Mine")
    let headers = sources.appending(path: "include")
    try FileManager.default.createDirectory(at: headers, withIntermediateDirectories: true)
    let move = FileManager.default.moveItem(at:to:)
    try move(package.appending(path: "mine.c"), sources.appending(path: "mine.c"))
    try move(package.appending(path: "workbench.h"), headers.appending(path: "workbench.h"))
    for name in ["first", "second"] {
      let manifest = """
        // swift-tools-version: 6.2
        import PackageDescription
        let package = Package(
          name: "mine", products: [.library(name: "\(name)", type: .dynamic, targets: ["Mine"])],
          targets: [.target(name: "Mine")])
        """
      try Data(manifest.utf8).write(to: package.appending(path: "Package.swift"))
      let outcome = try Tool.withUsersCaches.run("info", "mine", "--plugin", package.path)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("lib\(name).so"))
    }
  }

  // MARK: - Support

  private func newPackage(_ name: String) throws -> URL {
    let package = folder.appending(path: name)
    let outcome = try tool.run("new", name, "--language", "c", "--output", package.path)
    #expect(outcome.code == 0, "\(outcome.errors)")
    return package
  }

  /// Whether a process is gone within ten seconds, or is so but for somebody who asks how.
  private func hasEnded(_ id: pid_t) -> Bool {
    for _ in 0..<1000 {
      let status = FileManager.default.contents(atPath: "/proc/\(id)/stat")
      guard let status, !String(decoding: status, as: UTF8.self).contains(") Z ") else {
        return true
      }
      usleep(10_000)
    }
    return false
  }
}
