import Foundation
import TestSupport
import Testing

/// The built program, run as a process.
struct Tool {
  struct Outcome {
    var code: Int32
    /// Whether a signal ended the process.
    var isSignalled: Bool
    var output: String
    var errors: String
  }

  var environment: [String: String] = [:]
  /// What a shell does before it becomes the program, such as setting a limit; nil for no shell.
  var shellCommand: String?

  /// The program with the user's caches, which a build of a Swift package needs: the package manager
  /// and the compiler keep there what they fetched and made.
  static var withUsersCaches: Tool {
    let environment = ProcessInfo.processInfo.environment
    let caches = environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? "") + "/.cache"
    return Tool(environment: ["XDG_CACHE_HOME": caches])
  }

  /// Runs the program to its end.
  func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

  func run(_ arguments: [String]) throws -> Outcome { try start(arguments).finish() }

  /// Starts the program and lets it run.
  func start(_ arguments: [String]) throws -> Running {
    let process = Process()
    let executable = try Self.executable
    process.executableURL = executable
    process.arguments = arguments
    if let shellCommand {
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments =
        ["-c", shellCommand + "; exec \"$0\" \"$@\"", executable.path] + arguments
    }
    var variables = ProcessInfo.processInfo.environment
    for name in ["NO_COLOR", "WORKBENCH_PLUGIN_PATH"] { variables[name] = nil }
    variables["SWIFT_BACKTRACE"] = "enable=no"
    variables["XDG_CACHE_HOME"] = Self.cache
    // Tables are read whole.
    variables["COLUMNS"] = "1000"
    process.environment = variables.merging(environment) { $1 }
    return try Running(process)
  }

  /// What libraries said of themselves is kept while the tests run, so that not every command has to read all
  /// of them again.
  private static let cache: String = {
    guard let folder = try? temporaryFolder() else { return "/dev/null" }
    atexit { try? FileManager.default.removeItem(atPath: Tool.cache) }
    return folder.path
  }()

  /// The program, beside the bundle of these tests.
  static var executable: URL {
    get throws { try BuiltProgram.named("workbench") }
  }
}

/// A process whose streams are kept in files, so that none of them can fill up.
final class Running {
  let process: Process
  private let folder: URL

  init(_ process: Process) throws {
    self.process = process
    folder = try temporaryFolder()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try Self.handle(folder.appending(path: "output"))
    process.standardError = try Self.handle(folder.appending(path: "errors"))
    try process.run()
  }

  func finish() throws -> Tool.Outcome {
    process.waitUntilExit()
    defer { try? FileManager.default.removeItem(at: folder) }
    return Tool.Outcome(
      code: process.terminationStatus, isSignalled: process.terminationReason == .uncaughtSignal,
      output: output, errors: errors)
  }

  /// What the process has written to standard error so far.
  var errors: String {
    (try? String(contentsOf: folder.appending(path: "errors"), encoding: .utf8)) ?? ""
  }

  /// What it has written to standard output so far.
  var output: String {
    (try? String(contentsOf: folder.appending(path: "output"), encoding: .utf8)) ?? ""
  }

  /// Waits until `isReached` of standard error, or the process ends.
  func wait(until isReached: (String) -> Bool) {
    while process.isRunning, !isReached(errors) { usleep(5000) }
  }

  private static func handle(_ url: URL) throws -> FileHandle {
    try Data().write(to: url)
    return try FileHandle(forWritingTo: url)
  }
}

/// A new, empty folder; whoever asks removes it.
func temporaryFolder() throws -> URL {
  let folder = FileManager.default.temporaryDirectory
    .appending(path: "workbench-tests-\(UUID().uuidString)", directoryHint: .isDirectory)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  return folder
}

/// Whether a program is on the PATH.
func isThere(_ program: String) -> Bool {
  (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
}

/// Runs a line of shell that has to succeed.
func shell(_ line: String) throws {
  let process = Process()
  process.executableURL = URL(filePath: "/bin/sh")
  process.arguments = ["-c", line]
  let outcome = try Running(process).finish()
  #expect(outcome.code == 0, "\(line): \(outcome.output)\(outcome.errors)")
}

/// The root of the package that is tested.
var packageRoot: URL {
  URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
}
