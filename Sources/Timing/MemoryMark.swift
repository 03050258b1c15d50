import CSystem
import Foundation
import PluginHost

/// The memory that a process holds, from a moment on.
struct MemoryMark {
  private let held: Int?

  /// Starts the process's high-water mark anew, with freed memory given back to the system.
  init() {
    system_trim_memory()
    try? Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
    held = ProcessMemory.ofThisProcess()?.resident
  }

  /// The most that was held since then, beyond what was held at that moment.
  func risen() -> Int? {
    guard let held, let peak = Self.peak() else { return nil }
    return max(0, peak - held)
  }

  static func peak() -> Int? { ProcessMemory.ofThisProcess()?.peak }
}
