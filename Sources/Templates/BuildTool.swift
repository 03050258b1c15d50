/// What builds a package: a Swift package, a crate, or whatever has a makefile.
package enum BuildTool: String, CaseIterable, Sendable {
  case swift, cargo, make

  /// The command, as it is typed in the package's folder.
  package var command: [String] {
    switch self {
    case .swift: ["swift", "build", "-c", "release"]
    case .cargo: ["cargo", "build", "--release"]
    case .make: ["make"]
    }
  }

  /// The names of files by which a folder is known to be such a package.
  package var manifests: [String] {
    switch self {
    case .swift: ["Package.swift"]
    case .cargo: ["Cargo.toml"]
    case .make: ["Makefile", "makefile", "GNUmakefile"]
    }
  }
}
