import Foundation

/// Resident memory of a process, from the kernel's account of it.
struct ProcessMemory: Equatable, Sendable {
  /// Bytes now.
  var resident: Int
  /// The most there have been.
  var peak: Int

  static func ofThisProcess() -> ProcessMemory? { ofProcess("self") }

  /// Nil when the process is gone.
  static func ofProcess(_ id: String) -> ProcessMemory? {
    guard let data = FileManager.default.contents(atPath: "/proc/\(id)/status") else { return nil }
    return ProcessMemory(status: String(decoding: data, as: UTF8.self))
  }

  /// Reads `VmRSS` and `VmHWM`, in kilobytes; nil without both, as for a process that has ended.
  init?(status: String) {
    func bytes(_ name: String) -> Int? {
      guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name + ":") })
      else { return nil }
      return line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
        .flatMap { Int($0) }.map { $0 * 1024 }
    }
    guard let resident = bytes("VmRSS"), let peak = bytes("VmHWM") else { return nil }
    self.resident = resident
    self.peak = max(peak, resident)
  }
}
