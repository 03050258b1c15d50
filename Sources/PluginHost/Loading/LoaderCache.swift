package import Foundation

/// The list of the system's libraries by which the loader finds a name without a folder.
package struct LoaderCache {
  package struct Library: Hashable {
    package let name: String
    package let path: String
  }

  /// In the file's order, libraries for special processors left out: there is a plain one of each.
  package private(set) var libraries: [Library] = []

  private static let mark = Data("glibc-ld.so.cache1.1".utf8)
  private static let firstEntry: UInt64 = 48
  private static let entrySize: UInt64 = 24
  private static let mostEntries: UInt32 = 1 << 16
  private static let longestText = 4096

  /// - Parameter contents: Of the file; of any other there is nothing in it.
  package init(_ contents: Data) {
    guard contents.starts(with: Self.mark) else { return }
    contents.withUnsafeBytes { bytes in
      let file = FileBytes(bytes)
      let count = file.integer(at: UInt64(Self.mark.count), as: UInt32.self) ?? 0
      for index in 0..<UInt64(min(count, Self.mostEntries)) {
        let entry = Self.firstEntry + index * Self.entrySize
        guard let name = file.integer(at: entry + 4, as: UInt32.self),
          let path = file.integer(at: entry + 8, as: UInt32.self),
          file.integer(at: entry + 16, as: UInt64.self) == 0,
          let nameText = file.text(at: UInt64(name), longest: Self.longestText),
          let pathText = file.text(at: UInt64(path), longest: Self.longestText)
        else { continue }
        libraries.append(Library(name: nameText, path: pathText))
      }
    }
  }

  /// This system's; empty where it has none.
  static let ofTheSystem = LoaderCache(
    (try? LibraryFile(path: "/etc/ld.so.cache").contents()) ?? Data())
}
