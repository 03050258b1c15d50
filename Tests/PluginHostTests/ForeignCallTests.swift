import Foundation
import Networks
import PluginHost
import Testing

/// C functions at work: found, loaded and called, beside the judge.
@Suite(.enabled(if: PluginCompiler.isThere, "needs a C compiler"))
struct ForeignCallTests {
  private static let source = """
    #include <math.h>
    #include <stdint.h>
    #include <stdlib.h>
    double magnitude(double w) { return fabs(w); }
    float magnitude_f32(float w) { return fabsf(w); }
    int32_t negative(int32_t live) { return -live; }
    int64_t negative_long(int64_t live) { return -live; }
    uint32_t high(uint32_t live) { return live * UINT32_C(4000000000); }
    uint64_t high_long(uint64_t live) { return live * UINT64_C(18000000000000000000); }
    double mixed(int32_t a, double b, uint64_t c, float d, int64_t e, double w, float f, uint32_t g,
                 double h, double i, double j, double k, double l, double m) {
      return a == -1 && b == 0.5 && c == 18446744073709551615u && d == 2.5f && e == -7 && f == 1
        && g == 8 && h == 9 && i == 10 && j == 11 && k == 12 && l == 13 && m == 14 ? fabs(w) : NAN;
    }
    double saliency(double w, double h) { return h * w * w / 2; }
    float saliency_f32(float w, float h) { return h * w * w / 2; }
    void saliencies(const float *w, const float *h, uint64_t n, float *out) {
      for (uint64_t i = 0; i < n; i++) out[i] = h[i] * w[i] * w[i] / 2;
    }
    void saliencies_f64(int32_t n, double *out, double half, const double *h, const double *w) {
      for (int32_t i = 0; i < n; i++) out[i] = h[i] * w[i] * w[i] * half;
    }
    void live(const uint32_t *mask, uint64_t n, float *out) {
      for (uint64_t i = 0; i < n; i++) out[i] = mask[i];
    }
    void behind(const float *w, uint64_t n, float *out) {
      for (uint64_t i = 0; i <= n; i++) out[i] = 1;
    }
    void before(const float *w, uint64_t n, double *out) {
      for (uint64_t i = 0; i < n; i++) out[i] = 1;
      out[-1] = 1;
    }
    void half(const float *w, uint64_t n, double *out) {
      for (uint64_t i = 0; i < n / 2; i++) out[i] = 1;
    }
    void nothing(const float *w, uint64_t n, float *out) {}
    double none(double w) { return NAN; }
    double large(double w) { return 1e300; }
    double data = 1;
    """

  /// The plan of a function of a library of that source.
  private func plan(
    _ declarations: String..., goal: Int = 40, network: Network? = nil
  ) throws -> [AppliedPlan] {
    let network = try network ?? Fixtures.perceptron()
    return try PluginCompiler.withFolder { folder in
      try PluginCompiler.compile(Self.source, to: "libscores.so", in: folder, linking: ["m"])
      let catalogue = try StrategyCatalogue()
      return try declarations.map {
        let entry = try catalogue.entry(
          named: $0.contains(":") ? $0 : "\(folder.path)/libscores.so:\($0)")
        return try Fixtures.plan(entry, network, goal: goal)
      }
    }
  }

  private func same(_ plans: [AppliedPlan], _ id: String) throws {
    let network = try Fixtures.perceptron()
    let known = try Fixtures.plan(StrategyCatalogue().entry(named: id), network, goal: 40)
    #expect(!known.edits.isEmpty)
    for plan in plans {
      #expect(plan.edits == known.edits)
      #expect(plan.scores == known.scores)
    }
  }

  @Test("The magnitude of a weight is the magnitude of a weight")
  func magnitude() throws {
    try same(
      plan(
        "libm.so.6:fabs(weight)", "libm.so.6:f64 fabs(f64 weight)", "magnitude(weight)",
        "f32 magnitude_f32(f32 weight)",
        "f64 mixed(i32 -1, f64 0.5, u64 18446744073709551615, f32 2.5, i64 -7, f64 weight, f32 1, "
          + "u32 8, f64 9, f64 10, f64 11, f64 12, f64 13, f64 14)"),
      "magnitude")
  }

  @Test("Optimal Brain Damage in C is Optimal Brain Damage, by values and by arrays")
  func saliency() throws {
    try same(
      plan(
        "f32 saliency_f32(f32 weight, f32 curvature)",
        "void saliencies(const f32 *weight, const f32 *curvature, u64 n, f32 *out)"),
      "obd")
    let plans = try plan(
      "saliency(weight, curvature)",
      "void saliencies_f64(i32 n, f64 *out, f64 0.5, const f64 *curvature, const f64 *weight)")
    #expect(plans[0].edits == plans[1].edits)
    #expect(plans[0].scores == plans[1].scores)
  }

  @Test(
    "A result narrower than a word is what the function returned, and a wider one, too",
    arguments: [
      ("i32 negative(i32 mask)", -1), ("i64 negative_long(i64 mask)", -1),
      ("u32 high(u32 mask)", 4e9), ("u64 high_long(u64 mask)", 1.8e19),
      ("void live(const u32 *mask, u64 n, f32 *out)", 1),
    ])
  func results(declaration: String, value: Float) throws {
    // Of equal scores the first weights go, and no layer is to lose all of its.
    let scores = try #require(try plan(declaration, goal: 90)[0].scores)
    #expect(scores.least == Double(value) && scores.largest == Double(value), "\(scores)")
  }

  @Test(
    "What a function does wrong is its strategy's failure",
    arguments: [
      (
        "void behind(const f32 *weight, u64 n, f32 *out)",
        "it failed: behind wrote outside of 'out', which has 48 values of f32"
      ),
      (
        "void before(const f32 *weight, u64 n, f64 *out)",
        "it failed: before wrote outside of 'out', which has 48 values of f64"
      ),
      (
        "void half(const f32 *weight, u64 n, f64 *out)",
        "its score 24 of layer 'fc1' is nan or was never written"
      ),
      (
        "void nothing(const f32 *weight, u64 n, f32 *out)",
        "its score 0 of layer 'fc1' is nan or was never written"
      ),
      ("none(weight)", "its score 0 of layer 'fc1' is nan or was never written"),
      ("large(weight)", "its score 0 of layer 'fc1' is inf or was never written"),
    ])
  func failures(declaration: String, sentence: String) {
    let said = message { _ = try plan(declaration) }
    #expect(said.contains(sentence), "\(said)")
  }

  @Test(
    "A library or a function that is not there is named, with the nearest",
    arguments: [
      (
        "libmm.so.6:fabs(weight)",
        "there is no library 'libmm.so.6' where the system looks for some; did you mean 'libm.so.6'?"
      ),
      ("/nowhere/libx.so:f(weight)", "there is no library '/nowhere/libx.so'; check its path"),
      ("/usr:f(weight)", "/usr: this is not a regular file; name the shared library itself"),
      ("/etc/passwd:f(weight)", "'/etc/passwd' is no shared library"),
      ("libm.so.6:fabz(weight)", "'libm.so.6' has no function 'fabz'; did you mean 'fabs'?"),
      ("libm.so.6:signgam(weight)", "'signgam' of 'libm.so.6' is data and no function"),
      ("saliensy(weight)", "has no function 'saliensy'; did you mean 'saliency'?"),
      ("data(weight)", "is data and no function"),
    ])
  func notThere(name: String, sentence: String) {
    let said = message { _ = try plan(name) }
    #expect(said.contains(sentence), "\(said)")
  }

  @Test func aMisspeltPathNamesItsNeighbour() throws {
    try PluginCompiler.withFolder { folder in
      try PluginCompiler.compile(Self.source, to: "libscores.so", in: folder, linking: ["m"])
      let said = message {
        _ = try StrategyCatalogue().entry(named: "\(folder.path)/libscore.so:magnitude(weight)")
      }
      #expect(said.contains("; did you mean '\(folder.path)/libscores.so'?"), "\(said)")
    }
  }

  @Test func theEntrySaysWhatFollowsFromTheDeclaration() throws {
    let catalogue = try StrategyCatalogue()
    let before = catalogue.entries.count
    let entry = try catalogue.entry(named: "libm.so.6:fma(weight, lecun_curvature, mask)")
    #expect(entry.id == "libm.so.6:f64 fma(f64 weight, f64 lecun_curvature, f64 mask)")
    #expect(entry.reads == ["parameters", "mask", "lecun-diagonal"])
    #expect(entry.emits.isEmpty && entry.options.isEmpty)
    #expect(entry.granularity == .weights && entry.course == .prune)
    #expect(catalogue.entries.count == before, "only what was loaded by its name is listed")
    guard case .function(let path, let digest, let libraries) = entry.origin else {
      Issue.record("the origin is \(entry.origin)")
      return
    }
    #expect(path.hasSuffix("/libm.so.6") && digest.count == 64 && libraries.isEmpty)
  }
}
