import Foundation
import PluginHost

/// What a worker and all that descends from it hold, looked at again and again.
///
/// To tell pages that several processes share from those of one, the kernel walks every page, and takes
/// milliseconds for a worker of some hundred megabytes, which cannot map memory meanwhile. What the processes
/// hold by their own accounts is never less, so nothing is over the limit while their sum is not. The peak is
/// asked for where that sum rises: where only less of it is shared than before, the peak stays too low by that.
package struct FamilyMemory {
  private let limit: Int?
  /// The most bytes there have been, those that are shared counted once.
  package private(set) var peak = 0
  /// The largest sum of the processes' own accounts for which the kernel was asked.
  private var largestSum = 0

  /// - Parameter limit: Bytes; nil for none.
  package init(limit: Int?) { self.limit = limit }

  package var isOverLimit: Bool { limit.map { peak > $0 } ?? false }

  /// Looks at a process and those that descend from it; nothing when it is gone.
  package mutating func look(at id: pid_t) {
    guard let own = ProcessMemory.ofProcess("\(id)") else { return }
    peak = max(peak, own.peak)
    let descendants = ProcessFamily.descendants(of: id).map { member in
      (id: member, resident: ProcessMemory.ofProcess("\(member)")?.resident ?? 0)
    }
    guard !descendants.isEmpty else { return }
    let members = [(id: id, resident: own.resident)] + descendants
    take(members.reduce(0) { $0 + $1.resident }) {
      members.reduce(0) { $0 + (Self.proportional($1.id) ?? $1.resident) }
    }
  }

  /// - Parameters:
  ///   - sum: Bytes by the processes' own accounts, in which what they share counts for each.
  ///   - exact: Bytes with what they share counted once.
  package mutating func take(_ sum: Int, exact: () -> Int) {
    guard sum > largestSum || limit.map({ sum > $0 }) ?? false else { return }
    largestSum = max(largestSum, sum)
    peak = max(peak, exact())
  }

  /// Bytes of which those that are shared count in equal parts for each of their processes.
  private static func proportional(_ id: pid_t) -> Int? {
    FileManager.default.contents(atPath: "/proc/\(id)/smaps_rollup").flatMap {
      ProcessMemory.bytes("Pss", in: String(decoding: $0, as: UTF8.self))
    }
  }
}
