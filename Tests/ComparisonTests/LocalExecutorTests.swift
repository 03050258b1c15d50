import Comparison
import Foundation
import Synchronization
import Testing

/// Workers here are small shell scripts: `$1` is the job's file.
struct LocalExecutorTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// What a worker prints to tell a result.
  private static let finished: String = {
    let result = CellResult.done(.tiny("obd"), errors: [0.2])
    let json = (try? CanonicalJSON.encode(result)) ?? Data()
    return "echo 'finished \(String(decoding: json, as: UTF8.self))'"
  }()

  private func run(
    _ script: String, timeout: Duration? = .seconds(20), memoryLimit: Int? = nil,
    progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) async throws -> WorkerEnd {
    let executor = LocalExecutor(
      jobs: 1, timeout: timeout, executable: "/bin/sh", arguments: ["-c", script, "worker"])
    let job = WorkerJob(
      key: .tiny("obd"), pluginPath: nil, memoryLimit: memoryLimit, output: folder.url, dense: nil)
    return try await executor.run(job, progress: progress)
  }

  @Test func aWorkerIsToldItsJobAndReportsProgress() async throws {
    let fractions = Mutex<[Double]>([])
    let end = try await run(
      "cp \"$1\" \"$1.copy\"; echo 0.25; echo a plugin prints; echo 0.5; "
        + "test \"$OPENBLAS_NUM_THREADS\" = 1 || exit 9; \(Self.finished)"
    ) { fraction in fractions.withLock { $0.append(fraction) } }
    #expect(end.result?.points.count == 1)
    #expect(fractions.withLock { $0 } == [0.25, 0.5])
    let told = try CanonicalJSON.decode(
      WorkerJob.self, from: Data(contentsOf: folder.url.appending(path: "job.json.copy")))
    #expect(told.key == .tiny("obd"))
    // The job names folders of this machine: it is not part of the result.
    #expect(!FileManager.default.fileExists(atPath: folder.url.path + "/job.json"))
  }

  @Test func aCrashTellsTheSignalAndTheLastWords() async throws {
    let end = try await run("echo last words >&2; kill -SEGV $$")
    #expect(
      end.kind
        == .failed(
          .crashed,
          reason: "the worker was ended by SIGSEGV (a bad memory access): last words"))
  }

  @Test func anExitCodeIsToldWithTheLastLines() async throws {
    let end = try await run("for i in 1 2 3 4 5; do echo line $i >&2; done; exit 3")
    #expect(
      end.kind
        == .failed(
          .crashed, reason: "the worker ended with code 3: line 3 / line 4 / line 5"))
  }

  @Test func anEndlessWorkerIsStoppedAtTheTimeout() async throws {
    // The child of the worker must go too, and a closed output must not end the waiting.
    let end = try await run("exec >&-; sleep 300 & wait", timeout: .seconds(1))
    #expect(end.kind == .failed(.timeout, reason: "stopped after 1 s, the limit of a cell"))
    #expect(end.seconds < 300)
  }

  @Test func aWorkerThatTakesTooMuchMemoryIsStopped() async throws {
    // Without a newline to end on, tail keeps all it reads.
    let end = try await run("exec tail /dev/zero", memoryLimit: 64 << 20)
    guard case .failed(.memory, let reason) = end.kind else {
      Issue.record("ended as \(end.kind)")
      return
    }
    #expect(reason.contains("the limit is 64 MiB"))
    #expect(end.peakMemoryBytes > 64 << 20)
  }

  @Test("No code that a process ends with is a result", arguments: [0, 74, 137])
  func codes(_ code: Int) async throws {
    let end = try await run("exit \(code)")
    let said =
      code == 0 ? "the worker ended before its result" : "the worker ended with code \(code)"
    #expect(end.kind == .failed(.crashed, reason: said))
  }

  @Test("What a worker says of its end counts, and not what its process does then")
  func messages() async throws {
    for last in ["sleep 300", "kill -ABRT $$", "exit 3", "kill -KILL $$"] {
      let end = try await run("\(Self.finished); \(last)", timeout: nil)
      #expect(end.result != nil && end.seconds < 300)
    }
    let full = try await run("echo stopped cannot write: the disk is full; exit 3")
    #expect(full.kind == .failed(.stopped, reason: "cannot write: the disk is full"))
    let own = try await run("echo crashed too many open files; \(Self.finished); exit 0")
    #expect(own.kind == .failed(.crashed, reason: "too many open files"))
    #expect(try await run("echo done with it; exit 4").result == nil)
    for line in ["finished", "finished {", "finished {}"] {
      guard case .failed(.crashed, _) = try await run("echo '\(line)'; exit 0").kind else {
        Issue.record("'\(line)' is a result")
        continue
      }
    }
  }

  @Test("Points that a worker said it reached are told, however it ends, and half a line is none")
  func points() async throws {
    let points = CellResult.done(.tiny("obd"), errors: [0.2, .infinity]).points
    let lines = try points.map { String(decoding: try CanonicalJSON.encode($0), as: UTF8.self) }
    let end = try await run(
      "echo 'point \(lines[0])'; echo 'point {}'; echo 'point \(lines[1])'; printf 'point {'; "
        + "kill -ABRT $$")
    #expect(end.points == points)
    guard case .failed(.crashed, _) = end.kind else {
      Issue.record("ended as \(end.kind)")
      return
    }
  }

  @Test("A signal from outside is no verdict", arguments: ["KILL", "TERM", "HUP", "XCPU", "XFSZ"])
  func signals(_ name: String) async throws {
    guard case .failed(.stopped, let reason) = try await run("kill -\(name) $$").kind else {
      Issue.record("SIG\(name) is a verdict")
      return
    }
    #expect(reason.hasPrefix("the worker was ended by SIG\(name)"))
  }

  @Test("Of standard error the beginning and the end are kept")
  func standardError() async throws {
    let end = try await run(
      "echo begin >&2; yes chatter | head -c 1000000 >&2; echo end >&2; \(Self.finished); sleep 60")
    let text = String(decoding: end.standardError, as: UTF8.self)
    #expect(text.hasPrefix("begin\nchatter\n") && text.hasSuffix("\nend\n"))
    #expect(text.contains("bytes were left out"))
    #expect(text.utf8.count < 66_000)
  }

  @Test("What a worker leaves behind is ended, wherever it went")
  func daemons() async throws {
    let mark = folder.url.appending(path: "pid")
    let end = try await run(
      "setsid sh -c 'echo $$ > \"\(mark.path)\"; exec sleep 60' >/dev/null 2>&1 & "
        + "until test -s '\(mark.path)'; do sleep 0.01; done; \(Self.finished); exit 0")
    #expect(end.result?.points.count == 1)
    let id = try String(contentsOf: mark, encoding: .utf8).trimmingCharacters(in: .newlines)
    let status = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)
    // Gone, or waiting for its new parent to look at it.
    #expect(status?.contains(") Z ") ?? true)
  }

  @Test("The memory of what a worker starts is its own")
  func memoryOfChildren() async throws {
    let end = try await run("sh -c 'tail /dev/zero; true' & wait", memoryLimit: 64 << 20)
    guard case .failed(.memory, _) = end.kind else {
      Issue.record("ended as \(end.kind)")
      return
    }
  }

  @Test func aProgramThatIsNotThereIsNamed() async throws {
    let executor = LocalExecutor(jobs: 1, executable: "/nowhere/workbench")
    let job = WorkerJob(key: .tiny("obd"), pluginPath: nil, output: folder.url, dense: nil)
    let error = await #expect(throws: StoreError.self) { try await executor.run(job) { _ in } }
    #expect(error?.description == "cannot start /nowhere/workbench: no such file or directory")
  }

  @Test func cancellingEndsTheWorker() async throws {
    let mark = folder.url.appending(path: "pid")
    let task = Task { try await run("echo $$ > '\(mark.path)'; exec sleep 60") }
    while (try? String(contentsOf: mark, encoding: .utf8))?.hasSuffix("\n") != true {
      try await Task.sleep(for: .milliseconds(10))
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    let id = try String(contentsOf: mark, encoding: .utf8).trimmingCharacters(in: .newlines)
    #expect(!FileManager.default.fileExists(atPath: "/proc/\(id)"))
  }
}

extension WorkerEnd {
  fileprivate var result: CellResult? {
    if case .finished(let result) = kind { result } else { nil }
  }
}
