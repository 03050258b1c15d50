import Files
package import Foundation

/// Where the data files are: the folder that holds `mnist` and `monks`.
package enum DataDirectory {
  /// The environment variable that names the folder.
  package static let variable = "WORKBENCH_DATASETS"

  /// The data folder: the one ``variable`` names; else the nearest `Datasets` beside or above the
  /// executable; else the current directory's `Datasets`.
  ///
  /// A variable that names no such folder is an error, not a reason to look elsewhere: what runs
  /// must be what was asked for.
  ///
  /// - Throws: ``DatasetError/notFound(places:)``.
  package static func locate(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    executable: URL? = Bundle.main.executableURL,
    currentDirectory: URL = URL(filePath: FileManager.default.currentDirectoryPath)
  ) throws(DatasetError) -> URL {
    if let named = environment[variable], !named.isEmpty {
      let directory = URL(literalPath: named)
      guard holdsData(directory) else {
        throw .notFound(places: ["\(named) (from \(variable))"])
      }
      return directory
    }
    var candidates: [URL] = []
    if let executable {
      var ancestor = executable.resolvingSymlinksInPath().deletingLastPathComponent()
      while true {
        candidates.append(ancestor.appending(path: "Datasets"))
        guard ancestor.pathComponents.count > 1 else { break }
        ancestor.deleteLastPathComponent()
      }
    }
    candidates.append(currentDirectory.appending(path: "Datasets"))
    guard let directory = candidates.first(where: holdsData) else {
      throw .notFound(places: candidates.map(\.path))
    }
    return directory
  }

  private static func holdsData(_ directory: URL) -> Bool {
    ["mnist", "monks"].contains { name in
      var isDirectory: ObjCBool = false
      let path = directory.appending(path: name).path
      return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
        && isDirectory.boolValue
    }
  }
}
