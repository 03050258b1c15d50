import Foundation
import TestSupport

/// A library of C functions that knows nothing of the workbench.
enum FunctionLibrary {
  /// The end of a short comparison; the folder of its results follows.
  static let one = ["--ratios", "2,4", "--seeds", "1", "--quick", "--output"]

  private static let source = """
    #include <stdint.h>
    #include <stdlib.h>
    #include <unistd.h>
    float saliency(float w, float h) { return h * w * w / 2; }
    void saliencies(const float *w, const float *h, uint64_t n, float *out) {
      for (uint64_t i = 0; i < n; i++) out[i] = h[i] * w[i] * w[i] / 2;
    }
    void far(const float *w, uint64_t n, float *out) {
      for (uint64_t i = 0; i < 1 << 30; i++) out[i] = 1;
    }
    void behind(const float *w, uint64_t n, float *out) { out[n] = 1; }
    void inputs(float *w, uint64_t n, float *out) { for (uint64_t i = 0; i < n; i++) out[i] = w[i] = 1; }
    double crash(double w) { return *(volatile double *)8; }
    double leave(double w) { _exit(7); }
    double pointer(const double *w) { return *w; }
    double forever(double w) { for (;;) {} }
    double no_number(double w) { return 0.0 / 0.0; }
    """

  /// A folder with the library, `libmine.so`, which is gone after `body`.
  static func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try build(source, in: folder)
    try body(folder)
  }

  /// Builds C code as `libNAME.so` in a folder, in the place of one that is there.
  static func build(
    _ source: String, as name: String = "mine", in folder: URL, linking: [String] = []
  ) throws {
    let file = folder.appending(path: name + ".c")
    try Data(source.utf8).write(to: file)
    let library = folder.appending(path: "lib\(name).so")
    try? FileManager.default.removeItem(at: library)
    try LibraryCompiler.build(
      file, as: library, headers: [],
      flags: ["-fvisibility=default", "-L", folder.path, "-Wl,-rpath,$ORIGIN"]
        + linking.map { "-l" + $0 })
  }
}
