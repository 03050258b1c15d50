import Foundation
import PluginHost

extension ProcessMemory {
  /// Of a process and of those that descend from it; pages that several share count once.
  static func ofFamily(_ id: pid_t) -> ProcessMemory? {
    guard var memory = ofProcess("\(id)") else { return nil }
    let descendants = ProcessFamily.descendants(of: id)
    guard !descendants.isEmpty else { return memory }
    memory.resident = ([id] + descendants).reduce(0) { sum, member in
      sum + (proportional(member) ?? ofProcess("\(member)")?.resident ?? 0)
    }
    memory.peak = max(memory.peak, memory.resident)
    return memory
  }

  /// Bytes of which those that are shared count in equal parts for each of their processes.
  private static func proportional(_ id: pid_t) -> Int? {
    FileManager.default.contents(atPath: "/proc/\(id)/smaps_rollup").flatMap {
      bytes("Pss", in: String(decoding: $0, as: UTF8.self))
    }
  }
}
