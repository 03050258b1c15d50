import Comparison
import Foundation
import Testing

/// What of a stored cell is changed, missing or no file at all.
struct StoreDamageTests {
  private let folder: TemporaryFolder
  private let store: Store
  private let result = CellResult.done(.tiny("obd"), errors: [0.2, 0.3])
  private let dense: CellResult

  init() throws {
    folder = try TemporaryFolder()
    store = Store(folder.url.appending(path: "results"))
    var dense = CellResult.done(CellKey.tiny("obd").dense, errors: [])
    dense.points = []
    self.dense = dense
  }

  @discardableResult
  private func commit(_ result: CellResult, _ files: [String: Data] = [:]) throws -> CellResult {
    let lock = try store.lock()
    defer { withExtendedLifetime(lock) {} }
    let cell = try store.begin(result.key)
    for (name, data) in files { try data.write(to: cell.appending(path: name)) }
    return try store.commit(result, standardError: Data("it said so\n".utf8), from: cell)
  }

  private func file(_ name: String, _ key: CellKey) -> URL {
    store.folder(of: key).appending(path: name)
  }

  /// What is said of the only cell that there is.
  private func refusal() throws -> String? { try store.contents().refused.first?.description }

  @Test("What cannot be trusted is named with the reason")
  func refusals() throws {
    try commit(result)
    #expect(try refusal() == nil)
    let file = file(Store.resultName, result.key)
    var short = result
    short.points.removeLast()
    var older = result
    older.key.protocolVersion -= 1
    let other = CellResult.done(.tiny("obs"), errors: [0.2, 0.3])
    let whole = try StoredResult.encode(result)
    for (data, reason) in [
      (whole.dropLast(2), "\(file.path) is no JSON"),
      (
        Data("{\"schema\": 2}".utf8), "\(file.path) is not as this version writes results: no 'key'"
      ),
      (
        Data(String(decoding: whole, as: UTF8.self).replacing("\"done\"", with: "\"fine\"").utf8),
        "\(file.path) is not as this version writes results: 'status' is something else"
      ),
      (try CanonicalJSON.encode(result), "\(file.path) is not as this version writes results"),
      (try CanonicalJSON.encode(older), "\(file.path) is of an older version of this program"),
      (try StoredResult.encode(other), "\(file.path) is the result of another cell"),
      (try StoredResult.encode(short), "\(file.path) lacks ratios"),
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
    #expect(try refusal() == nil)
  }

  @Test("A changed digit anywhere in a result is noticed")
  func digits() throws {
    let stored = try commit(result)
    let file = file(Store.resultName, result.key)
    let whole = try Data(contentsOf: file)
    let digits = whole.indices.filter { UInt8(ascii: "1")...UInt8(ascii: "8") ~= whole[$0] }
    #expect(digits.count > 200)
    for index in digits {
      var changed = whole
      changed[index] += 1
      try changed.write(to: file)
      #expect(store.result(for: result.key) == nil, "byte \(index)")
    }
    try whole.write(to: file)
    #expect(store.result(for: result.key) == stored)
  }

  @Test func aDenseCellNeedsItsModel() throws {
    try commit(dense)
    #expect(store.result(for: dense.key) == nil)
    let stored = try commit(dense, [Store.modelName: Data([1, 2, 3])])
    #expect(store.result(for: dense.key) == stored)
    #expect(try store.start(for: dense.key).model == Data([1, 2, 3]))
    try FileManager.default.removeItem(at: file(Store.modelName, dense.key))
    #expect(store.result(for: dense.key) == nil)
  }

  @Test("One bit of another file is noticed, its absence is no harm")
  func files() throws {
    let names = [Store.metricsName, Store.modelName]
    let stored = try commit(
      result, Dictionary(uniqueKeysWithValues: names.map { ($0, Data("\($0) was here".utf8)) }))
    #expect(stored.files.count == 4)
    for name in stored.files.keys {
      let file = file(name, result.key)
      let whole = try Data(contentsOf: file)
      var changed = whole
      changed[whole.count / 2] ^= 0x40
      try changed.write(to: file)
      #expect(try refusal()?.hasPrefix("\(file.path) is not the file") == true)
      try whole.write(to: file)
      #expect(store.result(for: result.key) == stored)
      try FileManager.default.removeItem(at: file)
      #expect(store.result(for: result.key) == stored)
    }
  }

  @Test("Where a pipe stands instead of a file, nobody waits for a writer")
  func pipes() throws {
    try commit(dense, [Store.modelName: Data([1])])
    for name in [Store.resultName, Store.modelName, Store.keyName] {
      let file = file(name, dense.key)
      let whole = try Data(contentsOf: file)
      try FileManager.default.removeItem(at: file)
      #expect(mkfifo(file.path, 0o600) == 0)
      #expect(try refusal() == "\(file.path) is no plain file")
      try FileManager.default.removeItem(at: file)
      try whole.write(to: file)
    }
    #expect(store.result(for: dense.key) != nil)
  }

  @Test("What a strategy leaves in a cell's folder is not kept")
  func leftovers() throws {
    let lock = try store.lock()
    defer { withExtendedLifetime(lock) {} }
    let cell = try store.begin(result.key)
    #expect(mkfifo(cell.appending(path: Store.metricsName).path, 0o600) == 0)
    try Data(count: 1 << 20).write(to: cell.appending(path: "notes"))
    let stored = try store.commit(result, from: cell)
    #expect(Set(stored.files.keys) == [Store.keyName])
    let names = try FileManager.default.contentsOfDirectory(
      atPath: store.folder(of: result.key).path)
    #expect(Set(names) == [Store.keyName, Store.resultName])
  }

  @Test("A link in the place of a cell's folder is not followed")
  func links() throws {
    let lock = try store.lock()
    defer { withExtendedLifetime(lock) {} }
    let cell = try store.begin(result.key)
    let elsewhere = folder.url.appending(path: "elsewhere", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
    try Data([1]).write(to: elsewhere.appending(path: "thesis"))
    try FileManager.default.removeItem(at: cell)
    try FileManager.default.createSymbolicLink(
      atPath: cell.path, withDestinationPath: elsewhere.path)
    let stored = try store.commit(result, from: cell)
    #expect(store.result(for: result.key) == stored)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: elsewhere.path) == ["thesis"])
  }

  @Test func aFileThatIsTooLongIsNotRead() throws {
    let file = folder.url.appending(path: "long")
    try Data(count: 11).write(to: file)
    #expect(try PlainFile.read(file, atMost: 11).count == 11)
    let error = #expect(throws: StoreError.self) { try PlainFile.read(file, atMost: 10) }
    #expect(error?.description.contains("longer than 10 bytes") == true)
    #expect(throws: StoreError.self) { try PlainFile.read(folder.url, atMost: 10) }
  }
}
