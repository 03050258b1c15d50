package import Foundation

extension Store {
  /// The stored result that a word names: by its folder's name or the beginning of it, or as
  /// `benchmark/strategy/seed`, such as `friedman1/obd/0`.
  ///
  /// - Throws: ``StoreError`` that lists what there is where the word names none, or several.
  package func result(named word: String) throws(StoreError) -> CellResult {
    if Self.isHash(word) { return try result(in: word) }
    let (results, _) = try contents()
    let found = results.filter {
      $0.key.path == word || (word.count >= 4 && $0.key.hash.hasPrefix(word))
    }
    guard let first = found.first else {
      let known = Set(results.map(\.key.path)).sorted()
      let list = known.prefix(Self.mostListed).joined(separator: ", ")
      let others = known.count > Self.mostListed ? " and \(known.count - Self.mostListed) more" : ""
      throw StoreError(
        known.isEmpty
          ? "'\(directory.path)' has no results"
          : "'\(directory.path)' has no result '\(word)'; there are \(list)\(others)")
    }
    guard found.count == 1 else {
      let list = found.prefix(Self.mostListed).map {
        "\($0.key.hash.prefix(12)) (\($0.key.circumstances))"
      }
      throw StoreError(
        "'\(word)' names \(found.count) results; name one by its folder: "
          + list.joined(separator: ", "))
    }
    return first
  }

  private static let mostListed = 12

  /// What a cell's strategy made at each point, without weights.
  ///
  /// - Throws: ``StoreError`` when it is not there or not trusted.
  func structures(of key: CellKey) throws(StoreError) -> [Structure] {
    try Self.structures(try file(Self.structuresName, of: key).data, of: key.path)
  }

  /// - Parameter cell: What an error calls it.
  static func structures(_ data: Data, of cell: String) throws(StoreError) -> [Structure] {
    do {
      return try CanonicalJSON.decode([Structure].self, from: data)
    } catch {
      throw StoreError("\(cell) has structures that cannot be read: \(error)")
    }
  }

  /// The network that a cell ended with, as the bytes of its file.
  ///
  /// - Throws: ``StoreError`` when it is not there or not trusted.
  package func model(of key: CellKey) throws(StoreError) -> Data {
    try file(Self.modelName, of: key).data
  }
}

extension CellKey {
  /// As a reader names it: `friedman1/obd/0`.
  package var path: String { "\(benchmark)/\(isDense ? strategy : strategyText)/\(replicate)" }

  /// What tells results of one name apart.
  fileprivate var circumstances: String {
    let list = ratios.map { $0 == $0.rounded() ? String(Int($0)) : "\($0)" }
    return
      ([quick ? "shortened" : "whole", kernels]
      + (isDense ? [] : ["ratios " + list.joined(separator: " ")]))
      .joined(separator: ", ")
  }
}
