import CSystem
import Foundation

/// The libraries that a plugin brings along: what decides its results beside its own file.
///
/// Left out are those that this program links to as well, those of the system, and those that lie
/// where Swift's own library does: they come with the machine, as the processor does.
enum LinkedLibraries {
  /// Their files.
  ///
  /// - Parameter handle: what `dlopen` gave for the plugin.
  /// - Throws: ``LoadError`` when the loader does not tell of any.
  static func files(
    behind handle: UnsafeMutableRawPointer, plugin: String
  ) throws(LoadError) -> [String] {
    guard let program = dlopen(nil, RTLD_NOW), let own = paths(behind: program),
      let paths = paths(behind: handle)
    else {
      throw LoadError(path: plugin, reason: "the system does not tell which libraries it links to")
    }
    let runtime = runtimeFolders(of: own)
    return Set(paths).subtracting(own)
      .filter { !isOfTheSystem($0) && !runtime.contains(folder(of: $0)) }.sorted()
  }

  /// Where Swift's own libraries lie.
  static var runtimeFolders: [String] {
    runtimeFolders(of: dlopen(nil, RTLD_NOW).flatMap(paths) ?? [])
  }

  private static func runtimeFolders(of paths: [String]) -> [String] {
    paths.filter { name(of: $0).hasPrefix("libswiftCore.") }.map(folder)
  }

  /// The libraries that one may link to that was not loaded yet: itself and those that lie beside it or
  /// where `LD_LIBRARY_PATH` says.
  static func files(beside path: String) -> [String] {
    let folders =
      [path.contains("/") ? folder(of: path) : "."]
      + (ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] ?? "").split(separator: ":")
      .map(String.init)
    return [path]
      + folders.flatMap { folder in
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
          .filter { $0.hasSuffix(".so") || $0.contains(".so.") }.map { folder + "/" + $0 }
      }
  }

  /// Digests of files by their names.
  ///
  /// - Throws: ``LoadError`` when one cannot be read.
  static func digests(of files: [String]) throws(LoadError) -> [String: String] {
    var digests: [String: String] = [:]
    for path in files {
      let digest = LibraryFile.sha256(try LibraryFile(path: path).contents())
      // Two of one name and different contents: both count.
      digests[name(of: path)] =
        digests[name(of: path)].map { [$0, digest].sorted().joined() } ?? digest
    }
    return digests
  }

  private static func paths(behind handle: UnsafeMutableRawPointer) -> [String]? {
    var paths: [String] = []
    let status = withUnsafeMutablePointer(to: &paths) { paths in
      system_linked_libraries(
        handle,
        { context, path in
          context?.assumingMemoryBound(to: [String].self).pointee.append(String(cString: path))
        }, paths)
    }
    // What the kernel maps in has no file.
    return status == 0 ? paths.filter { $0.contains("/") } : nil
  }

  private static func isOfTheSystem(_ path: String) -> Bool {
    ["/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/"].contains { path.hasPrefix($0) }
  }

  private static func name(of path: String) -> String {
    String(path.split(separator: "/").last ?? "")
  }

  private static func folder(of path: String) -> String {
    (path.hasPrefix("/") ? "/" : "") + path.split(separator: "/").dropLast().joined(separator: "/")
  }
}
