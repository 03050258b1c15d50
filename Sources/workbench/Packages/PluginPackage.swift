import Foundation
import PluginHost
import Reports
import Templates

/// A package of a strategy, as `workbench new` writes them, in a folder.
struct PluginPackage {
  /// As the user wrote it, without slashes at its end.
  private let folder: String
  private let tool: BuildTool

  /// - Throws: ``CommandError`` where the folder has no package.
  init(folder: String) throws {
    let last = folder.lastIndex { $0 != "/" } ?? folder.startIndex
    self.folder = String(folder[...last])
    let files = Set((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    let tool = BuildTool.allCases.first { !files.isDisjoint(with: $0.manifests) }
    guard let tool else {
      let library = StrategyCatalogue.libraries(in: self.folder).first
      throw CommandError(
        "'\(folder)' is a folder without a Package.swift, a Cargo.toml or a Makefile; name a package "
          + "such as 'workbench new' writes, or a shared library"
          + (library.map { ", such as '\($0)'" } ?? ""))
    }
    self.tool = tool
  }

  /// Builds the package, which is quick where nothing changed.
  ///
  /// - Returns: The path of the one plugin that it builds.
  /// - Throws: ``CommandError`` where it does not build, or builds none or several.
  func library() throws -> String {
    Console.note(printable("building '\(folder)': \(words(tool.command))") + "\n")
    _ = try run(tool.command)
    let plugins = try libraries().filter(StrategyCatalogue.mayBePlugin)
    guard let plugin = plugins.first else {
      throw CommandError(
        "'\(words(tool.command))' in '\(folder)' makes no plugin: \(place) exports wb_plugin_v1; "
          + "see what 'workbench new' writes, or name a shared library")
    }
    guard plugins.count == 1 else {
      throw CommandError(
        "'\(folder)' has \(plugins.count) plugins: \(plugins.joined(separator: ", ")); name the one "
          + "that is meant, such as '\(plugin)'")
    }
    return plugin
  }

  // MARK: - What it builds

  /// Where plugins are looked for, in words.
  private var place: String {
    switch tool {
    case .swift: "no product .library(type: .dynamic) of Package.swift"
    case .cargo: "no library of crate-type \"cdylib\" in Cargo.toml"
    case .make: "no lib*.so in the folder"
    }
  }

  /// The libraries that the package builds. What an earlier build left under another name is none of
  /// them where the manifest tells.
  private func libraries() throws -> [String] {
    switch tool {
    case .swift:
      let package: SwiftPackage = try description([
        "swift", "package", "describe", "--type", "json",
      ])
      return package.products.filter { $0.type["library"] == ["dynamic"] }
        .map { "\(folder)/.build/release/lib\($0.name).so" }
    case .cargo:
      let crates: Crates = try description([
        "cargo", "metadata", "--format-version", "1", "--no-deps",
      ])
      return crates.packages.flatMap(\.targets).filter { $0.crateTypes.contains("cdylib") }
        .map {
          "\(crates.targetDirectory)/release/lib\($0.name.replacing("-", with: "_")).so"
        }
    case .make: return StrategyCatalogue.libraries(in: folder)
    }
  }

  private func description<Value: Decodable>(_ command: [String]) throws -> Value {
    let output = try run(command, keepsOutput: true)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      return try decoder.decode(Value.self, from: output)
    } catch {
      throw CommandError(
        "'\(words(command))' in '\(folder)' says nothing of what is built; name a shared library")
    }
  }

  /// What is read of a Swift package.
  private struct SwiftPackage: Decodable {
    struct Product: Decodable {
      let name: String
      /// Such as `{"library": ["dynamic"]}`.
      let type: [String: [String]?]
    }
    let products: [Product]
  }

  /// What is read of a crate, or of several in one workspace.
  private struct Crates: Decodable {
    struct Crate: Decodable { let targets: [Target] }
    struct Target: Decodable {
      let name: String
      let crateTypes: [String]
    }
    let packages: [Crate]
    let targetDirectory: String
  }

  // MARK: - Commands

  /// - Returns: What the command printed, where it is kept; else that is on standard error.
  private func run(_ command: [String], keepsOutput: Bool = false) throws -> Data {
    let child = FolderCommand(words: command, folder: folder)
    let reason: String
    switch child.run(keepsOutput: keepsOutput) {
    case .exited(0, let output): return output
    case .exited(let status, _): reason = "ended with status \(status), for the reasons above"
    case .signal(let number): reason = "was ended by signal \(number)"
    case .notStarted(ENOENT):
      throw CommandError(
        "'\(folder)' is built by '\(command[0])', which is not on the PATH; install that, or build "
          + "elsewhere and name the shared library")
    case .notStarted(let code):
      reason = "cannot be started: \(String(cString: strerror(code)).lowercased())"
    }
    throw CommandError(
      "'\(folder)' cannot be built: '\(words(command))' \(reason); mend the package, or name a shared "
        + "library")
  }

  private func words(_ command: [String]) -> String { command.joined(separator: " ") }
}
