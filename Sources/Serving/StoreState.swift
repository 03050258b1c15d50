package import Foundation
import Comparison

/// What can be told of a folder of results without reading one.
package struct StoreState: Sendable, Hashable {
  /// Changes when a result comes, goes or is made anew.
  package var stamp: String
  package var stored: Int
  /// Cells that are being worked on.
  package var running: Int

  /// Looks once; an empty folder or none has no cells.
  package init(of folder: URL) {
    let finished = Self.cells(in: folder)
    var hasher = Hasher()
    for cell in finished.sorted(by: { $0.path < $1.path }) {
      hasher.combine(cell.lastPathComponent)
      let file = cell.appending(path: Store.resultName)
      let values = try? file.resourceValues(forKeys: [.contentModificationDateKey])
      hasher.combine(values?.contentModificationDate)
    }
    stamp = String(UInt(bitPattern: hasher.finalize()), radix: 36)
    stored = finished.count
    running = Store(folder).namesUnfinished.count
  }

  private static func cells(in folder: URL) -> [URL] {
    let entries = try? FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    return (entries ?? []).filter {
      FileManager.default.fileExists(atPath: $0.appending(path: Store.resultName).path)
    }
  }
}
