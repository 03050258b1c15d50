extension StrategyCatalogue {
  /// The strategy that is a C function, such as `libm.so.6:fabs(weight)`. Its library is loaded as those of
  /// plugins are.
  ///
  /// - Parameters:
  ///   - word: Library, name and arguments.
  ///   - path: Where the library lies, if that is known; else the word says it.
  /// - Throws: ``ReferenceError`` that quotes what is wrong, and names the nearest; ``LoadError`` for what
  ///   became of the library as it was loaded.
  package func function(_ word: String, at path: String? = nil) throws -> StrategyEntry {
    let named = try ForeignFunction(word)
    let function = path.map(named.lying) ?? named
    if let known = functions[function] { return known }
    let library = try ForeignLibrary(named: function.library)
    try library.check(function.symbol)
    let entry = StrategyEntry(
      function,
      origin: .function(
        path: library.file.path, sha256: LibraryFile.sha256(library.contents),
        libraries: try LinkedLibraries(of: library.file.path).digests()),
      table: try table(of: function, in: library))
    functions[function] = entry
    return entry
  }

  private func table(
    of function: ForeignFunction, in library: ForeignLibrary
  ) throws(LoadError) -> PluginTable {
    guard let isolation else {
      return PluginTable(
        try ForeignTable.load(function, in: library.file, contents: library.contents))
    }
    let path = library.file.path
    let remote = try RemoteLibrary(.function(function.lying(at: path)), isolation, path: path)
    note(remote)
    return PluginTable(remote.pointer)
  }
}
