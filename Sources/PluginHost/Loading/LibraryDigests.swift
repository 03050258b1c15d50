/// SHA-256 digests of a library and of those that it links to and brings along, as they are now.
package struct LibraryDigests: Hashable, Sendable {
  package let library: String
  /// By file name.
  package let linked: [String: String]

  /// - Returns: Nil where one of them cannot be read.
  package init?(of path: String) {
    guard let contents = try? LibraryFile(path: path).contents(),
      let linked = try? LinkedLibraries(of: path).digests()
    else { return nil }
    library = LibraryFile.sha256(contents)
    self.linked = linked
  }
}
