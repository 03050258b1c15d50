import Foundation

/// Resident memory of a process, from the kernel's account of it.
package struct ProcessMemory: Equatable, Sendable {
  /// Bytes now.
  package var resident: Int
  /// The most there have been.
  package var peak: Int

  package static func ofThisProcess() -> ProcessMemory? { ofProcess("self") }

  /// Nil when the process is gone.
  static func ofProcess(_ id: String) -> ProcessMemory? {
    guard let data = FileManager.default.contents(atPath: "/proc/\(id)/status") else { return nil }
    return ProcessMemory(status: String(decoding: data, as: UTF8.self))
  }

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

  /// Reads `VmRSS` and `VmHWM`, in kilobytes; nil without both, as for a process that has ended.
  init?(status: String) {
    guard let resident = Self.bytes("VmRSS", in: status),
      let peak = Self.bytes("VmHWM", in: status)
    else { return nil }
    self.resident = resident
    self.peak = max(peak, resident)
  }

  fileprivate static func bytes(_ name: String, in text: String) -> Int? {
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name + ":") })
    else { return nil }
    return line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
      .flatMap { Int($0) }.map { $0 * 1024 }
  }
}

/// What the machine could give a process, by the kernel's estimate.
package enum MachineMemory {
  /// Bytes now; nil where the kernel does not say.
  package static func available() -> Int? {
    FileManager.default.contents(atPath: "/proc/meminfo")
      .flatMap { available(meminfo: String(decoding: $0, as: UTF8.self)) }
  }

  /// Reads `MemAvailable`.
  package static func available(meminfo: String) -> Int? {
    ProcessMemory.bytes("MemAvailable", in: meminfo)
  }
}
