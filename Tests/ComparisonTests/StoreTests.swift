import Comparison
import Foundation
import Networks
import Testing

struct StoreTests {
  private let folder: TemporaryFolder
  private let store: Store
  private let result = CellResult.done(.tiny("obd"), errors: [0.2, 0.3])

  init() throws {
    folder = try TemporaryFolder()
    store = Store(folder.url.appending(path: "results"))
  }

  @discardableResult
  private func commit(_ result: CellResult) throws -> CellResult {
    let lock = try store.lock()
    defer { withExtendedLifetime(lock) {} }
    return try store.commit(result, from: store.begin(result.key))
  }

  private var file: URL { store.folder(of: result.key).appending(path: Store.resultName) }

  @Test func whatIsStoredIsReadAgain() throws {
    #expect(store.result(for: result.key) == nil)
    let stored = try commit(result)
    #expect(store.result(for: result.key) == stored)
    #expect(try store.contents().results == [stored])
    #expect(stored.withoutFiles == result)
    let key = try CanonicalJSON.decode(
      CellKey.self,
      from: Data(contentsOf: store.folder(of: result.key).appending(path: Store.keyName)))
    #expect(key == result.key)
  }

  @Test func numbersBeyondJSONSurvive() throws {
    var result = result
    result.points[0].beforeFineTuning = Score(loss: .infinity, error: .infinity)
    try commit(result)
    #expect(store.result(for: result.key)?.withoutFiles == result)
  }

  @Test func aFileCutShortAnywhereIsNotTrusted() throws {
    try commit(result)
    let whole = try Data(contentsOf: file)
    for length in stride(from: 0, to: whole.count - 1, by: 97) {
      try whole.prefix(length).write(to: file)
      #expect(store.result(for: result.key) == nil)
      #expect(try store.contents().results.isEmpty)
    }
  }

  @Test func theResultOfAnotherCellIsNotTrusted() throws {
    try commit(result)
    let other = CellResult.done(.tiny("obs"), errors: [0.2, 0.3])
    try StoredResult.encode(other).write(to: file)
    #expect(store.result(for: result.key) == nil)
  }

  @Test func aDoneCellNeedsAllOfItsPoints() throws {
    var result = result
    result.points.removeLast()
    try commit(result)
    #expect(store.result(for: result.key) == nil)
    result.status = .diverged
    try commit(result)
    #expect(store.result(for: result.key)?.withoutFiles == result)
  }

  @Test func aFolderThatIsNoneIsNamed() throws {
    let missing = #expect(throws: StoreError.self) { try store.contents() }
    #expect(missing?.description == "there is no folder '\(store.directory.path)'")
    let file = folder.url.appending(path: "file")
    try Data().write(to: file)
    let error = #expect(throws: StoreError.self) { try Store(file).contents() }
    #expect(error?.description == "'\(file.path)' is no folder")
  }

  @Test func aRunThatWasKilledLeavesNothing() throws {
    do {
      let lock = try store.lock()
      let partial = try store.begin(result.key)
      try CanonicalJSON.encode(result).write(to: partial.appending(path: Store.resultName))
      withExtendedLifetime(lock) {}
    }
    #expect(store.result(for: result.key) == nil)
    #expect(try store.contents().results.isEmpty)
    try commit(result)
    #expect(store.result(for: result.key)?.withoutFiles == result)
  }

  @Test func whatIsRunAgainReplacesWhatWas() throws {
    try commit(result)
    let again = try commit(CellResult.done(result.key, errors: [0.5, 0.6]))
    #expect(store.result(for: result.key) == again)
    #expect(try store.contents().results == [again])
  }

  @Test func twoComparisonsDoNotShareAFolder() throws {
    let lock = try store.lock()
    let error = #expect(throws: StoreError.self) { try store.lock() }
    #expect(error?.description.contains("another comparison is writing") == true)
    withExtendedLifetime(lock) {}
  }

  @Test func theLockIsFreeAfterwards() throws {
    do {
      let lock = try store.lock()
      withExtendedLifetime(lock) {}
    }
    let again = try store.lock()
    withExtendedLifetime(again) {}
  }

  @Test func aPlaceThatIsNoFolderIsNamed() throws {
    let file = folder.url.appending(path: "file")
    try Data().write(to: file)
    let error = #expect(throws: StoreError.self) { try Store(file).lock() }
    #expect(error?.description.contains(file.path) == true)
  }
}
