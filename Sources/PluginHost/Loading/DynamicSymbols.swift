package import Foundation

/// The names that a shared library's file offers to others: its functions, and what else it has.
///
/// They are read off the file as the loader reads them, so that nobody's code has to run first.
package struct DynamicSymbols {
  package private(set) var functions: Set<String> = []
  /// Variables, and whatever is no function.
  package private(set) var others: Set<String> = []

  /// Kinds of symbols, as the format numbers them. An indirect function chooses its code by the processor.
  private enum Kind {
    static let function: UInt8 = 2
    static let indirectFunction: UInt8 = 10
  }

  private static let symbolSize: UInt64 = 24
  /// Of a library that has more, the rest is left out.
  private static let mostSymbols: UInt64 = 1 << 20

  /// - Parameter contents: Of a shared library.
  /// - Returns: Nil for what is none of this machine's format.
  package init?(_ contents: Data) {
    let symbols = contents.withUnsafeBytes { bytes -> [(name: String, isFunction: Bool)]? in
      guard let section = DynamicSection(bytes), let strings = section.table(.strings),
        let table = section.table(.symbols)
      else { return nil }
      let count = min(Self.mostSymbols, Self.count(in: section))
      return (0..<count).compactMap { index in
        Self.symbol(at: table &+ index * Self.symbolSize, of: section, strings)
      }
    }
    guard let symbols else { return nil }
    for (name, isFunction) in symbols {
      if isFunction { functions.insert(name) } else { others.insert(name) }
    }
    others.subtract(functions)
  }

  /// A symbol that the library has itself and lets others see; nil for any other.
  private static func symbol(
    at place: UInt64, of section: DynamicSection, _ strings: UInt64
  ) -> (name: String, isFunction: Bool)? {
    guard let name = section.file.integer(at: place, as: UInt32.self),
      let information = section.file.integer(at: place &+ 4, as: UInt8.self),
      let home = section.file.integer(at: place &+ 6, as: UInt16.self), home != 0,
      // What is local to its file has binding 0.
      information >> 4 != 0,
      let text = section.text(UInt64(name), in: strings)
    else { return nil }
    let kind = information & 15
    return (text, kind == Kind.function || kind == Kind.indirectFunction)
  }

  // MARK: - How many there are

  /// The number of symbols, which only the tables that they are looked up by tell.
  private static func count(in section: DynamicSection) -> UInt64 {
    if let table = section.table(.hashes),
      let count = section.file.integer(at: table &+ 4, as: UInt32.self)
    {
      return UInt64(count)
    }
    return section.table(.fastHashes).map { fastCount(in: section.file, at: $0) } ?? 0
  }

  /// The same by the newer table: behind a filter its buckets have the first symbol of a chain each, and the
  /// last symbol of all is where the chain of the highest of them ends.
  private static func fastCount(in file: FileBytes, at table: UInt64) -> UInt64 {
    guard let buckets = file.integer(at: table, as: UInt32.self),
      let firstSymbol = file.integer(at: table &+ 4, as: UInt32.self),
      let filterWords = file.integer(at: table &+ 8, as: UInt32.self)
    else { return 0 }
    let firstBucket = table &+ 16 &+ UInt64(filterWords) * 8
    let firstChain = firstBucket &+ UInt64(buckets) * 4
    var last: UInt32 = 0
    for bucket in 0..<min(UInt64(buckets), mostSymbols) {
      last = max(last, file.integer(at: firstBucket &+ bucket * 4, as: UInt32.self) ?? 0)
    }
    guard last >= firstSymbol else { return UInt64(firstSymbol) }
    for symbol in UInt64(last)..<max(UInt64(last) + 1, mostSymbols) {
      let place = firstChain &+ (symbol - UInt64(firstSymbol)) * 4
      guard let hash = file.integer(at: place, as: UInt32.self), hash & 1 == 0 else {
        return symbol + 1
      }
    }
    return mostSymbols
  }
}
