package import Foundation

/// Builds shared libraries and programs from C, and libraries from C++, with the system's compilers.
package enum LibraryCompiler {
  private static let compiler: URL? = ["clang", "cc", "gcc"].lazy.compactMap(inPath).first
  private static let compilerPlusPlus: URL? = ["clang++", "c++", "g++"].lazy.compactMap(inPath)
    .first

  /// Whether there is a compiler.
  package static var isThere: Bool { compiler != nil }

  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// - Parameters:
  ///   - headers: Folders of headers.
  ///   - flags: Such as definitions of macros.
  /// - Throws: ``Failure`` that names the source which does not compile.
  package static func build(
    _ source: URL, as library: URL, headers: [URL], flags: [String] = []
  ) throws {
    try compile(
      [source], to: library, headers: headers,
      flags: ["-fPIC", "-shared", "-fvisibility=hidden"] + flags)
  }

  /// - Throws: ``Failure`` that names the sources where they do not compile.
  package static func buildProgram(
    _ sources: [URL], as program: URL, headers: [URL], flags: [String] = []
  ) throws {
    try compile(sources, to: program, headers: headers, flags: flags)
  }

  private static func compile(
    _ sources: [URL], to product: URL, headers: [URL], flags: [String]
  ) throws {
    let isPlusPlus = sources.contains { $0.pathExtension == "cpp" }
    guard let compiler = isPlusPlus ? compilerPlusPlus : compiler else {
      throw Failure(description: "there is no C\(isPlusPlus ? "++" : "") compiler")
    }
    let process = Process()
    process.executableURL = compiler
    process.arguments =
      [isPlusPlus ? "-std=gnu++20" : "-std=gnu11", "-w", "-O1"]
      + headers.flatMap { ["-I", $0.path] } + flags
      + sources.map(\.path) + ["-o", product.path]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let names = sources.map(\.lastPathComponent).joined(separator: ", ")
      throw Failure(description: "\(names) does not compile")
    }
  }

  private static func inPath(_ name: String) -> URL? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .map { URL(fileURLWithPath: String($0)).appending(path: name) }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }
}
