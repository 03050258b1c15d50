import Comparison
import Foundation
import Networks
import Testing

/// `show` and `explain` of results that a short comparison left.
@Suite struct StoredCellTests {
  private let tool = Tool()

  @Test(
    "Results are named by path, by folder and by the beginning of it; what they say is the same")
  func names() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = folder.appending(path: "store").path
    let run = try tool.run(
      "run", "--strategy", "obd", "--benchmark", "sine", "--ratios", "2,4", "--quick", "--quiet",
      "--output", store)
    #expect(run.code == 0, "\(run.errors)")
    let first = try tool.run("show", "sine/obd/0", "--output", store)
    #expect(first.code == 0, "\(first.errors)")
    #expect(first.output.contains("strategy") && first.output.contains("obd"))
    let cell = try #require(
      try Store(URL(filePath: store)).contents().results.first { !$0.key.isDense })
    let place = store + "/" + cell.key.hash
    for name in [place, cell.key.hash, String(cell.key.hash.prefix(8))] {
      let shown = try tool.run("show", name, "--output", store)
      #expect(shown.code == 0, "\(shown.errors)")
      let lines = { (text: String) in text.split(separator: "\n").dropFirst() }
      #expect(lines(shown.output) == lines(first.output))
    }
    let file = try tool.run("show", place + "/model.safetensors", "--format", "json")
    #expect(file.code == 0, "\(file.errors)")
    let object = try JSONSerialization.jsonObject(with: Data(file.output.utf8)) as? [String: Any]
    #expect(object?["live_weights"] as? Int == cell.points.last?.counts.weights)

    let explained = try tool.run("explain", "sine/obd/0", "--output", store)
    #expect(explained.code == 0, "\(explained.errors)")
    #expect(explained.output.contains("mask-off"))
    let dense = try tool.run("explain", "sine/dense/0", "--output", store)
    #expect(dense.code == 2)
    #expect(dense.errors.contains("'sine/dense/0' is a dense network"))
  }

  @Test("A word that names nothing is quoted, and what there is is listed")
  func unknown() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = folder.appending(path: "store").path
    #expect(
      try tool.run(
        "run", "--strategy", "magnitude", "--benchmark", "sine", "--ratios", "2", "--quick",
        "--quiet", "--output", store
      ).code == 0)
    for command in ["show", "explain"] {
      let wrong = try tool.run(command, "sine/obs/0", "--output", store)
      #expect(wrong.code == 2)
      #expect(wrong.errors.contains("'sine/obs/0'") && wrong.errors.contains("sine/magnitude/0"))
      let empty = try tool.run(command, "", "--output", store)
      #expect(empty.code == 2)
      let nowhere = try tool.run(command, "x", "--output", folder.path + "/none")
      #expect(nowhere.code == 2)
      #expect(nowhere.errors.contains("there is no folder"))
    }
    let broken = folder.appending(path: "broken.safetensors")
    try Data([1, 2, 3]).write(to: broken)
    let refused = try tool.run("show", broken.path)
    #expect(refused.code == 2)
    #expect(refused.errors.contains("broken.safetensors"))
  }
}
