import Foundation
import TestSupport
import Testing

/// Where and how C functions are named as strategies.
@Suite(.enabled(if: LibraryCompiler.isThere, "needs a C compiler"))
struct FunctionNamingTests {
  private let tool = Tool()

  @Test func everyPlaceTakesAFunction() throws {
    try FunctionLibrary.withFolder { folder in
      let results = folder.appending(path: "results").path
      let two = ["--ratios", "2", "--seeds", "2", "--quick", "--output", results]
      let difference = "libm.so.6:f64 pow(f64 weight, f64 2): differences are"
      let compared = try tool.run(
        [
          "compare", "--strategies", "obd", "--controls", "libm.so.6:pow(weight, 2)", "--reference",
          "libm.so.6:pow(weight,2)", "--benchmarks", "sine",
        ] + two)
      #expect(compared.code == 0, "\(compared.errors)")
      #expect(compared.output.contains(difference), "\(compared.output)")
      let reported = try tool.run(
        "report", "--output", results, "--reference", "libm.so.6:pow(weight, 2)")
      #expect(reported.code == 0, "\(reported.errors)")
      #expect(reported.output.contains(difference), "\(reported.output)")
      let followed = try tool.run(
        ["run", "--strategy", "libm.so.6:fabs(weight)", "--benchmark", "sine"] + two)
      #expect(followed.code == 0, "\(followed.errors)")
      #expect(followed.output.contains("libm.so.6:f64 fabs(f64 weight)"))
      let planned = try tool.run(
        ["compare", "--strategies", "libm.so.6:sin(weight)", "--benchmarks", "sine", "--dry-run"]
          + two)
      #expect(planned.code == 0)
      #expect(planned.output.contains("libm.so.6:f64 sin(f64 weight)"))
    }
  }

  @Test("A path is one from the folder that the command is given in, and a bare name is none")
  func relativePaths() throws {
    try FunctionLibrary.withFolder { folder in
      var tool = tool
      tool.shellCommand = "cd '\(folder.path)'"
      let compare = ["--benchmarks", "sine"] + FunctionLibrary.one + ["results"]
      let outcome = try tool.run(
        ["compare", "--strategies", "./libmine.so:f32 saliency(f32 weight, f32 curvature)"]
          + compare)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("libmine.so:f32 saliency(f32 weight, f32 curvature)"))
      let bare = try tool.run(
        ["compare", "--strategies", "libmine.so:f32 saliency(f32 weight, f32 curvature)"] + compare)
      #expect(bare.code == 2)
      #expect(
        bare.errors.contains("write ./libmine.so for the one in this folder"), "\(bare.errors)")
      tool.environment["LD_LIBRARY_PATH"] = folder.path
      let found = try tool.run(
        ["compare", "--strategies", "libmine.so:f32 saliency(f32 weight, f32 curvature)"] + compare)
      #expect(found.code == 0, "\(found.errors)")
      #expect(!found.errors.contains("saliency"), "it is the same library: \(found.errors)")
    }
  }

  @Test("What the documentation shows is built and compared as it stands")
  func documentation() throws {
    try FunctionLibrary.withFolder { folder in
      let page = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Documentation/ffi.md").standardizedFileURL
      let text = try String(contentsOf: page, encoding: .utf8)
      let samples = text.matches(
        of: /```c\n(?s:(.*?))```\n\n```sh\n[^']*'(\.\/lib([a-z]+)\.so:[^']*)'/)
      #expect(samples.map { String($0.3) } == ["saliency", "taylor"])
      for sample in samples {
        try FunctionLibrary.build(String(sample.1), as: String(sample.3), in: folder)
        var tool = tool
        tool.shellCommand = "cd '\(folder.path)'"
        let outcome = try tool.run(
          ["compare", "--strategies", String(sample.2), "--benchmarks", "sine"]
            + FunctionLibrary.one + [
              "results"
            ])
        #expect(outcome.code == 0, "\(outcome.errors)")
      }
    }
  }

  @Test func listAndInfoSpeakOfThem() throws {
    #expect(try tool.run("list").output.contains("workbench info ffi"))
    let help = try tool.run("info", "ffi")
    #expect(help.code == 0)
    try expectSnapshot(help.output, "functions.txt")
    let info = try tool.run("info", "libm.so.6:fabs(weight)")
    #expect(info.code == 0)
    #expect(info.output.hasPrefix("libm.so.6:f64 fabs(f64 weight)\n"))
    for words in ["function of /", "libm.so.6", "reads     parameters"] {
      #expect(info.output.contains(words), "\(info.output)")
    }
  }

  @Test(
    "What cannot be meant ends with 2",
    arguments: [
      ("libm.so.6:fabz(weight)", "'libm.so.6' has no function 'fabz'; did you mean 'fabs'?"),
      ("libm.so.6:fabs(wait)", "there is no signal 'wait'; did you mean 'weight'?"),
      ("libm.so.6:fabs(weight)[x=1]", "has no parameters, so no 'x'"),
      ("libm.so.6:fabs(weight", "has a '(' without its ')'"),
      (
        "libmine.so:fabs(weight)",
        "there is no library 'libmine.so' where the system looks for some"
      ),
      ("fabs(weight)", "'fabs(weight)' names no library"),
    ])
  func refusals(name: String, words: String) throws {
    for command in [
      ["compare", "--strategies", name], ["run", "--strategy", name],
      ["compare", "--strategies", "obd", "--controls", name],
    ] {
      let outcome = try tool.run(command)
      #expect(outcome.code == 2 && outcome.output.isEmpty)
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
  }
}
