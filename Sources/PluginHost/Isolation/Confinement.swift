import CSystem
import Foundation

/// What a process may still do that is about to load a library of which nothing is known.
///
/// It may compute, with threads, within limits; read what is named here; and use the descriptors that
/// are open. It can no longer open a file for writing, remove or change one, open a socket, start a
/// process, signal another one, or change the system. This stops accidents, runaways and casual
/// misuse, and is no defence against faults of the kernel.
package struct Confinement: Hashable, Sendable {
  /// Bytes of address space, all in all, with the program's own; nil for no limit.
  package var memory: UInt64?
  /// Seconds of processor time, with those used already; nil for no limit.
  package var processorSeconds: UInt64?
  /// Files, and folders with all below, that may be read. Those that do not exist are passed over.
  package var readable: [String]

  /// What a library needs of the system.
  ///
  /// Dispatch reads below `/proc` and traps where it cannot. That lays other processes no barer than
  /// they are to everyone: what is theirs alone the kernel keeps from a confined process.
  package static let systemPaths = [
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/etc/localtime",
    "/usr/share/zoneinfo", "/proc", "/sys/devices/system/cpu", "/dev/null", "/dev/urandom",
  ]

  package init(
    memory: UInt64? = nil, processorSeconds: UInt64? = nil,
    readable: [String] = Self.systemPaths
  ) {
    self.memory = memory
    self.processorSeconds = processorSeconds
    self.readable = readable
  }

  /// Confines this process for the rest of its life; it must have one thread still.
  ///
  /// OpenBLAS starts some as it is loaded, unless `OPENBLAS_NUM_THREADS` is 1 in the environment, and
  /// so does the first task that leaves the main actor. What is printed, errors too, has to go to a
  /// pipe or a terminal: a file cannot grow any more, and who tries to write to it gets `SIGXFSZ`.
  /// That the process ends with its parent has to be asked for before.
  ///
  /// - Returns: What holds, and what this kernel does not offer.
  /// - Throws: ``ConfinementError`` where there are more threads, and then nothing is done; or where a
  ///   part that the kernel offers cannot be applied: the process is then confined in part, and should
  ///   end.
  package func apply() throws(ConfinementError) -> Report {
    // The system's strings end where these go on: a shorter path could allow more.
    if let path = readable.first(where: { $0.utf8.contains(0) }) {
      throw ConfinementError(part: .files, reason: "'\(path)' is no path")
    }
    let paths = readable.map { strdup($0) }
    defer { for path in paths { free(path) } }
    guard paths.allSatisfy({ $0 != nil }) else {
      throw ConfinementError(part: nil, reason: "memory is short")
    }
    var report = system_confinement_report()
    let code = paths.map { UnsafePointer($0) }.withUnsafeBufferPointer { paths in
      var wanted = system_confinement()
      wanted.memory_bytes = memory ?? 0
      wanted.processor_seconds = processorSeconds ?? 0
      wanted.readable = paths.baseAddress
      wanted.readable_count = paths.count
      return system_confine(&wanted, &report) == 0 ? 0 : errno
    }
    guard code == 0 else { throw ConfinementError(code, in: report) }
    return Report(report)
  }
}

extension Confinement {
  /// A part of the confinement, in the order of the bits of confine.h.
  package enum Part: UInt32, CaseIterable, Sendable, CustomStringConvertible {
    case limits, memory, privileges, capabilities, files, network, scopes, calls

    package var description: String {
      switch self {
      case .limits: "limits of processor time and files"
      case .memory: "the limit of memory"
      case .privileges: "no new privileges"
      case .capabilities: "no capabilities"
      case .files: "Landlock for files"
      case .network: "Landlock for networks"
      case .scopes: "Landlock for signals"
      case .calls: "the filter of system calls"
      }
    }

    var bit: UInt32 { 1 << rawValue }

    static func parts(in bits: UInt32) -> [Part] {
      allCases.filter { bits & $0.bit != 0 }
    }
  }

  /// What came of a confinement.
  package struct Report: Hashable, Sendable, CustomStringConvertible {
    package let applied: [Part]
    /// What the kernel does not offer. A limit that was not asked for is in neither list.
    package let missing: [Part]
    /// The version of Landlock that the kernel offers; 0 for none.
    package let landlockVersion: Int

    fileprivate init(_ report: system_confinement_report) {
      applied = Part.parts(in: report.applied)
      missing = Part.parts(in: report.missing)
      landlockVersion = Int(report.landlock_version)
    }

    package var description: String {
      let holds = "confined by " + applied.map(\.description).joined(separator: ", ")
      guard !missing.isEmpty else { return holds }
      return holds + "; this system does not offer "
        + missing.map(\.description).joined(separator: ", ")
    }
  }
}

/// Why a process could not be confined.
package struct ConfinementError: Error, Hashable, CustomStringConvertible {
  /// The part that failed; nil where none was begun.
  package let part: Confinement.Part?
  package let reason: String

  package var description: String {
    let subject = part.map { ": \($0)" } ?? ""
    return "this process cannot be confined\(subject): \(reason)"
  }

  fileprivate init(part: Confinement.Part?, reason: String) {
    self.part = part
    self.reason = reason
  }

  fileprivate init(_ code: Int32, in report: system_confinement_report) {
    part = Confinement.Part.parts(in: report.failed).first
    reason =
      part == nil && code == EBUSY
      ? "it has more than one thread already" : String(cString: strerror(code))
  }
}
