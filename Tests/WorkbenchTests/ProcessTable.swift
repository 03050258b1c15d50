import Foundation

/// The processes of this machine, as far as they are ours to look at.
enum ProcessTable {
  static var ids: [pid_t] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { pid_t($0) }
  }

  /// Empty for those that have ended, and those of others.
  static func environment(of id: pid_t) -> String { text("environ", of: id) }

  static func commandLine(of id: pid_t) -> String { text("cmdline", of: id) }

  private static func text(_ file: String, of id: pid_t) -> String {
    let data = FileManager.default.contents(atPath: "/proc/\(id)/\(file)") ?? Data()
    return String(decoding: data.map { $0 == 0 ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
  }

  /// The process that started one.
  static func parent(of id: pid_t) -> pid_t? {
    // Its name, which may have blanks and brackets, ends with the last bracket.
    text("stat", of: id).split(separator: ")").last?.split(separator: " ").dropFirst().first
      .flatMap { pid_t($0) }
  }
}
