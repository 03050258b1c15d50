import Files
import Foundation

/// The libraries that a plugin brings along: what decides its results beside its own file.
///
/// Left out are those that this program links to as well, those of the system, and those that lie
/// where Swift's own library does: they come with the machine, as the processor does.
struct LinkedLibraries {
  /// Their files, found as the loader finds them, by path.
  private(set) var files: [String] = []
  /// Names that were looked for.
  private var known: Set<String>

  /// Reads what the library at `path` links to, and what that does; nothing is loaded.
  init(of path: String) {
    known = Self.ownNames
    add(path)
    files.sort()
  }

  private mutating func add(_ path: String) {
    guard let contents = try? LibraryFile(path: path).contents() else { return }
    let needed = NeededLibraries(contents, in: Self.folder(of: path))
    let folders = needed.folders + Self.searchPath
    for name in needed.names where known.insert(name).inserted {
      let candidates = name.contains("/") ? [name] : folders.map { $0 + "/" + name }
      guard let file = candidates.first(where: Self.isLibrary),
        !Self.isOfTheSystem(file), !Self.runtimeFolders.contains(Self.folder(of: file))
      else { continue }
      files.append(file)
      add(file)
    }
  }

  /// Digests of the files by their names.
  ///
  /// - Throws: ``LoadError`` when one cannot be read.
  func digests() throws(LoadError) -> [String: String] {
    var digests: [String: String] = [:]
    for path in files {
      let digest = LibraryFile.sha256(try LibraryFile(path: path).contents())
      let name = String(path.split(separator: "/").last ?? "")
      // Two of one name and different contents: both count.
      digests[name] = digests[name].map { [$0, digest].sorted().joined() } ?? digest
    }
    return digests
  }

  // MARK: - What comes with the machine

  /// Where Swift's own libraries lie.
  static let runtimeFolders = program.folders.filter {
    FileManager.default.fileExists(atPath: $0 + "/libswiftCore.so")
  }

  /// What this program links to itself.
  private static let ownNames = Set(program.names)

  private static let program: NeededLibraries = {
    let ownFile = "/proc/self/exe"
    let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: ownFile)) ?? ""
    // Mapped, as few of its pages are looked at; nobody can shorten the file of a program that runs.
    let contents = try? Data(contentsOf: URL(literalPath: ownFile), options: .alwaysMapped)
    return NeededLibraries(contents ?? Data(), in: folder(of: path))
  }()

  /// Folders that are searched before the system's.
  static let searchPath = (ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] ?? "")
    .split(separator: ":").map(String.init)

  static let systemFolders = ["/lib64/", "/usr/lib64/", "/lib/", "/usr/lib/"]

  /// Wherever a path leads that begins like theirs.
  private static func isOfTheSystem(_ path: String) -> Bool {
    let place = URL(literalPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    return systemFolders.contains { place.hasPrefix($0) }
  }

  /// Whether a file is what a library can link to: a library may name whatever it likes, and would be let
  /// read it.
  private static func isLibrary(_ path: String) -> Bool {
    (try? LibraryFile(path: path).contents())?
      .withUnsafeBytes { DynamicSection($0) != nil } ?? false
  }

  static func folder(of path: String) -> String {
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    return (path.hasPrefix("/") ? "/" : "") + (folder.isEmpty ? "." : folder)
  }
}
