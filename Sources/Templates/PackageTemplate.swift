/// A package of one new strategy, as the texts of its files.
package struct PackageTemplate: Sendable {
  /// What the strategy is written in.
  package enum Language: String, CaseIterable, Sendable {
    case swift, c
    case cxx = "c++"
    case rust
  }

  /// How the strategy acts.
  package enum Kind: String, CaseIterable, Sendable {
    case score, propose, train, grow
  }

  /// The package that a Swift strategy takes StrategyKit from, in place of a copy.
  package enum Dependency: Sendable {
    /// The absolute path of a folder.
    case path(String)
    case url(String)
  }

  /// A file of the package.
  package struct File: Sendable {
    package let path: String
    package let text: String
  }

  package let name: StrategyName
  package let language: Language
  package let kind: Kind
  /// Of Swift alone.
  package let dependency: Dependency?

  package init(
    name: StrategyName, language: Language, kind: Kind, dependency: Dependency? = nil
  ) {
    self.name = name
    self.language = language
    self.kind = kind
    self.dependency = dependency
  }

  /// All files, the documentation too.
  package var files: [File] {
    let sources =
      switch language {
      case .swift: swiftFiles
      case .c: makeFiles(compiler: "CC", flags: "CFLAGS", standard: "gnu11", suffix: "c")
      case .cxx: makeFiles(compiler: "CXX", flags: "CXXFLAGS", standard: "gnu++17", suffix: "cpp")
      case .rust: rustFiles
      }
    return sources + [File(path: "README.md", text: readme)]
  }

  /// The command that builds the library.
  package var buildCommand: String {
    let tool: BuildTool =
      switch language {
      case .swift: .swift
      case .c, .cxx: .make
      case .rust: .cargo
      }
    return tool.command.joined(separator: " ")
  }

  /// Where the library is then, from the package's folder on.
  package var library: String {
    switch language {
    case .swift: ".build/release/lib\(name.id).so"
    case .c, .cxx: "lib\(name.id).so"
    case .rust: "target/release/lib\(name.crate.replacing("-", with: "_")).so"
    }
  }

  /// The command that holds the library to the rules of the interface, from the package's folder on.
  package var checkCommand: String { "workbench check \(library)" }

  /// The command that holds the strategy against another, from the package's folder on.
  package var compareCommand: String {
    "workbench compare --strategies \(name.id),magnitude --plugin \(library) "
      + "--benchmarks friedman1 --quick"
  }

  /// The file to change.
  package var source: String {
    switch language {
    case .swift: "Sources/\(name.module)/\(name.word).swift"
    case .c: "\(name.id).c"
    case .cxx: "\(name.id).cpp"
    case .rust: "src/lib.rs"
    }
  }

  private var readme: String {
    """
    # \(name.title)

    A strategy for the workbench, in `\(source)`. Build it, see that it keeps the rules of the interface, and
    hold it against another:

    ```sh
    \(buildCommand)
    \(checkCommand)
    \(compareCommand)
    ```

    `--plugin .` builds it first, and so does `workbench check .`. `workbench info \(name.id) --plugin .` says what the workbench knows of it,
    and `workbench compare --help` what else can be asked for. A library that is used often needs no
    `--plugin`: the variable `WORKBENCH_PLUGIN_PATH` names it, or a folder of such libraries.

    """
  }

  /// A template's text with the names of this strategy.
  func filled(_ text: String) -> String {
    text.replacing("Example name", with: name.title).replacing("example-id", with: name.id)
      .replacing("Example", with: name.word)
  }
}
