import Foundation

/// The file of a library whose function is to be called, found as the system's loader finds it. Nothing is
/// loaded.
struct ForeignLibrary {
  let file: LibraryFile
  let contents: Data
  private let name: String
  private let symbols: DynamicSymbols

  /// - Parameter name: A path, or a name without a slash, which is looked for.
  /// - Throws: ``ReferenceError`` where there is no such library of this machine's format.
  init(named name: String) throws(ReferenceError) {
    let path = name.contains("/") ? name : try Self.path(of: name)
    guard FileManager.default.fileExists(atPath: path) else {
      throw ReferenceError(
        "there is no library \(quoted(name))\(Self.neighbour(of: name)); check its path")
    }
    do throws(LoadError) {
      file = try LibraryFile(path: path)
      contents = try file.contents()
    } catch {
      throw ReferenceError(error.description)
    }
    guard let symbols = DynamicSymbols(contents) else {
      throw ReferenceError(
        "\(quoted(name)) is no shared library; build one, as by cc -shared -fPIC")
    }
    self.name = name
    self.symbols = symbols
  }

  /// - Throws: ``ReferenceError`` where the library has no function of this name, with the nearest.
  func check(_ symbol: String) throws(ReferenceError) {
    guard !symbols.functions.contains(symbol) else { return }
    let hint = suggestion(for: symbol, among: similar(to: symbol))
    guard !symbols.others.contains(symbol) else {
      throw ReferenceError(
        "\(quoted(symbol)) of \(quoted(name)) is data and no function\(hint); name a function")
    }
    throw ReferenceError(
      "\(quoted(name)) has no function \(quoted(symbol))\(hint); 'nm -D' lists what a library has")
  }

  /// The functions whose names could be meant: the search for the nearest takes its time for each.
  private func similar(to symbol: String) -> [String] {
    let length = symbol.utf8.count
    let names = symbols.functions.filter {
      $0.utf8.count <= 2 * length && length <= 2 * $0.utf8.count
    }
    return names.sorted().suffix(Self.mostSimilar)
  }

  private static let mostSimilar = 20_000

  // MARK: - Finding it

  /// Where the loader finds a name without a slash: in the folders of `LD_LIBRARY_PATH`, in its cache, in
  /// the system's folders.
  private static func path(of name: String) throws(ReferenceError) -> String {
    let candidates =
      LinkedLibraries.searchPath.map { "\($0)/\(name)" }
      + LoaderCache.ofTheSystem.libraries.filter { $0.name == name }.map(\.path)
      + LinkedLibraries.systemFolders.map { $0 + name }
    if let path = candidates.first(where: isOfThisMachine) { return path }
    guard !FileManager.default.fileExists(atPath: name) else {
      throw ReferenceError(
        "\(quoted(name)) is not where the system looks for libraries; write ./\(quotedBare(name)) for "
          + "the one in this folder")
    }
    let names = Set(LoaderCache.ofTheSystem.libraries.map(\.name)).sorted()
    throw ReferenceError(
      "there is no library \(quoted(name)) where the system looks for some"
        + suggestion(for: name, among: names)
        + "; a path to a file has a slash, such as ./libmine.so")
  }

  /// Whether a file can be a library for this very machine: others may lie beside it under the same name.
  private static func isOfThisMachine(_ path: String) -> Bool {
    guard let contents = try? LibraryFile(path: path).contents() else { return false }
    return machine(contents) == ownMachine
  }

  /// The class of a file of the system's format and its machine; nil for any other file.
  private static func machine(_ contents: Data) -> [UInt8]? {
    guard contents.count >= 20, contents.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else { return nil }
    return Array(contents.prefix(6).suffix(2) + contents.prefix(20).suffix(2))
  }

  private static let ownMachine = machine(
    (try? LibraryFile(path: "/proc/self/exe").contents()) ?? Data())

  private static func neighbour(of path: String) -> String {
    let folder = LinkedLibraries.folder(of: path)
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .filter { $0.contains(".so") }.sorted()
    let word = String(path.split(separator: "/").last ?? "")
    guard let name = nearest(to: word, among: names) else { return "" }
    return "; did you mean '\(folder)/\(name)'?"
  }
}
