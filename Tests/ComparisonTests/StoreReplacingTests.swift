import Comparison
import Foundation
import Testing

/// What a run leaves where it is cut short, and what it finds of others.
struct StoreReplacingTests {
  private let folder: TemporaryFolder
  private let store: Store
  private let result = CellResult.done(.tiny("obd"), errors: [0.2, 0.3])

  init() throws {
    folder = try TemporaryFolder()
    store = Store(folder.url.appending(path: "results"))
  }

  private var unfinished: URL { store.directory.appending(path: ".workbench-unfinished") }

  private func commit(_ result: CellResult) throws -> CellResult {
    let lock = try store.lock()
    defer { withExtendedLifetime(lock) {} }
    return try store.commit(result, from: store.begin(result.key))
  }

  /// Takes the lock, as the next run does.
  private func run() throws -> [String] {
    let lock = try store.lock()
    defer { withExtendedLifetime(lock) {} }
    return lock.foreign
  }

  @Test(
    "Between the two renames of an exchange in two steps, the old result is read, and comes back")
  func twoSteps() throws {
    let old = try commit(result)
    let aside = unfinished.appending(path: "old-\(result.key.hash)")
    try FileManager.default.moveItem(at: store.folder(of: result.key), to: aside)
    #expect(store.result(for: result.key) == old)
    #expect(try store.contents().results == [old])
    #expect(try run().isEmpty)
    #expect(!FileManager.default.fileExists(atPath: aside.path))
    #expect(store.result(for: result.key) == old)

    // After the second one it is the new result that stays.
    try FileManager.default.copyItem(at: store.folder(of: result.key), to: aside)
    let new = try commit(CellResult.done(result.key, errors: [0.5, 0.6]))
    #expect(store.result(for: result.key) == new)
    #expect(!FileManager.default.fileExists(atPath: aside.path))
  }

  @Test("What is not of this program's making is left alone and told")
  func foreign() throws {
    _ = try commit(result)
    let manager = FileManager.default
    let photographs = unfinished.appending(path: "photographs")
    let partial = store.directory.appending(path: ".partial/thesis")
    for folder in [photographs, partial] {
      try manager.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    let left = unfinished.appending(path: CellKey.tiny("obs").hash)
    try manager.createDirectory(at: left, withIntermediateDirectories: true)
    #expect(try run() == [photographs.path])
    #expect(manager.fileExists(atPath: photographs.path))
    #expect(manager.fileExists(atPath: partial.path))
    #expect(!manager.fileExists(atPath: left.path))
  }

  @Test("A file that cannot be replaced keeps what it held")
  func failingWrite() throws {
    let file = folder.url.appending(path: "file")
    try DurableFile.write(Data([1]), to: file)
    try DurableFile.write(Data([2, 3]), to: file)
    #expect(try Data(contentsOf: file) == Data([2, 3]))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(names == ["file"])
    let missing = folder.url.appending(path: "none/file")
    let error = #expect(throws: StoreError.self) { try DurableFile.write(Data(), to: missing) }
    #expect(error?.code == ENOENT && error?.isOfSurroundings == true)
    // A pipe under the name is replaced and not waited for.
    let pipe = folder.url.appending(path: "pipe")
    #expect(mkfifo(pipe.path, 0o600) == 0)
    try DurableFile.write(Data([4]), to: pipe)
    #expect(try Data(contentsOf: pipe) == Data([4]))
  }

  @Test func whatAStrategyCanUseUpIsNotTheSurroundings() {
    for code in [ENOSPC, EDQUOT, EROFS, EFBIG, EIO, ENOENT] {
      #expect(StoreError.system("write", "file", code: code).isOfSurroundings)
    }
    for code in [EMFILE, EBADF] {
      #expect(!StoreError.system("write", "file", code: code).isOfSurroundings)
    }
    let full = StoreError.system("write", "file", code: ENOSPC).description
    #expect(full == "cannot write file: no space left on device; free some space")
    let place = StoreError.system("write", "file", code: EROFS).description
    #expect(place.hasSuffix("; the folder must be writable, --output names another"))
    let reading = StoreError.system("read", "file", code: EACCES).description
    #expect(reading == "cannot read file: permission denied")
  }
}
