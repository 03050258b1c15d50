extension PackageTemplate {
  /// One source file, the header and a makefile, for C and C++.
  func makeFiles(
    compiler: String, flags: String, standard: String, suffix: String
  ) -> [File] {
    let makefile = """
      \(flags) ?= -O2

      lib\(name.id).so: \(name.id).\(suffix) workbench.h
      \t$(\(compiler)) -std=\(standard) -Wall -Wextra -Werror $(\(flags)) -fPIC -fvisibility=hidden -shared \\
      \t  $(LDFLAGS) -o $@ $< -lm

      .PHONY: clean
      clean:
      \trm -f lib\(name.id).so

      """
    let kind = kind.rawValue
    let text =
      switch language {
      case .c: EmbeddedFile.joined("c/\(kind).c", "c/library.c")
      default:
        EmbeddedFile.joined(
          "cxx/head.cpp", "cxx/\(kind).cpp", "cxx/guard.cpp", "cxx/\(kind)-hooks.cpp",
          "cxx/library.cpp")
      }
    return [
      File(path: source, text: filled(text)),
      File(path: "workbench.h", text: EmbeddedFile.joined("workbench.h")),
      File(path: "Makefile", text: makefile),
      File(path: ".gitignore", text: "*.so\n"),
    ]
  }

  /// A crate without dependencies.
  var rustFiles: [File] {
    let manifest = """
      [package]
      name = "\(name.crate)"
      version = "0.1.0"
      edition = "2021"
      rust-version = "1.80"

      [lib]
      crate-type = ["cdylib"]

      # A panic must not unwind into the workbench.
      [profile.dev]
      panic = "abort"

      [profile.release]
      panic = "abort"

      # Wherever the folder lies, it is a workspace of its own.
      [workspace]

      """
    return [
      File(path: "Cargo.toml", text: manifest),
      File(
        path: source,
        text: filled(EmbeddedFile.joined("rust/\(kind.rawValue).rs", "rust/library.rs"))),
      File(path: "src/workbench.rs", text: EmbeddedFile.joined("rust/workbench.rs")),
      File(path: ".gitignore", text: "target\n"),
    ]
  }

  /// A Swift package that has the interface in it, or takes it from the workbench's package.
  var swiftFiles: [File] {
    let own = [
      File(path: "Package.swift", text: manifest),
      File(path: source, text: filled(EmbeddedFile.joined("swift/\(kind.rawValue).swift"))),
      File(path: ".gitignore", text: ".build\n"),
    ]
    guard dependency == nil else { return own }
    let kit = EmbeddedFile.all.filter { $0.key.hasPrefix("StrategyKit/") }
      .map { File(path: "Sources/\($0.key)", text: $0.value) }
    return own
      + [
        File(
          path: "Sources/CWorkbench/include/workbench.h", text: EmbeddedFile.joined("workbench.h"))
      ] + kit.sorted { $0.path < $1.path }
  }

  private var manifest: String {
    let start = """
      // swift-tools-version: 6.2
      import PackageDescription

      let package = Package(
        name: \(quoted(name.id)),
        products: [
          .library(name: \(quoted(name.id)), type: .dynamic, targets: [\(quoted(name.module))])
        ],

      """
    guard let dependency else {
      return start + """
          targets: [
            .target(name: \(quoted(name.module)), dependencies: ["StrategyKit"]),
            // What the workbench and a strategy say to each other, as the workbench that wrote this
            // package has it.
            .target(
              name: "StrategyKit", dependencies: ["CWorkbench"],
              swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
              ]),
            .target(name: "CWorkbench"),
          ]
        )

        """
    }
    let (package, identity) =
      switch dependency {
      case .path(let path): (".package(name: \"workbench\", path: \(quoted(path)))", "workbench")
      case .url(let url):
        (".package(url: \(quoted(url)), branch: \"main\")", Self.identity(ofURL: url))
      }
    return start + """
        dependencies: [\(package)],
        targets: [
          .target(
            name: \(quoted(name.module)),
            dependencies: [.product(name: "StrategyKit", package: \(quoted(identity)))])
        ]
      )

      """
  }

  /// How the package manager calls the package at an address: its last word, without `.git`.
  private static func identity(ofURL url: String) -> String {
    let word = url.split { $0 == "/" || $0 == ":" }.last.map(String.init) ?? url
    return word.hasSuffix(".git") ? String(word.dropLast(4)) : word
  }

  /// A literal of Swift.
  private func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
