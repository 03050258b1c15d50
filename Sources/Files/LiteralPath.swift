package import Foundation

extension URL {
  /// The file at a path, taken as it is written: `~x` is a file of that name in the current folder,
  /// and no user's home. A shell has replaced what it wanted to replace.
  package init(literalPath path: String) {
    let isAbsolute = path.hasPrefix("/")
    self.init(
      filePath: isAbsolute ? path : FileManager.default.currentDirectoryPath + "/" + path)
  }
}
