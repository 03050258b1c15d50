package import Foundation

/// What a shared library's file says of the libraries that it links to: their names, and where the loader
/// is to look for them.
package struct NeededLibraries {
  package private(set) var names: [String] = []
  /// Folders to look in before the system's, `$ORIGIN` written out.
  package private(set) var folders: [String] = []

  /// - Parameters:
  ///   - contents: Of a file of this machine's format; of any other there is nothing to say.
  ///   - folder: Where it lies.
  package init(_ contents: Data, in folder: String) {
    contents.withUnsafeBytes { bytes in
      guard let section = DynamicSection(bytes), let strings = section.table(.strings) else {
        return
      }
      for (tag, value) in section.entries {
        switch tag {
        case .needed: names += section.text(value, in: strings).map { [$0] } ?? []
        case .path, .runPath:
          let text = section.text(value, in: strings) ?? ""
          folders += text.split(separator: ":").map {
            String($0).replacing("${ORIGIN}", with: folder).replacing("$ORIGIN", with: folder)
          }
        default: break
        }
      }
    }
  }
}
