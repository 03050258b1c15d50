import Foundation

/// Holds a library to the rules of the interface, each test in a process of its own.
package struct Conformance: Sendable {
  private let target: LoadTarget
  private let isolation: Isolation
  /// Seconds that a test may take.
  private static let patience = 45

  /// - Parameters:
  ///   - path: Of the library; nil for the strategies that are linked in.
  ///   - isConfined: Whether the processes are confined.
  ///   - program: What is started as a strategy's process.
  /// - Throws: ``LoadError`` when there is no such file.
  package init(
    path: String?, isConfined: Bool = true, program: String = "/proc/self/exe"
  ) throws(LoadError) {
    if let path { _ = try LibraryFile(path: path) }
    // A path without a slash would be looked for along the system's library path.
    target = path.map { .file(path: $0.contains("/") ? $0 : "./" + $0) } ?? .builtIn
    isolation = Isolation(program: program, isConfined: isConfined)
  }

  /// Runs tests, those of strategies for each strategy.
  ///
  /// - Parameters:
  ///   - tests: Those asked for.
  ///   - report: Takes each result as it comes.
  /// - Returns: All of them. Where the library cannot be loaded, the test that says so, asked for or not, is
  ///   the last one.
  /// - Throws: ``StrategyFailure`` when the system has no process for a test, or somebody ended one.
  @discardableResult
  package func run(
    _ tests: [ConformanceTest] = ConformanceTest.all,
    report: (ConformanceResult) -> Void = { _ in }
  ) throws -> [ConformanceResult] {
    var results: [ConformanceResult] = []
    func add(_ result: ConformanceResult) {
      report(result)
      results.append(result)
    }
    for test in ConformanceTest.loading {
      let isAskedFor = tests.contains { $0.name == test.name }
      let result = try run(test, of: nil)
      let failed = result.verdict == .failed
      if isAskedFor || (failed && test.isNeeded) { add(result) }
      if failed, test.isNeeded { return results }
    }
    for test in tests where !test.isOfStrategies && !test.isOfLoading {
      add(try run(test, of: nil))
    }
    guard tests.contains(where: \.isOfStrategies) else { return results }
    for strategy in try strategies() {
      for test in tests where test.isOfStrategies { add(try run(test, of: strategy)) }
    }
    return results
  }

  /// Parts of the confinement that the processes are without, in words.
  ///
  /// - Throws: ``LoadError`` when there is no process.
  package func unconfined() throws -> [String] {
    try RemoteLibrary(.builtIn, isolation, path: "the strategies linked in").missing.words
  }

  /// The ids of the library's strategies.
  private func strategies() throws -> [String] {
    let library = try RemoteLibrary(target, isolation, path: target.path ?? "linked in")
    return try PluginReader(path: target.path ?? "linked in", origin: .builtIn)
      .entries(of: library.table).map(\.id)
  }

  // MARK: - One test

  private func run(
    _ test: ConformanceTest, of strategy: String?
  ) throws(StrategyFailure) -> ConformanceResult {
    let clock = ContinuousClock()
    let start = clock.now
    let output = PrintedOutput()
    let request = ConformanceProcess.Request(
      test: test.name, target: target, isConfined: isolation.isConfined, strategy: strategy)
    var (verdict, did, found) = try Self.verdict(of: request, isolation, output)
    let printed = output.text
    // What is printed later is the author's, who may be looking for something.
    if verdict == .passed, test.name == "entry", !printed.isEmpty {
      (verdict, did, found) = (.failed, "loaded the library", "it printed something meanwhile")
    }
    return ConformanceResult(
      test: test, strategy: strategy, verdict: verdict, did: did, found: found, printed: printed,
      seconds: start.duration(to: clock.now) / .seconds(1))
  }

  private static func verdict(
    of request: ConformanceProcess.Request, _ isolation: Isolation, _ output: PrintedOutput
  ) throws(StrategyFailure) -> (ConformanceResult.Verdict, did: String, found: String) {
    var did = "started a process"
    let process = try StrategyProcess(isolation, output: output.descriptor)
    defer { process.stop() }
    let late = StrategyFailure(
      .timeout, "it did not come back within \(patience) s, and its process was ended")
    let deadline = ContinuousClock.now + .seconds(patience)
    do {
      try process.send(.check, request.bytes, by: deadline, late: late)
      while true {
        let (message, answer) = try process.receive(by: deadline, late: late)
        output.gather()
        var payload = answer
        if message == .doing { did = cut(try payload.text()) }
        guard message == .answer else { continue }
        let finding = ConformanceProcess.Finding(rawValue: try payload.get())
        let (what, found) = (cut(try payload.text()), cut(try payload.text()))
        switch finding {
        case .passed: return (.passed, what, found)
        case .failed: return (.failed, what, found)
        case .notApplicable: return (.skipped, what, found)
        case nil: throw WireReader.Malformed()
        }
      }
    } catch let failure as StrategyFailure {
      guard failure.status != .stopped else { throw failure }
      return (.failed, did, failure.reason)
    } catch {
      return (.failed, did, "its process said nonsense")
    }
  }

  /// A library may have put words in its process's mouth, and many of them.
  private static func cut(_ text: String) -> String {
    text.utf8.count > 2000 ? "\(text.prefix(500))…" : text
  }
}
