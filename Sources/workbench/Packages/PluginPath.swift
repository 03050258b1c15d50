import Foundation

/// A path that names a plugin: a library, or the folder of a package that has one.
enum PluginPath {
  /// The library to load: the file itself, or what a folder's package builds.
  ///
  /// A package is built with the rights of the user, as the command would be that is said; what is built
  /// is confined when it is loaded.
  ///
  /// - Parameter path: As the user wrote it.
  /// - Returns: The path of a file, which need be no library where `path` names no folder.
  /// - Throws: ``CommandError`` that names the folder.
  static func library(at path: String) throws -> String {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return path }
    return try PluginPackage(folder: path).library()
  }
}
