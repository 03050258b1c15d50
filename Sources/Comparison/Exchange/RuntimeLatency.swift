import Foundation
package import Networks

/// How long networks take for a sample in onnxruntime, as a Python that has it measures them: alone in a batch, on one
/// thread, all of them in turns, so that what disturbs one disturbs the others.
package struct RuntimeLatency: Decodable, Sendable {
  /// Of onnxruntime.
  package let version: String
  /// How many runs of each network were timed.
  package let runs: Int
  /// Medians, in the order of the networks.
  package let microseconds: [Double]

  /// The variable that names the Python.
  package static let variable = "WORKBENCH_PYTHON"

  /// - Throws: ``PlanError`` where no Python with onnxruntime is there, `ModelFileError` for a network that cannot be
  ///   written.
  package static func measure(_ networks: [Network]) throws -> RuntimeLatency {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "workbench-latency-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var files: [String] = []
    for (index, network) in networks.enumerated() {
      let file = folder.appending(path: "\(index).onnx")
      try ONNXFile.encode(network).write(to: file)
      files.append(file.path)
    }
    return try run(files)
  }

  private static func run(_ files: [String]) throws(PlanError) -> RuntimeLatency {
    let python = ProcessInfo.processInfo.environment[variable] ?? "python3"
    let missing = PlanError(
      "'\(python)' has no onnxruntime, which latencies are measured in; name a Python that has it by \(variable)"
    )
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [python, "-c", script] + files
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    let data: Data
    do {
      try process.run()
      data = try output.fileHandleForReading.readToEnd() ?? Data()
    } catch { throw missing }
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else { throw missing }
    guard let latency = try? JSONDecoder().decode(RuntimeLatency.self, from: data),
      latency.microseconds.count == files.count
    else { throw PlanError("'\(python)' printed no latencies") }
    return latency
  }

  private static let script = """
    import json, sys, time
    import numpy, onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    sessions, feeds = [], []
    for file in sys.argv[1:]:
        session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        entry = session.get_inputs()[0]
        shape = [extent if isinstance(extent, int) else 1 for extent in entry.shape]
        sessions.append(session)
        feeds.append({entry.name: numpy.random.default_rng(0).standard_normal(shape, numpy.float32)})
    times = [[] for _ in sessions]
    end = time.monotonic() + 20
    for turn in range(100):
        order = list(range(len(sessions)))
        for index in order if turn % 2 else order[::-1]:
            # What ran before has the caches.
            sessions[index].run(None, feeds[index])
            for _ in range(20):
                start = time.perf_counter_ns()
                sessions[index].run(None, feeds[index])
                times[index].append(time.perf_counter_ns() - start)
        if time.monotonic() > end:
            break
    print(json.dumps({
        "version": onnxruntime.__version__, "runs": len(times[0]),
        "microseconds": [float(numpy.median(each)) / 1000 for each in times]}))
    """
}
