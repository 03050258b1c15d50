import CWorkbench
import Foundation
import Numerics

extension ConformanceTest {
  /// What a library says of itself.
  static let describing = [
    ConformanceTest(
      "descriptors-stay", [.description],
      "It describes itself in the same words at each call, and nothing past the end.",
      .library(descriptionsStay)),
    ConformanceTest(
      "unknown-id", [.unknownId],
      "It creates nothing under an id that it does not have, and says why.", .library(idsAreKnown)),
  ]

  private static func descriptionsStay(_ library: ReadLibrary) throws -> String? {
    guard let table = library.entries.first?.table else { return nil }
    let description = try library.description()
    library.witness.doing("asked for descriptors past the end")
    for index in [UInt32(library.entries.count), UInt32(library.entries.count) + 1, .max]
    where table.checked.describe(table.pointer, index) != nil {
      throw library.witness.shortcoming(
        "describe(\(index)) is not null, and strategy_count is \(library.entries.count)")
    }
    for entry in library.entries {
      // Whether it can be created is another test's.
      let subject = Subject(entry: entry, witness: library.witness)
      library.witness.doing("read the descriptors again after '\(entry.id)' was created")
      _ = try? subject.instance()
      guard try library.description() == description else {
        throw library.witness.shortcoming("they say something else than before")
      }
    }
    return nil
  }

  private static func idsAreKnown(_ library: ReadLibrary) throws -> String? {
    for entry in library.entries {
      for id in [
        entry.id + "x", entry.id + ".2", String(entry.id.dropLast()), "no-such-strategy", "",
      ]
      where !library.entries.contains(where: { $0.id == id }) {
        library.witness.doing("asked for a strategy '\(id)'")
        try create(id, as: entry, in: library)
      }
    }
    return nil
  }

  private static func create(
    _ id: String, as entry: StrategyEntry, in library: ReadLibrary
  ) throws {
    let session = Session(
      entry, random: RandomStream(seed: 1, name: "strategy"), memoryLimit: nil, log: { _ in })
    let host = HostTable(session)
    let values = try entry.optionValues([:])
    let created = session.during(.creating, model: nil) { _ in
      withCValues(values.map(\.number), values.map(\.text)) {
        entry.table.checked.create(entry.table.pointer, host.pointer, id, $0)
      }
    }
    guard created == nil else {
      throw library.witness.shortcoming("it created one")
    }
    guard session.failureText != nil else {
      throw library.witness.shortcoming("it gave null without a reason (host->fail)")
    }
  }
}
