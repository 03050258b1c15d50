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
    target = path.map { .file(path: $0) } ?? .builtIn
    isolation = Isolation(program: program, isConfined: isConfined)
  }

  /// Runs tests, those of strategies for each strategy.
  ///
  /// - Parameters:
  ///   - report: Takes each result as it comes.
  /// - Returns: All of them. Where the library cannot be loaded, the rest was not run.
  @discardableResult
  package func run(
    _ tests: [ConformanceTest] = ConformanceTest.all,
    report: (ConformanceResult) -> Void = { _ in }
  ) -> [ConformanceResult] {
    var results: [ConformanceResult] = []
    func add(_ test: ConformanceTest, of strategy: String?) -> Bool {
      let result = run(test, of: strategy)
      report(result)
      results.append(result)
      return result.verdict != .failed
    }
    var isLoaded = true
    for test in tests where !test.isOfStrategies {
      guard isLoaded || test.isOfLoading else { continue }
      if !add(test, of: nil), test.isOfLoading { isLoaded = false }
    }
    guard isLoaded, tests.contains(where: \.isOfStrategies) else { return results }
    for strategy in strategies() {
      for test in tests where test.isOfStrategies { _ = add(test, of: strategy) }
    }
    return results
  }

  /// The ids of the library's strategies; none where it cannot be loaded.
  package func strategies() -> [String] {
    guard let library = try? RemoteLibrary(target, isolation, path: "the library"),
      let entries = try? PluginReader(path: "the library", origin: .builtIn)
        .entries(of: library.table)
    else { return [] }
    return entries.map(\.id)
  }

  // MARK: - One test

  private func run(_ test: ConformanceTest, of strategy: String?) -> ConformanceResult {
    let clock = ContinuousClock()
    let start = clock.now
    let output = PrintedOutput()
    let request = ConformanceProcess.Request(
      test: test.name, target: target, isConfined: isolation.isConfined, strategy: strategy)
    var (verdict, did, found) = Self.verdict(of: request, isolation, output)
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
  ) -> (ConformanceResult.Verdict, did: String, found: String) {
    var did = "started a process"
    let process: StrategyProcess
    do throws(StrategyFailure) {
      process = try StrategyProcess(isolation, output: output.descriptor)
    } catch {
      return (.failed, did, error.reason)
    }
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
        if message == .doing { did = try payload.text() }
        guard message == .answer else { continue }
        let finding = ConformanceProcess.Finding(rawValue: try payload.get())
        let (what, found) = (try payload.text(), try payload.text())
        switch finding {
        case .passed: return (.passed, what, found)
        case .failed: return (.failed, what, found)
        case .notApplicable: return (.skipped, what, found)
        case nil: throw WireReader.Malformed()
        }
      }
    } catch let failure as StrategyFailure {
      return (.failed, did, failure.reason)
    } catch {
      return (.failed, did, "its process said nonsense")
    }
  }
}
