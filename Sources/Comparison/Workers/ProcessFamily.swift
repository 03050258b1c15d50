import Foundation
import Glibc

/// What a worker started, and what that started in turn.
///
/// Every one of them inherits a variable of the environment that no other process has: by it those
/// are found that left the worker's process group and lost their parent.
struct ProcessFamily {
  /// The name of the variable.
  static let variable = "WORKBENCH_CELL"
  let mark = UUID().uuidString

  /// Ends all that are left, those too that appear meanwhile.
  func end() {
    for _ in 0..<20 {
      let members = members()
      guard !members.isEmpty else { return }
      for member in members { kill(member, SIGKILL) }
      usleep(2000)
    }
  }

  private func members() -> [pid_t] {
    let needle = Data("\(Self.variable)=\(mark)".utf8)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.filter { id in
      // Empty for those that have ended, unreadable for those of others.
      FileManager.default.contents(atPath: "/proc/\(id)/environ")?.range(of: needle) != nil
    }
  }

  /// The processes that descend from `id`, itself not among them.
  static func descendants(of id: pid_t) -> [pid_t] {
    var found: [pid_t] = []
    var next = [id]
    // A process that starts others without end is not followed without end.
    while let parent = next.popLast(), found.count < 1000 {
      let tasks =
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(parent)/task")) ?? []
      for task in tasks {
        let list = FileManager.default.contents(atPath: "/proc/\(parent)/task/\(task)/children")
        let children = String(decoding: list ?? Data(), as: UTF8.self).split(separator: " ")
          .compactMap { pid_t($0) }
        found += children
        next += children
      }
    }
    return found
  }
}
