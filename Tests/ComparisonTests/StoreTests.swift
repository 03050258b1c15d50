import Comparison
import Foundation
import Testing

struct StoreTests {
  private let folder: TemporaryFolder
  private let store: Store
  private let result = CellResult.done(.tiny("obd"), errors: [0.2, 0.3])

  init() throws {
    folder = try TemporaryFolder()
    store = Store(folder.url.appending(path: "results"))
  }

  private func commit(_ result: CellResult) throws {
    let lock = try store.lock()
    defer { withExtendedLifetime(lock) {} }
    try store.commit(result, from: store.begin(result.key))
  }

  private var file: URL { store.folder(of: result.key).appending(path: Store.resultName) }

  @Test func whatIsStoredIsReadAgain() throws {
    #expect(store.result(for: result.key) == nil)
    try commit(result)
    #expect(store.result(for: result.key) == result)
    #expect(try store.contents().results == [result])
    let key = try CanonicalJSON.decode(
      CellKey.self,
      from: Data(contentsOf: store.folder(of: result.key).appending(path: Store.keyName)))
    #expect(key == result.key)
  }

  @Test func numbersBeyondJSONSurvive() throws {
    var result = result
    result.points[0].beforeFineTuning = Score(loss: .infinity, error: .infinity)
    try commit(result)
    #expect(store.result(for: result.key) == result)
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
    try CanonicalJSON.encode(other).write(to: file)
    #expect(store.result(for: result.key) == nil)
  }

  @Test func aDoneCellNeedsAllOfItsPoints() throws {
    var result = result
    result.points.removeLast()
    try commit(result)
    #expect(store.result(for: result.key) == nil)
    result.status = .diverged
    try commit(result)
    #expect(store.result(for: result.key) == result)
  }

  @Test func aDenseCellNeedsItsModel() throws {
    var dense = CellResult.done(CellKey.tiny("obd").dense, errors: [])
    dense.points = []
    try commit(dense)
    #expect(store.result(for: dense.key) == nil)
    try Data([1]).write(to: store.folder(of: dense.key).appending(path: Store.modelName))
    #expect(store.result(for: dense.key) == dense)
  }

  @Test("What cannot be trusted is named with the reason")
  func refusals() throws {
    try commit(result)
    #expect(try store.contents().refused.isEmpty)
    var short = result
    short.points.removeLast()
    let other = CellResult.done(.tiny("obs"), errors: [0.2, 0.3])
    let whole = try CanonicalJSON.encode(result)
    for (data, reason) in [
      (whole.dropLast(), "\(file.path) is no JSON"),
      (
        Data("{\"schema\": 2}".utf8), "\(file.path) is not as this version writes results: no 'key'"
      ),
      (
        Data(String(decoding: whole, as: UTF8.self).replacing("\"done\"", with: "\"fine\"").utf8),
        "\(file.path) is not as this version writes results: 'status' is something else"
      ),
      (try CanonicalJSON.encode(other), "\(file.path) is the result of another cell"),
      (try CanonicalJSON.encode(short), "\(file.path) lacks ratios"),
    ] {
      try data.write(to: file)
      let contents = try store.contents()
      #expect(contents.results.isEmpty)
      #expect(contents.refused.count == 1)
      let said = contents.refused.first?.description ?? ""
      #expect(said.hasPrefix(reason), "\(said)")
      #expect(store.result(for: result.key) == nil)
    }
    let foreign = store.directory.appending(path: "photographs")
    try FileManager.default.createDirectory(at: foreign, withIntermediateDirectories: true)
    try FileManager.default.removeItem(at: store.folder(of: result.key))
    #expect(try store.contents().refused.isEmpty)
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
    #expect(store.result(for: result.key) == result)
  }

  @Test func whatIsRunAgainReplacesWhatWas() throws {
    try commit(result)
    let again = CellResult.done(result.key, errors: [0.5, 0.6])
    try commit(again)
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

  @Test func aFullDiskIsNamed() {
    let error = #expect(throws: StoreError.self) {
      try DurableFile.write(Data(repeating: 0, count: 10), to: URL(filePath: "/dev/full"))
    }
    #expect(error?.description.contains("no space left") == true)
    #expect(FileManager.default.fileExists(atPath: "/dev/full"))
  }

  @Test func aPlaceThatIsNoFolderIsNamed() throws {
    let file = folder.url.appending(path: "file")
    try Data().write(to: file)
    let error = #expect(throws: StoreError.self) { try Store(file).lock() }
    #expect(error?.description.contains(file.path) == true)
  }

  @Test func pointsReachedBeforeADeathAreKept() throws {
    var lines = Data()
    for point in result.points {
      lines += try CanonicalJSON.encode(point) + Data("\n".utf8)
    }
    try lines.dropLast(40).write(to: folder.url.appending(path: Store.metricsName))
    #expect(Store.points(in: folder.url) == [result.points[0]])
  }
}
