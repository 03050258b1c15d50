package import CWorkbench

/// A strategy that can be entered: what it says of itself, and where it comes from.
package struct StrategyEntry: Sendable {
  package enum Origin: Hashable, Sendable {
    case builtIn
    /// Digests are those of the files when they were loaded: of the library, and by file name of
    /// those that it links to and brings along.
    case plugin(path: String, sha256: String, libraries: [String: String])
    /// A function of a library that may know nothing of this program; digests are as a plugin's.
    case function(path: String, sha256: String, libraries: [String: String])

    /// Where the library lies that was loaded for it, with its digests; nil for none.
    package var library: (path: String, sha256: String, libraries: [String: String])? {
      switch self {
      case .builtIn: nil
      case .plugin(let path, let sha256, let libraries),
        .function(let path, let sha256, let libraries):
        (path, sha256, libraries)
      }
    }
  }

  /// What a strategy's scores are of.
  package enum Granularity: String, Hashable, Sendable { case weights, units, blocks }

  /// How a strategy moves through sizes; the header says what each means.
  package enum Course: String, Hashable, Codable, Sendable {
    case prune, grow, sparse, free

    /// Whether it begins with the benchmark's seed network.
    package var growsFromSeed: Bool { self == .grow || self == .free }
  }

  /// The name of what every strategy starts from, which no strategy may have.
  package static let denseId = "dense"

  package let id: String
  package let name: String
  package let summary: String
  package let citation: String
  package let version: String
  package let options: [StrategyOption]
  /// Names of the signals it reads.
  package let reads: [String]
  /// Names of the edits it emits.
  package let emits: [String]
  package let granularity: Granularity
  package let course: Course
  /// Scores rank within a layer only: every layer is pruned by the same share.
  package let scoresAreLocal: Bool
  /// Scores of weights are rises of the mean training loss that are expected.
  package let scoresAreLosses: Bool
  package let needsConvolutions: Bool
  package let needsBlocks: Bool
  package let origin: Origin

  /// Bits of the signals and edits as the library declares them, unknown ones too.
  let signals: UInt64
  let edits: UInt64
  /// The library's table, for `create`; checked.
  let table: PluginTable

  /// Whether it is told of a limit on memory, which may then decide its result: readers of the
  /// inverse Hessian and of sample gradients are, whose sizes are a matter of the network.
  package var usesMemoryLimit: Bool {
    signals & (Signal.inverseHessian.bit | Signal.sampleGradients.bit) != 0
  }

  /// Where it comes from, for messages.
  var place: String { origin.library?.path ?? "the workbench itself" }
}

extension StrategyEntry {
  /// The strategies of a table that is linked in beside those of every catalogue.
  ///
  /// - Throws: ``LoadError`` for the first thing that is not as the header says.
  package static func linked(
    _ table: UnsafePointer<wb_plugin>
  ) throws(LoadError) -> [StrategyEntry] {
    try PluginReader(path: "a table that is linked in", origin: .builtIn)
      .entries(of: UnsafeRawPointer(table))
  }
}

/// A library's table, which lives as long as the process and never changes.
struct PluginTable: @unchecked Sendable {
  /// What its functions are given as themselves.
  let pointer: UnsafePointer<wb_plugin>
  /// A copy whose pointers have been checked.
  let checked: wb_plugin

  init(pointer: UnsafePointer<wb_plugin>, checked: wb_plugin) {
    self.pointer = pointer
    self.checked = checked
  }

  /// Of a table that this program made itself.
  init(_ pointer: UnsafePointer<wb_plugin>) {
    self.init(pointer: pointer, checked: pointer.pointee)
  }
}

/// A parameter of a strategy.
package struct StrategyOption: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case number(initial: Double, minimum: Double, maximum: Double)
    case choice(initial: Int, words: [String])
    case text(initial: String)
  }

  package let name: String
  package let summary: String
  package let kind: Kind

  package init(name: String, summary: String, kind: Kind) {
    self.name = name
    self.summary = summary
    self.kind = kind
  }
}
