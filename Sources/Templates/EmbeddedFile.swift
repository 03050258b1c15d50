internal import CTemplates

/// The texts that are part of the program.
enum EmbeddedFile {
  /// By their paths, such as `StrategyKit/Plan.swift`.
  static let all: [String: String] = {
    var texts: [String: String] = [:]
    var index = 0
    while let file = template_file_at(index)?.pointee {
      let bytes = UnsafeBufferPointer(start: file.bytes, count: file.size)
      texts[String(cString: file.path)] = String(decoding: bytes, as: UTF8.self)
      index += 1
    }
    return texts
  }()

  /// The texts one after the other.
  static func joined(_ paths: String...) -> String {
    paths.map { all[$0] ?? "" }.joined()
  }
}
