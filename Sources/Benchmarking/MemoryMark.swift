import CSystem
import Foundation

/// The memory that a process holds, from a moment on.
struct MemoryMark {
  private let held: Int?

  /// Starts the process's high-water mark anew, with freed memory given back to the system.
  init() {
    system_trim_memory()
    try? Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
    held = Self.field("VmRSS")
  }

  /// The most that was held since then, beyond what was held at that moment.
  func risen() -> Int? {
    guard let held, let peak = Self.peak() else { return nil }
    return max(0, peak - held)
  }

  static func peak() -> Int? { field("VmHWM") }

  private static func field(_ name: String) -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name + ":") }),
      let kibibytes = line.split(whereSeparator: { " \t".contains($0) }).dropFirst().first
    else { return nil }
    return Int(kibibytes).map { $0 * 1024 }
  }
}
