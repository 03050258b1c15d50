package import Foundation
import CWorkbench
import Strategies

/// All strategies that can be entered: those linked in, and those of the libraries found.
///
/// Libraries are looked for in this order: beside the executable, in the files and folders of
/// `WORKBENCH_PLUGIN_PATH`, and among the paths given by name. Of two strategies of one id the one that is found
/// last is taken, and that is said; but no id of a linked-in one can be taken, nor one twice in the same way.
/// The same file is loaded once however often it is found. C functions are found as they are named.
package final class StrategyCatalogue {
  /// What names files and folders with plugins, separated by colons.
  package static let environmentVariable = "WORKBENCH_PLUGIN_PATH"

  /// In the order in which they were found, the linked-in ones first.
  package private(set) var entries: [StrategyEntry] = []
  /// Libraries beside the executable that are plugins and cannot be used: nobody asked for them, so
  /// they stop nothing.
  package private(set) var refused: [LoadError] = []
  /// Parts of the confinement that strategies' processes are without, in words.
  package private(set) var unconfined: [String] = []
  /// Which of two strategies of one id was taken, in words.
  package private(set) var replaced: [String] = []
  /// What libraries printed while they were loaded, each with its path.
  package private(set) var printed: [(path: String, text: String)] = []
  private var loaded: Set<LibraryFile.Identity> = []
  private var sources: [String: Source] = [:]
  private let descriptions: DescriptionCache?
  private var probed: MissingParts?
  /// Those that were asked for.
  var functions: [ForeignFunction: StrategyEntry] = [:]
  let isolation: Isolation?

  /// - Parameters:
  ///   - plugins: libraries given by name.
  ///   - environment: the process's environment.
  ///   - executableDirectory: where the program lies; nil to look for none there.
  ///   - isolation: how libraries get processes of their own; nil to load them into this one.
  /// - Throws: ``LoadError`` for the first library given by name or by the environment that cannot
  ///   be used.
  package convenience init(
    plugins: [URL] = [], environment: [String: String] = [:], executableDirectory: URL? = nil,
    isolation: Isolation? = nil
  ) throws(LoadError) {
    try self.init(paths: plugins.map(\.path), environment, executableDirectory, isolation)
  }

  /// The same with paths as the user wrote them, which an empty one or a very long one can be.
  package init(
    paths: [String], _ environment: [String: String] = [:], _ executableDirectory: URL? = nil,
    _ isolation: Isolation? = nil
  ) throws(LoadError) {
    self.isolation = isolation
    descriptions = DescriptionCache()
    try register(Self.builtIns(isolation), .builtIn)
    if let executableDirectory { addBeside(executableDirectory) }
    for path in (environment[Self.environmentVariable] ?? "").split(separator: ":") {
      try addFromEnvironment(String(path))
    }
    for path in paths { try add(LibraryFile(path: path), .option) }
  }

  /// The strategy with this id, or the one that a C function is.
  ///
  /// - Throws: ``ReferenceError`` that names the nearest id.
  package func entry(named id: String) throws(ReferenceError) -> StrategyEntry {
    guard !ForeignFunction.isMeant(by: id) else {
      do {
        return try function(id)
      } catch {
        throw ReferenceError("\(error)")
      }
    }
    guard let entry = entries.first(where: { $0.id == id }) else {
      throw ReferenceError(
        "there is no strategy '\(id)'\(suggestion(for: id, among: entries.map(\.id))); "
          + "'workbench list' shows all of them")
    }
    return entry
  }

  private static func builtIns(_ isolation: Isolation?) throws(LoadError) -> [StrategyEntry] {
    let name = "the strategies linked in"
    let reader = PluginReader(path: name, origin: .builtIn)
    guard let isolation, isolation.includesBuiltIns else {
      return try reader.entries(of: UnsafeRawPointer(builtInPlugin()))
    }
    return try reader.entries(of: RemoteLibrary(.builtIn, isolation, path: name).table)
  }

  // MARK: - Finding libraries

  private func addBeside(_ directory: URL) {
    for path in Self.libraries(in: directory.path) {
      do throws(LoadError) {
        try addIfPlugin(path, .besideTheProgram)
      } catch {
        refused.append(error)
      }
    }
  }

  private func addFromEnvironment(_ path: String) throws(LoadError) {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw LoadError(
        path: path,
        reason: "\(Self.environmentVariable) names this, and there is no such file or "
          + "folder; correct the variable or take the path out of it")
    }
    guard isDirectory.boolValue else { return try add(LibraryFile(path: path), .environment) }
    for path in Self.libraries(in: path) { try addIfPlugin(path, .environment) }
  }

  /// The paths of the `lib*.so` of a folder, by name.
  package static func libraries(in directory: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.filter { $0.hasPrefix("lib") && $0.hasSuffix(".so") }.sorted()
      .map { directory + "/" + $0 }
  }

  /// Whether a file may be a plugin; nobody's code is run to know.
  package static func mayBePlugin(_ path: String) -> Bool {
    guard let contents = try? LibraryFile(path: path).contents() else { return false }
    return LibraryFile.mayExportEntry(contents)
  }

  /// Leaves alone what has nothing to do with the workbench.
  private func addIfPlugin(_ path: String, _ source: Source) throws(LoadError) {
    if Self.mayBePlugin(path) { try add(LibraryFile(path: path), source) }
  }

  private func add(_ file: LibraryFile, _ source: Source) throws(LoadError) {
    guard !loaded.contains(file.identity) else { return }
    let contents = try file.contents()
    let sha256 = LibraryFile.sha256(contents)
    let libraries = try LinkedLibraries(of: file.path).digests()
    let table: UnsafeRawPointer?
    if let isolation {
      let library = try remote(
        isolation,
        .init(
          path: file.path, sha256: sha256, libraries: libraries))
      note(library)
      table = library.table
    } else {
      table = try Library(file, contents: contents).table()
    }
    let origin = StrategyEntry.Origin.plugin(
      path: file.path, sha256: sha256, libraries: libraries)
    try register(PluginReader(path: file.path, origin: origin).entries(of: table), source)
    loaded.insert(file.identity)
  }

  /// A library that is loaded if nobody knows yet what it says of itself.
  private func remote(
    _ isolation: Isolation, _ key: DescriptionCache.Key
  ) throws(LoadError) -> RemoteLibrary {
    let target = LoadTarget.file(path: key.path)
    if let description = descriptions?[key],
      let known = try? RemoteLibrary(
        target, isolation, path: key.path, saying: description, missing: missingParts(isolation))
    {
      return known
    }
    let library = try RemoteLibrary(target, isolation, path: key.path)
    if !library.printed.isEmpty { printed.append((key.path, library.printed)) }
    descriptions?.keep(library.description, for: key)
    return library
  }

  /// What processes are confined without, of which a library that is not loaded tells nothing.
  private func missingParts(_ isolation: Isolation) throws(LoadError) -> MissingParts {
    if let probed { return probed }
    let missing = try RemoteLibrary(.builtIn, isolation, path: "the strategies linked in").missing
    probed = missing
    return missing
  }

  /// Takes over what is to be said of a library's process.
  func note(_ library: RemoteLibrary) {
    unconfined += library.missing.words.filter { !unconfined.contains($0) }
  }

  /// Where a library comes from, the one that yields first.
  private enum Source: Int, Comparable {
    case builtIn, besideTheProgram, environment, option

    static func < (one: Source, other: Source) -> Bool { one.rawValue < other.rawValue }

    var words: String {
      switch self {
      case .builtIn: "built in"
      case .besideTheProgram: "beside the program"
      case .environment: "by \(StrategyCatalogue.environmentVariable)"
      case .option: "by --plugin"
      }
    }
  }

  /// Takes a library's strategies. One that was named takes the place of an installed one of the same id.
  private func register(_ new: [StrategyEntry], _ source: Source) throws(LoadError) {
    for entry in new {
      guard let other = entries.first(where: { $0.id == entry.id }) else { continue }
      let yields = sources[entry.id] ?? .builtIn
      guard yields > .builtIn, yields < source else {
        throw LoadError(
          path: entry.place,
          reason: "it has a strategy '\(entry.id)', and so has \(other.place); "
            + "give it another id, or leave one of the two out")
      }
      replaced.append(
        "'\(entry.id)' is that of \(entry.place), named \(source.words), and not that of "
          + "\(other.place), found \(yields.words)")
    }
    entries.removeAll { entry in new.contains { $0.id == entry.id } }
    entries += new
    for entry in new { sources[entry.id] = source }
  }
}
