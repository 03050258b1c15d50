import Comparison
import Foundation
import TestSupport
import Testing

/// C functions as strategies, from the command to the board.
@Suite(.enabled(if: LibraryCompiler.isThere, "needs a C compiler"))
struct FunctionTests {
  private let tool = Tool()

  /// The rows of a comparison by their titles, each without what a name and a clock decide.
  private func rows(_ strategies: [String], _ more: [String]) throws -> [String: [NSDictionary]] {
    let outcome = try tool.run(
      ["compare", "--format", "json", "--quiet", "--strategies", strategies.joined(separator: ",")]
        + more)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    let board = try #require(object as? [String: Any])
    let boards = try #require(board["boards"] as? [[String: Any]])
    var rows: [String: [NSDictionary]] = [:]
    for row in boards.flatMap({ $0["rows"] as? [[String: Any]] ?? [] }) {
      let title = try #require(row["title"] as? String)
      let own = [
        "title", "strategy", "origin", "plugin_sha256", "inference", "score_seconds",
        "train_seconds", "difference",
      ]
      rows[title, default: []].append(row.filter { !own.contains($0.key) } as NSDictionary)
    }
    return rows
  }

  // MARK: - The same as what is known

  @Test("The magnitude of the C library is the row of magnitude, in every form and process")
  func magnitude() throws {
    try FunctionLibrary.withFolder { folder in
      for isolate in ["plugins", "none"] {
        let rows = try rows(
          [
            "libm.so.6:fabs(weight)", "libm.so.6:f64 fabs(f64 weight)",
            "libm.so.6:f32 fabsf(f32 weight)",
          ],
          ["--benchmarks", "friedman1,mnist-300-100", "--isolate", isolate] + FunctionLibrary.one
            + [folder.appending(path: isolate).path])
        let known = try #require(rows["magnitude"])
        #expect(known.count == 4 && known[0].count > 20)
        #expect(rows["libm.so.6:f64 fabs(f64 weight)"] == known)
        #expect(rows["libm.so.6:f32 fabsf(f32 weight)"] == known)
      }
    }
  }

  @Test("Optimal Brain Damage as a C function is the row of obd")
  func saliency() throws {
    try FunctionLibrary.withFolder { folder in
      let library = folder.appending(path: "libmine.so").path
      let scalar = "f32 saliency(f32 weight, f32 curvature)"
      let arrays = "void saliencies(const f32 *weight, const f32 *curvature, u64 n, f32 *out)"
      let rows = try rows(
        ["\(library):\(scalar)", "\(library):\(arrays)", "obd"],
        ["--benchmarks", "teacher"] + FunctionLibrary.one + [folder.appending(path: "results").path]
      )
      let known = try #require(rows["obd"])
      #expect(known.count == 2)
      #expect(rows["libmine.so:\(scalar)"] == known)
      #expect(rows["libmine.so:\(arrays)"] == known)
    }
  }

  // MARK: - Harm

  @Test(
    "What a function does to its process is its own row",
    arguments: [
      (
        "void far(const f32 *weight, u64 n, f32 *out)", "crashed",
        "its process was ended by SIGSEGV"
      ),
      (
        "void inputs(const f32 *weight, u64 n, f32 *out)", "crashed",
        "its process was ended by SIGSEGV"
      ),
      (
        "void behind(const f32 *weight, u64 n, f32 *out)", "invalid",
        "behind wrote outside of 'out'"
      ),
      ("f64 crash(f64 weight)", "crashed", "its process was ended by SIGSEGV"),
      ("f64 leave(f64 weight)", "crashed", "its process ended itself with status 7"),
      ("f64 pointer(u64 3, f64 weight)", "crashed", "its process was ended by SIGSEGV"),
      ("f64 forever(f64 weight)", "timeout", "it took longer than 1.0 s by itself"),
      ("f64 no_number(f64 weight)", "invalid", "its score 0 of layer"),
    ])
  func harm(declaration: String, status: String, words: String) throws {
    try FunctionLibrary.withFolder { folder in
      let library = folder.appending(path: "libmine.so").path
      let results = folder.appending(path: "results")
      let outcome = try tool.run(
        [
          "compare", "--strategies", "\(library):\(declaration),obd", "--benchmarks", "sine",
          "--strategy-timeout", "1s",
        ] + FunctionLibrary.one + [results.path])
      #expect(outcome.code == 1, "\(outcome.errors)")
      #expect(outcome.output.contains("libmine.so:\(declaration)"))
      let stored = try Store(results).contents().results
      let result = try #require(stored.first { $0.key.strategy == "libmine.so:\(declaration)" })
      #expect(result.status.rawValue == status, "\(result.reason ?? "")")
      #expect(result.reason?.contains(words) ?? false, "\(result.reason ?? "")")
      #expect(stored.count > 5)
      #expect(stored.allSatisfy { $0.status == .done || $0.key == result.key })
    }
  }

  @Test("A library that ends its process while it is loaded is refused, and says how")
  func loading() throws {
    try FunctionLibrary.withFolder { folder in
      try FunctionLibrary.build(
        """
        #include <stdlib.h>
        __attribute__((constructor)) static void start(void) { abort(); }
        double score(double weight) { return weight; }
        """, as: "aborting", in: folder)
      let outcome = try tool.run("info", "\(folder.path)/libaborting.so:score(weight)")
      #expect(outcome.code == 2 && !outcome.isSignalled)
      #expect(outcome.errors.contains("its process was ended by SIGABRT"), "\(outcome.errors)")
    }
  }

  // MARK: - What a result is of

  @Test(
    "Another library, helper or declaration gives other results; another way of writing it none")
  func identity() throws {
    try FunctionLibrary.withFolder { folder in
      func helper(_ number: Int) throws {
        try FunctionLibrary.build(
          "double helper(void) { return \(number); }", as: "helper", in: folder)
      }
      func compare(_ name: String) throws -> Tool.Outcome {
        try tool.run(
          ["compare", "--strategies", name, "--benchmarks", "sine"] + FunctionLibrary.one
            + [folder.appending(path: "results").path])
      }
      func runs(_ name: String) throws -> Bool {
        let outcome = try compare(name)
        #expect(outcome.code == 0, "\(outcome.errors)")
        return outcome.errors.contains("sine libuser.so:f64 score(")
      }
      func user(_ factor: Int) throws {
        try FunctionLibrary.build(
          """
          double helper(void);
          double score(double weight) { return weight * weight * \(factor) * helper(); }
          """, as: "user", in: folder, linking: ["helper"])
      }
      let path = "\(folder.path)/libuser.so"
      try helper(1)
      try user(1)
      #expect(try runs("\(path):score(weight)"))
      #expect(try !runs("\(path):f64 score(f64 weight)"))
      #expect(try !runs("\(folder.path)/./libuser.so:score( weight )"))
      #expect(try runs("\(path):f64 score(f64 weight, f64 gradient)"))
      #expect(try !runs("\(path):score(weight)"))
      try helper(2)
      #expect(try runs("\(path):score(weight)"))
      try user(2)
      #expect(try runs("\(path):score(weight)"))
      let report = try tool.run("report", "--output", folder.appending(path: "results").path)
      #expect(report.code == 0 && report.errors.isEmpty, "\(report.errors)")
      let titles = Set(
        report.output.matches(of: /libuser\.so:f64 score\(f64 weight\) \([^)]*\)/).map(\.0))
      #expect(titles.count == 3, "\(report.output)")
    }
  }
}
