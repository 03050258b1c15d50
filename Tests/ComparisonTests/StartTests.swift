import Comparison
import Foundation
import Networks
import Synchronization
import Testing

/// Results belong to the dense network that they started from.
struct StartTests {
  private let folder: TemporaryFolder
  private let store: Store
  private let dense = CellKey.tiny("none").dense

  init() throws {
    folder = try TemporaryFolder()
    store = Store(folder.url.appending(path: "results"))
  }

  private func run(
    _ strategies: [String], _ executor: FakeExecutor = FakeExecutor(),
    events: @escaping @Sendable (ComparisonEvent) -> Void = { _ in }
  ) async throws -> [String] {
    _ = try await ComparisonPlan.tiny(strategies).run(
      store: store, executor: executor, events: events)
    return executor.started.map(\.strategy)
  }

  /// Puts another network in the place of the dense one, as if it had been trained elsewhere.
  private func replaceDense() throws {
    let result = try #require(store.result(for: dense))
    var network = try ModelFile.decode(store.start(for: dense).model, file: "model")
    network.values[0] += 0.5
    let lock = try store.lock()
    defer { withExtendedLifetime(lock) {} }
    let cell = try store.begin(dense)
    try ModelFile.encode(network).write(to: cell.appending(path: Store.modelName))
    try store.commit(result, from: cell)
  }

  @Test func everyResultNamesItsStart() async throws {
    _ = try await run(["none", "magnitude"])
    let digest = try #require(store.result(for: dense)?.files[Store.modelName])
    for name in ["none", "magnitude"] {
      #expect(store.result(for: .tiny(name))?.startSHA256 == digest)
    }
    #expect(store.result(for: dense)?.startSHA256 == nil)
  }

  @Test("A cell that started from another network is run again, and not reported beside the others")
  func otherStart() async throws {
    _ = try await run(["none"])
    try replaceDense()
    let refused = try store.contents().refused
    #expect(refused.count == 1)
    #expect(refused.first?.description.contains("another dense network") == true)
    #expect(try await run(["none", "magnitude"]) == ["none", "magnitude"])
    #expect(try store.contents().refused.isEmpty)
    #expect(try await run(["none", "magnitude"]).isEmpty)
  }

  @Test func withoutTheDenseNetworkItsCellsAreReported() async throws {
    _ = try await run(["none", "magnitude"])
    try FileManager.default.removeItem(at: store.folder(of: dense))
    #expect(try store.contents().results.count == 2)
    #expect(try store.contents().refused.isEmpty)
    #expect(try await run(["none", "magnitude"]).isEmpty)
  }

  @Test("A dense network that comes out another way takes its cells with it")
  func trainedAnew() async throws {
    _ = try await run(["none"])
    try replaceDense()
    _ = try await run(["none"])
    try FileManager.default.removeItem(at: store.folder(of: dense))
    let outdated = Mutex(0)
    let started = try await run(["none", "magnitude"]) { event in
      if case .outdated(let count) = event { outdated.withLock { $0 += count } }
    }
    #expect(started == ["dense", "magnitude", "none"])
    #expect(outdated.withLock { $0 } == 1)
    #expect(try store.contents().refused.isEmpty)
  }

  @Test("A flipped bit of the dense network is noticed")
  func flippedBit() async throws {
    _ = try await run(["none"])
    let model = store.folder(of: dense).appending(path: Store.modelName)
    var bytes = try Data(contentsOf: model)
    // An exponent bit of the last running value.
    bytes[bytes.count - 1] ^= 0x20
    try bytes.write(to: model)
    #expect(store.result(for: dense) == nil)
    #expect(throws: StoreError.self) { try store.start(for: dense) }
    #expect(try await run(["none", "magnitude"]) == ["dense", "magnitude"])
  }

  @Test("A network that goes missing under way is no verdict on a strategy")
  func missing() async throws {
    let executor = FakeExecutor { [store, dense] job in
      if !job.key.isDense { try FileManager.default.removeItem(at: store.folder(of: dense)) }
      return nil
    }
    _ = try await run(["magnitude"], executor)
    let result = try #require(store.result(for: .tiny("magnitude")))
    #expect(result.status == .stopped)
    #expect(result.reason?.contains("no such file") == true)
    #expect(try await run(["magnitude"]) == ["dense", "magnitude"])
  }
}
