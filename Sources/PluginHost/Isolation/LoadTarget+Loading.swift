import CWorkbench
import Foundation
import Strategies

extension LoadTarget {
  /// Confines this process to what the target needs.
  ///
  /// - Parameter processorSeconds: What the process may use all in all; nil for any.
  func confine(processorSeconds: UInt64? = nil) throws(LoadError) -> Confinement.Report {
    var confinement = Confinement(memory: Self.addresses, processorSeconds: processorSeconds)
    confinement.readable += LinkedLibraries.runtimeFolders
    if let path { confinement.readable += [path] + LinkedLibraries(of: path).files }
    do throws(ConfinementError) {
      return try confinement.apply()
    } catch {
      throw LoadError(path: path ?? "the strategies linked in", reason: error.description)
    }
  }

  /// What is mapped and twice what the machine has: the judge ends a process that holds too much, but there are
  /// tables behind addresses, too. Nil in builds that have reserved terabytes.
  private static var addresses: UInt64? {
    let words = FileManager.default.contents(atPath: "/proc/self/statm")
      .map { String(decoding: $0, as: UTF8.self).split(separator: " ") }
    let page = UInt64(max(0, sysconf(Int32(_SC_PAGESIZE))))
    guard let mapped = words?.first.flatMap({ UInt64($0) }).map({ $0 * page }), mapped < 1 << 43
    else { return nil }
    return mapped + 2 * page * UInt64(max(0, sysconf(Int32(_SC_PHYS_PAGES))))
  }

  /// Loads the target into this process.
  func entries() throws(LoadError) -> [StrategyEntry] {
    switch self {
    case .builtIn:
      let reader = PluginReader(path: "the strategies linked in", origin: .builtIn)
      return try reader.entries(of: UnsafeRawPointer(builtInPlugin()))
    case .file(let path):
      let file = try LibraryFile(path: path)
      let library = try Library(file, contents: try file.contents())
      let reader = PluginReader(
        path: path, origin: .plugin(path: path, sha256: "", libraries: [:]))
      return try reader.entries(of: library.table())
    case .function(let function):
      let file = try LibraryFile(path: function.library)
      let table = try ForeignTable.load(function, in: file, contents: try file.contents())
      let origin = StrategyEntry.Origin.function(path: file.path, sha256: "", libraries: [:])
      return [StrategyEntry(function, origin: origin, table: PluginTable(table))]
    }
  }
}
