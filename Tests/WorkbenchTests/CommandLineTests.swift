import Foundation
import Testing

/// What the program says to words it does not run cells for.
@Suite struct CommandLineTests {
  private let tool = Tool()

  @Test(
    "Every help has examples",
    arguments: [
      "", "compare", "run", "report", "sensitivity", "reproduce", "list", "info", "new", "bench",
    ])
  func helpHasExamples(command: String) throws {
    let arguments = command.isEmpty ? ["--help"] : [command, "--help"]
    let outcome = try tool.run(arguments)
    #expect(outcome.code == 0)
    #expect(outcome.errors.isEmpty)
    let examples = try #require(
      outcome.output.components(separatedBy: "EXAMPLES").dropFirst().first)
    #expect(examples.contains("workbench \(command)"))
  }

  @Test func benchPrintsItsRowsAndRefusesWordsThatItDoesNotKnow() throws {
    let row = "machine/multiply-add-double"
    let whole = try tool.run("bench", "--filter", row, "--rounds", "1", "--quiet")
    #expect(whole.code == 0)
    #expect(whole.output.contains(row) && whole.output.contains("GFLOP/s"))
    let misspelt = try tool.run("bench", "--filter", "trian/")
    #expect(misspelt.code == 2)
    #expect(misspelt.errors.contains("'trian/'") && misspelt.errors.contains("--list"))
    var other = tool
    other.environment["WORKBENCH_KERNELS"] = "avx3"
    let unknown = try other.run("bench", "--filter", row, "--rounds", "1", "--quiet")
    #expect(unknown.code == 2)
    #expect(unknown.errors.contains("'avx3'") && unknown.errors.contains("portable"))
  }

  @Test func helpHidesTheWorker() throws {
    #expect(try !tool.run("--help").output.contains("worker"))
  }

  @Test(
    "A wrong word ends with 2, is quoted, and the nearest right one is named",
    arguments: [
      (["compar"], "compar", "compare"),
      (["compare", "--strategis", "obd"], "--strategis", "--strategies"),
      (["compare", "--strategies", "obdd"], "obdd", "obd"),
      (["compare", "--strategies", "obd", "--benchmarks", "freidman1"], "freidman1", "friedman1"),
      (["compare", "--strategies", "obd", "--reference", "magnitud"], "magnitud", "magnitude"),
      (["compare", "--strategies", "obs[dampin=1]"], "dampin", "damping"),
      (["compare", "--strategies", "obs", "--controls", "scrach"], "scrach", "scratch"),
      (["compare", "--strategies", "obs", "--controls", "reinit,ungrow"], "ungrow", "ungrown"),
      (["compare", "--strategies", "magnitude[scope=layr]"], "layr", "layer"),
      (["run", "--strategy", "obd", "--benchmark", "sin"], "sin", "sine"),
      (["sensitivty"], "sensitivty", "sensitivity"),
      (
        ["sensitivity", "--strategy", "obd", "--benchmark", "mnist-lenet"], "mnist-lenet",
        "mnist-lenet5"
      ),
      (["sensitivity", "--strategy", "obss", "--benchmark", "sine"], "obss", "obs"),
      (["reproduce", "han-lenet-300-10"], "han-lenet-300-10", "han-lenet-300-100"),
      (["info", "mnist-300-10"], "mnist-300-10", "mnist-300-100"),
      (["info", "ods"], "ods", "obs"),
    ])
  func nearestWord(arguments: [String], word: String, nearest: String) throws {
    let outcome = try tool.run(arguments)
    #expect(outcome.code == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("'\(word)'"))
    #expect(outcome.errors.contains("'\(nearest)'"))
  }

  @Test(
    "A density or a factor that is none ends with 2 and is quoted",
    arguments: [
      ("--densities", "0.5,half"), ("--densities", "0"), ("--densities", "101"),
      ("--densities", "-0.5"), ("--densities", "nan"), ("--densities", ""),
      ("--densities", "0.5,,0.1"), ("--tolerance", "0.5"), ("--tolerance", "inf"),
      ("--tolerance", "two"), ("--seeds", "0"),
    ])
  func hostileSensitivity(option: String, value: String) throws {
    let outcome = try tool.run(
      "sensitivity", option, value, "--strategy", "obd", "--benchmark", "sine", "--dry-run")
    #expect(outcome.code == 2)
    #expect(outcome.output.isEmpty)
    let word = value.contains(",") ? value.split(separator: ",").last.map(String.init) : value
    #expect(
      outcome.errors.contains("'\(value)'") || outcome.errors.contains("'\(word ?? "")'")
        || outcome.errors.contains("''"))
  }

  @Test(
    "A hostile value ends with 2 and is quoted",
    arguments: [
      ("--seeds", "0"), ("--seeds", "-1"), ("--seeds", "99999999999999999999"), ("--seeds", "two"),
      ("--ratios", "0.5,abc"), ("--ratios", "nan"), ("--ratios", "inf"), ("--ratios", "0.99"),
      ("--ratios", "1e300"), ("--ratios", "2,,4"), ("--ratios", ""), ("--jobs", "-3"),
      ("--jobs", "0"), ("--jobs", "1e9"), ("--timeout", "-5s"), ("--timeout", "nan"),
      ("--timeout", "1e300h"), ("--memory", "1"), ("--memory", "lots"), ("--memory", "1e300G"),
      ("--format", "xml"), ("--benchmarks", "sine,"),
    ])
  func hostileValues(option: String, value: String) throws {
    let outcome = try tool.run("compare", option, value, "--strategies", "obd", "--dry-run")
    #expect(outcome.code == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("'\(value)'"))
  }

  @Test(arguments: ["obd,", "", ",", "obs[", "obs]", "obs[damping]", "obs[damping=1", "[]"])
  func malformedStrategies(words: String) throws {
    let outcome = try tool.run("compare", "--strategies", words, "--dry-run")
    #expect(outcome.code == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("Error: "))
  }

  @Test func somethingHasToBeCompared() throws {
    let outcome = try tool.run("compare")
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains("--strategies obd,obs"))
  }

  @Test func reportOfNothing() throws {
    let outcome = try tool.run("report", "--output", "/nowhere/at/all")
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains("'/nowhere/at/all'"))
  }

  @Test("A damping that no inverse has is refused before anything runs, with the range")
  func dampingOutOfRange() throws {
    let outcome = try tool.run("compare", "--strategies", "obs[damping=0]")
    #expect(outcome.code == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("from 1e-08 to 1000"))
  }

  @Test("A plugin that cannot be loaded ends with 2 and names the file")
  func badPlugin() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = folder.appending(path: "libText.so")
    try Data("not a library".utf8).write(to: text)
    for path in ["/nowhere/libNone.so", text.path] {
      let outcome = try tool.run("compare", "--strategies", "obd", "--plugin", path, "--dry-run")
      #expect(outcome.code == 2)
      #expect(outcome.errors.contains(path))
    }
  }

  @Test(
    "What is wrong is quoted without what moves the cursor of a terminal",
    arguments: [
      ["list", "--plugin", "/nowhere/\u{1B}[2J.so"], ["info", "\u{1B}[2J"],
      ["compare", "--strategies", "\u{1B}[2J"], ["report", "--output", "/nowhere/\u{1B}[2J"],
    ])
  func controls(arguments: [String]) throws {
    let outcome = try tool.run(arguments)
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains("\u{FFFD}[2J"))
    #expect(!outcome.errors.unicodeScalars.contains("\u{1B}"))
  }

  @Test("A reader that goes away early is no failure")
  func closedPipe() throws {
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/sh")
    let tool = try Tool.executable.path
    shell.arguments = ["-c", "{ '\(tool)' list; echo \"code $?\" >&2; } | true"]
    let errors = Pipe()
    shell.standardError = errors
    try shell.run()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    shell.waitUntilExit()
    #expect(said == "code 0\n")
  }
}
