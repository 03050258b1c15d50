import CSystem
import Foundation

/// A shared library that is loaded, for as long as the process lives.
///
/// A library is never closed: the Swift runtime keeps records of every library it has seen and
/// would follow them into unmapped memory.
struct Library {
  private typealias Entry = @convention(c) () -> UnsafeRawPointer?

  let file: LibraryFile
  private let entry: Entry

  /// - Parameter contents: of the file.
  /// - Throws: ``LoadError`` when the file is no shared library, needs what is not there, or
  ///   exports no entry that this host knows.
  init(_ file: LibraryFile, contents: Data) throws(LoadError) {
    let handle = try Self.open(file, contents: contents)
    guard let symbol = dlsym(handle, "wb_plugin_v1") else {
      throw LoadError(path: file.path, reason: Self.missingEntry(in: handle))
    }
    self.file = file
    entry = unsafeBitCast(symbol, to: Entry.self)
  }

  /// Loads a library, whatever it exports.
  ///
  /// - Parameter contents: Of the file.
  /// - Throws: ``LoadError`` when the file is no shared library, or needs what is not there.
  static func open(
    _ file: LibraryFile, contents: Data
  ) throws(LoadError) -> UnsafeMutableRawPointer {
    if let needed = LinkableFormat.neededBytes(contents), needed > contents.count {
      throw LoadError(
        path: file.path,
        reason: "the file is cut short: it has \(contents.count) bytes, and its headers name more; "
          + "copy or build it again")
    }
    // A path without a slash would be looked for along the system's library path.
    let path = file.path.contains("/") ? file.path : "./" + file.path
    let flags = RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE | system_bind_deeply()
    guard let handle = dlopen(path, flags) else {
      let found = dlerror().map { String(cString: $0) } ?? "no reason given"
      throw LoadError(
        path: file.path,
        reason: "the system cannot load this as a shared library: \(found); build it for "
          + "this machine, with everything it needs beside it")
    }
    return handle
  }

  private static func missingEntry(in handle: UnsafeMutableRawPointer) -> String {
    if let newer = (2...9).first(where: { dlsym(handle, "wb_plugin_v\($0)") != nil }) {
      return "this plugin was built for a newer workbench: it exports wb_plugin_v\(newer), and "
        + "this one speaks version 1; update the workbench or build the plugin against its header"
    }
    return "this library exports no function wb_plugin_v1, so it is no plugin; a plugin defines "
      + "that function as workbench.h declares it"
  }

  /// Calls the entry: the address of the library's table of strategies, or nil.
  func table() -> UnsafeRawPointer? { entry() }
}
