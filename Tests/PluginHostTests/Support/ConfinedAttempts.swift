import Foundation
import TestSupport

/// A small program that makes attempts, free or confined.
struct ConfinedAttempts {
  /// How an attempt ended.
  enum Outcome: Hashable {
    case error(Int32)
    case signal(Int32)
    case noAnswer(String)

    static var success: Outcome { .error(0) }
  }

  private let folder: URL
  private var attempts: URL { folder.appending(path: "attempts") }

  /// - Parameter folder: Where the program is built and the attempts are made.
  init(in folder: URL) throws {
    self.folder = folder
    let system = PluginCompiler.sources.appending(path: "../../Sources/CSystem").standardizedFileURL
    let parts = ["confine", "confine_files", "confine_calls", "descriptors"]
    let sources = ["attempts", "files", "processes"].map { "Confined/\($0).c" }
    try LibraryCompiler.buildProgram(
      parts.map { system.appending(path: "\($0).c") }
        + sources.map { PluginCompiler.sources.appending(path: $0) },
      as: attempts, headers: [system.appending(path: "include")],
      flags: ["-pthread", "-ldl"])
    for place in ["inside", "outside"] {
      try FileManager.default.createDirectory(
        at: folder.appending(path: place), withIntermediateDirectories: true)
      try PluginCompiler.compile(
        "int answer(void) { return 42; }", to: "libplain.so", in: folder.appending(path: place))
    }
  }

  func make(_ attempt: String, confined: Bool) throws -> Outcome {
    try writeFiles()
    // Some attempts leave these.
    for leftover in ["inside/new", "outside/new", "outside/folder", "outside/link"] {
      try? FileManager.default.removeItem(at: folder.appending(path: leftover))
    }
    let (process, output) = try run(confined ? "confined" : "free", attempt, folder.path)
    if process.terminationReason == .uncaughtSignal { return .signal(process.terminationStatus) }
    return Int32(output).map(Outcome.error)
      ?? .noAnswer("'\(output)' and status \(process.terminationStatus)")
  }

  /// The parts as bits, and the version of Landlock, under a kernel that knows no such call.
  struct Report {
    let error: Int32
    let applied, missing: Int
    let landlockVersion: Int
  }

  func report(without call: Int) throws -> Report? {
    let output = try run("report", "\(call)").output
    let numbers = output.split(separator: " ").compactMap { Int($0) }
    guard numbers.count == 5 else { return nil }
    return Report(
      error: Int32(numbers[0]), applied: numbers[1], missing: numbers[2],
      landlockVersion: numbers[4])
  }

  /// What the program in Swift prints, line by line.
  func runInSwift() throws -> [String] {
    try writeFiles()
    let inside = folder.appending(path: "inside").path
    let (_, output) = try run(inside, program: BuiltProgram.named("ConfinedProgram"))
    return output.split(separator: "\n").map(String.init)
  }

  private func writeFiles() throws {
    for place in ["inside", "outside"] {
      try Data("text".utf8).write(to: folder.appending(path: "\(place)/file"))
    }
  }

  /// The output goes to a pipe, and errors nowhere, since a confined process can write no file.
  private func run(
    _ arguments: String..., program: URL? = nil
  ) throws -> (process: Process, output: String) {
    let process = Process()
    process.executableURL = program ?? attempts
    process.arguments = arguments
    let pipe = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    // The library of linear algebra starts threads as it is loaded, unless it is told not to.
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["OPENBLAS_NUM_THREADS": "1", "SWIFT_BACKTRACE": "enable=no"]) { $1 }
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let text = String(decoding: output, as: UTF8.self)
    return (process, text.trimmingCharacters(in: .whitespacesAndNewlines))
  }
}
