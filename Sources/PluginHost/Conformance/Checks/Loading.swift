import CWorkbench
import Foundation

extension ConformanceTest {
  /// What is tested before anything else of a library can be.
  static let loading = [
    ConformanceTest(
      "entry", [.sameTable],
      "The entry gives the same table whenever it is called, at once, and nothing is printed.",
      .loading(entryIsStable)),
    ConformanceTest(
      "load-again", [.sameTable], "Loaded, closed and loaded again, the library is the same.",
      .loading(loadsAgain)),
    ConformanceTest(
      "table", [.version, .sizes], "The table has this interface's version, and sizes that hold.",
      .loading(tableIsSane)),
    ConformanceTest(
      "descriptors", [.texts, .sizes],
      "Each strategy describes itself whole, under an id that is free.",
      .loading(descriptorsAreSane)),
  ]

  private static func entryIsStable(_ library: UnreadLibrary) throws -> String? {
    let entry = try library.entry()
    let clock = ContinuousClock()
    library.witness.doing("called wb_plugin_v1")
    let start = clock.now
    let table = entry()
    let seconds = start.duration(to: clock.now) / .seconds(1)
    guard let table else { throw library.witness.shortcoming("it gave null") }
    guard seconds <= 0.1 else {
      throw library.witness.shortcoming("it took \(Int(seconds * 1000)) ms; 100 ms are enough")
    }
    library.witness.doing("called wb_plugin_v1 a hundred times")
    for _ in 0..<100 where entry() != table {
      throw library.witness.shortcoming("it gave another address than the first time")
    }
    return nil
  }

  private static func loadsAgain(_ library: UnreadLibrary) throws -> String? {
    guard case .file(let path) = library.target else {
      throw NotApplicable(reason: "it is linked in")
    }
    let before = try library.read()
    let description = try before.description()
    library.witness.doing(
      "closed the library as a host would that lets it stay, and loaded it again")
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
      throw library.witness.shortcoming(dlerror().map { String(cString: $0) } ?? "it is not loaded")
    }
    dlclose(handle)
    dlclose(handle)
    let after = try library.read()
    guard after.entries.first?.table.pointer == before.entries.first?.table.pointer else {
      throw library.witness.shortcoming("its table has another address")
    }
    guard try after.description() == description else {
      throw library.witness.shortcoming("it says something else of itself")
    }
    return nil
  }

  private static func tableIsSane(_ library: UnreadLibrary) throws -> String? {
    let entry = try library.entry()
    library.witness.doing("read its table")
    do throws(LoadError) {
      let table = try library.reader.table(at: entry()).checked
      guard table.reserved == 0 else {
        throw library.reader.refuse("its table's reserved field is \(table.reserved) and not 0")
      }
      return nil
    } catch {
      throw library.witness.shortcoming(error.reason)
    }
  }

  private static func descriptorsAreSane(_ library: UnreadLibrary) throws -> String? {
    let entries = try library.read().entries
    guard case .file = library.target else { return nil }
    library.witness.doing("compared its ids with those of the workbench")
    let taken = try UnreadLibrary(target: .builtIn, witness: library.witness).read().entries
    for entry in entries where taken.contains(where: { $0.id == entry.id }) {
      throw library.witness.shortcoming(
        "the workbench has a strategy '\(entry.id)' already; give it another id")
    }
    return nil
  }
}
