import Foundation
import Testing

/// Latencies in onnxruntime on a board, by a stand-in for the Python that measures them.
@Suite("Latency on the board")
struct LatencyReportTests {
  private func withStore(_ body: (URL, String) throws -> Void) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = folder.appending(path: "results").path
    let made = try Tool().run(
      "compare", "--strategies", "obd", "--benchmarks", "sine", "--quick", "--seeds", "2",
      "--ratios", "2,4", "--quiet", "--output", store)
    try #require(made.code == 0, "\(made.errors)")
    try body(folder, store)
  }

  @Test("Each row has the time of its network and the dense one's over it")
  func columns() throws {
    try withStore { folder, store in
      // The dense network comes first and takes 100 µs, all others 50.
      let python = folder.appending(path: "python")
      try Data(
        """
        #!/bin/sh
        shift 2
        times=100
        shift
        for file in "$@"; do
          [ -s "$file" ] || exit 1
          times="$times,50"
        done
        printf '{"version": "9.9", "runs": 3, "microseconds": [%s]}' "$times"
        """.utf8
      ).write(to: python)
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: python.path)
      let tool = Tool(environment: ["WORKBENCH_PYTHON": python.path, "COLUMNS": "1000"])
      let text = try tool.run("report", "--latency", "--output", store)
      #expect(text.code == 0, "\(text.errors)")
      #expect(text.output.contains("onnxruntime µs  its speed-up"))
      #expect(text.output.contains("of onnxruntime 9.9, networks compacted"))
      let json = try tool.run("report", "--latency", "--format", "json", "--output", store)
      // Five strategies at two ratios, and what only trains on.
      let times = json.output.components(separatedBy: "\"onnxruntime_us\" : 50").count - 1
      let ratios = json.output.components(separatedBy: "\"onnxruntime_speedup\" : 2").count - 1
      #expect(times == 11 && ratios == 11, "\(times), \(ratios)")
      let csv = try tool.run("report", "--latency", "--format", "csv", "--output", store)
      #expect(csv.output.contains(",50.0,2.0,"))
    }
  }

  @Test("Without onnxruntime it says so, and a board that nobody asked times of has none")
  func missing() throws {
    try withStore { _, store in
      let tool = Tool(environment: ["WORKBENCH_PYTHON": "/bin/false"])
      let asked = try tool.run("report", "--latency", "--output", store)
      #expect(asked.code == 2)
      #expect(asked.errors.contains("'/bin/false' has no onnxruntime"))
      #expect(asked.output.isEmpty)
      let plain = try tool.run("report", "--output", store)
      #expect(plain.code == 0 && !plain.output.contains("onnxruntime"))
    }
  }
}
