import Foundation
import TestSupport
import Testing

/// What is the same comparison, and what only looks like it.
@Suite(.enabled(if: LibraryCompiler.isThere, "needs a C compiler"))
struct IdentityTests {
  private let tool = Tool()

  private static let one = [
    "--benchmarks", "sine", "--ratios", "2", "--seeds", "1", "--quick", "--output",
  ]

  @Test("A helper of a plugin that is built anew, and a plugin that is, give results of their own")
  func builds() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    func helper(_ number: Int) throws {
      try buildLibrary("int helper(void) { return \(number); }", as: "helper", in: folder)
    }
    func plugin(_ summary: String) throws {
      try buildLibrary(
        "#define ID \"mine\"\n#define SUMMARY \"\(summary)\"\n#include \"plugin.h\"\n", as: "mine",
        in: folder, linking: ["helper"])
    }
    let compare =
      ["compare", "--strategies", "mine", "--plugin", folder.appending(path: "libmine.so").path]
      + Self.one + [folder.appending(path: "results").path]
    try helper(1)
    try plugin("One build.")
    #expect(try tool.run(compare).errors.contains("sine mine seed 0: done"))
    #expect(try !tool.run(compare).errors.contains("sine mine seed 0: done"))
    try helper(2)
    #expect(try tool.run(compare).errors.contains("sine mine seed 0: done"))
    try plugin("Another build.")
    let last = try tool.run(compare)
    #expect(last.errors.contains("sine mine seed 0: done"))
    #expect(!last.errors.contains("sine obd"))

    let report = try tool.run("report", "--output", folder.appending(path: "results").path)
    #expect(report.code == 0)
    #expect(report.errors.isEmpty, "\(report.errors)")
    // Three of them, each with its own name.
    let rows = report.output.split(separator: "\n").filter {
      $0.contains(" mine") && $0.contains("1 done")
    }
    #expect(rows.count == 3, "\(report.output)")
    let names = rows.map { $0.split(separator: "  ").dropFirst().first }
    #expect(Set(names).count == 3)
  }

  @Test("Cells of other kernels are on no common board")
  func kernels() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let compare = ["compare", "--strategies", "obd"] + Self.one + [folder.path]
    for variant in ["portable", "avx2"] {
      var tool = tool
      tool.environment["WORKBENCH_KERNELS"] = variant
      let outcome = try tool.run(compare)
      #expect(outcome.code == 0)
      // A processor without AVX2 takes the portable ones for it.
      #expect(outcome.output.contains("portable kernels") || variant != "portable")
    }
    var misspelt = tool
    misspelt.environment["WORKBENCH_KERNELS"] = "avx3"
    let warned = try misspelt.run(compare)
    #expect(warned.code == 0)
    #expect(warned.errors.contains("warning: WORKBENCH_KERNELS names 'avx3'"))
    let report = try tool.run("report", "--output", folder.path)
    let heads = report.output.split(separator: "\n").filter { $0.hasPrefix("sine  ") }
    #expect(heads.contains { $0.hasSuffix("portable kernels") })
    #expect(Set(heads).count == heads.count)
  }

  @Test("A limit is part of what those are whose method depends on it, and of no others")
  func memoryLimit() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let compare = ["compare", "--strategies", "obs,obd"] + Self.one + [folder.path]
    #expect(try tool.run(compare).code == 0)
    let limited = try tool.run(compare + ["--memory", "2G"])
    #expect(limited.code == 0)
    #expect(limited.errors.contains("sine obs seed 0: done"))
    #expect(!limited.errors.contains("sine obd seed 0: done"))
  }
}
