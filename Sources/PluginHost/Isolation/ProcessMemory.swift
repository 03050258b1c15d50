import Foundation

/// Resident memory of a process, from the kernel's account of it.
package struct ProcessMemory: Equatable, Sendable {
  /// Bytes now.
  package var resident: Int
  /// The most there have been.
  package var peak: Int
  /// Of those now, the ones that other processes may see too.
  package var shared: Int
  /// Bytes that the system has put aside to a disk.
  package var swapped: Int
  package var threads: Int

  package static func ofThisProcess() -> ProcessMemory? { ofProcess("self") }

  /// Nil when the process is gone.
  package static func ofProcess(_ id: String) -> ProcessMemory? {
    guard let data = FileManager.default.contents(atPath: "/proc/\(id)/status") else { return nil }
    return ProcessMemory(status: String(decoding: data, as: UTF8.self))
  }

  /// Reads `VmRSS` and `VmHWM`, in kilobytes; nil without both, as for a process that has ended.
  package init?(status: String) {
    guard let resident = Self.bytes("VmRSS", in: status),
      let peak = Self.bytes("VmHWM", in: status)
    else { return nil }
    self.resident = resident
    self.peak = max(peak, resident)
    shared = Self.bytes("RssShmem", in: status) ?? 0
    swapped = Self.bytes("VmSwap", in: status) ?? 0
    threads = Self.number("Threads", in: status) ?? 1
  }

  /// Reads an entry in kilobytes; nil where it is not there.
  package static func bytes(_ name: String, in text: String) -> Int? {
    number(name, in: text).map { $0 * 1024 }
  }

  /// By bytes: the text is read many times a second, and is of no other alphabet.
  private static func number(_ name: String, in text: String) -> Int? {
    let beginning = Array("\(name):".utf8)
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    return text.utf8.split(separator: UInt8(ascii: "\n"))
      .first { $0.starts(with: beginning) }
      .flatMap { line in
        let number = line.dropFirst(beginning.count).drop { $0 == 0x20 || $0 == 0x09 }
        return Int(Substring(number.prefix { digits.contains($0) }))
      }
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
