import Foundation
import TestSupport

/// Builds C code as the library `libNAME.so` in a folder, with all of it exported; it may include
/// "plugin.h".
///
/// - Parameter libraries: Names of libraries in the folder that it links to.
func buildLibrary(
  _ text: String, as name: String, in folder: URL, linking libraries: [String] = []
) throws {
  let tests = URL(filePath: #filePath).deletingLastPathComponent()
  let source = folder.appending(path: name + ".c")
  try Data(text.utf8).write(to: source)
  try LibraryCompiler.build(
    source, as: folder.appending(path: "lib\(name).so"),
    headers: ["../../Sources/CWorkbench/include", "../PluginHostTests/BadPlugins"]
      .map { tests.appending(path: $0) },
    flags: [
      "-fvisibility=default", "-L", folder.path, "-Wl,-rpath,$ORIGIN", "-Wl,--no-as-needed",
    ]
      + libraries.map { "-l" + $0 })
}
