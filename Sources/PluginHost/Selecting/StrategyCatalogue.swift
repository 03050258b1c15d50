package import Foundation
import CWorkbench
import Strategies

/// All strategies that can be entered: those linked in, and those of the libraries found.
///
/// Libraries are looked for in this order: beside the executable, in the files and folders of
/// `WORKBENCH_PLUGIN_PATH`, and among the paths given by name. The same file is loaded once however
/// often it is found. C functions are found as they are named.
package final class StrategyCatalogue {
  /// What names files and folders with plugins, separated by colons.
  package static let environmentVariable = "WORKBENCH_PLUGIN_PATH"

  /// In the order in which they were found, the linked-in ones first.
  package private(set) var entries: [StrategyEntry] = []
  /// Libraries beside the executable that are plugins and cannot be used: nobody asked for them, so
  /// they stop nothing.
  package private(set) var refused: [LoadError] = []
  /// Parts of the confinement that strategies' processes are without, in words.
  package internal(set) var unconfined: [String] = []
  private var loaded: Set<LibraryFile.Identity> = []
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
    try register(Self.builtIns(isolation))
    if let executableDirectory { addBeside(executableDirectory) }
    for path in (environment[Self.environmentVariable] ?? "").split(separator: ":") {
      try addFromEnvironment(String(path))
    }
    for path in paths { try add(LibraryFile(path: path)) }
  }

  /// The strategy with this id, or the one that a C function is.
  ///
  /// - Throws: ``ReferenceError`` that names the nearest id.
  package func entry(named id: String) throws(ReferenceError) -> StrategyEntry {
    guard !ForeignFunction.isMeant(by: id) else { return try function(id) }
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
        try addIfPlugin(path)
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
    guard isDirectory.boolValue else { return try add(LibraryFile(path: path)) }
    for path in Self.libraries(in: path) { try addIfPlugin(path) }
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
  private func addIfPlugin(_ path: String) throws(LoadError) {
    if Self.mayBePlugin(path) { try add(LibraryFile(path: path)) }
  }

  private func add(_ file: LibraryFile) throws(LoadError) {
    guard !loaded.contains(file.identity) else { return }
    let contents = try file.contents()
    let linked = LinkedLibraries(of: file.path)
    let table = try load(file, contents)
    try register(
      PluginReader(
        path: file.path,
        origin: .plugin(
          path: file.path, sha256: LibraryFile.sha256(contents),
          libraries: linked.digests())
      ).entries(of: table))
    loaded.insert(file.identity)
  }

  private func load(
    _ file: LibraryFile, _ contents: Data
  ) throws(LoadError) -> UnsafeRawPointer? {
    guard let isolation else { return try Library(file, contents: contents).table() }
    let library = try RemoteLibrary(.file(path: file.path), isolation, path: file.path)
    unconfined = library.unconfined
    return library.table
  }

  /// All of a library's strategies or none.
  private func register(_ new: [StrategyEntry]) throws(LoadError) {
    for entry in new {
      guard let other = entries.first(where: { $0.id == entry.id }) else { continue }
      throw LoadError(
        path: entry.place,
        reason: "it has a strategy '\(entry.id)', and so has \(other.place); "
          + "give it another id, or leave one of the two out")
    }
    entries += new
  }
}
