import Files
import Foundation

/// What libraries have said of themselves, kept between commands: a library that has been read once is not
/// loaded to be listed.
///
/// An entry is found by the digests of a library and of those that it links to, so that one that was built
/// anew is read anew. It is of use to this program alone. Where nothing can be kept, or what
/// was kept is damaged, libraries are read.
struct DescriptionCache {
  private let folder: URL
  /// Far more libraries than anybody has; those read longest ago go.
  private static let most = 256
  /// The longest that is believed; a library that says more is read each time.
  private static let longest = 1 << 20
  private static let heading = "workbench library 1"

  /// - Returns: Nil where the environment names no place for what can be made again.
  init?(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
    let named = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 + "/.cache" : nil }
    guard let place = named ?? home else { return nil }
    folder = URL(literalPath: place + "/workbench/libraries")
  }

  /// What decides what a library says of itself.
  struct Key {
    let path: String
    let sha256: String
    let libraries: [String: String]

    fileprivate var name: String {
      var parts = [DescriptionCache.program, path, sha256]
      parts += libraries.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
      return LibraryFile.sha256(Data(parts.joined(separator: "\0").utf8))
    }
  }

  subscript(key: Key) -> [UInt8]? {
    let file = folder.appending(path: key.name)
    guard let size = try? FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int,
      size <= Self.longest, let contents = try? Data(contentsOf: file)
    else { return nil }
    let parts = contents.split(separator: UInt8(ascii: "\n"), maxSplits: 2)
    guard parts.count == 3, parts[0].elementsEqual(Self.heading.utf8),
      parts[1].elementsEqual(LibraryFile.sha256(Data(parts[2])).utf8)
    else { return nil }
    return Array(parts[2])
  }

  /// Keeps a description, if it can be kept.
  func keep(_ description: [UInt8], for key: Key) {
    let payload = Data(description)
    var contents = Data("\(Self.heading)\n\(LibraryFile.sha256(payload))\n".utf8)
    contents += payload
    guard contents.count <= Self.longest else { return }
    let owner: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
    guard
      (try? FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: owner)) != nil,
      (try? contents.write(to: folder.appending(path: key.name), options: .atomic)) != nil
    else { return }
    removeOldest()
  }

  private func removeOldest() {
    let keys: [URLResourceKey] = [.contentModificationDateKey]
    guard
      let files = try? FileManager.default.contentsOfDirectory(
        at: folder, includingPropertiesForKeys: keys), files.count > Self.most
    else { return }
    func date(_ file: URL) -> Date {
      (try? file.resourceValues(forKeys: Set(keys)))?.contentModificationDate ?? .distantPast
    }
    for file in files.sorted(by: { date($0) < date($1) }).prefix(files.count - Self.most) {
      try? FileManager.default.removeItem(at: file)
    }
  }

  private static let program: String = {
    var status = stat()
    guard stat("/proc/self/exe", &status) == 0 else { return "" }
    return "\(status.st_size) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)"
  }()
}
