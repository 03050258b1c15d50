import CSystem
import Synchronization

/// Threads that share the work of an executor or of a large product of matrices.
///
/// Whoever hands out work sees to it that its parts do not touch each other's results, and that
/// what a part computes does not depend on the number of threads: then the bits do not either.
package final class Team: @unchecked Sendable {
  package let threads: Int
  private let team: OpaquePointer?

  /// - Parameter threads: At least 1, the caller's among them. Where the system gives none, all work
  ///   stays on the caller's.
  package init(threads: Int) {
    team = threads > 1 ? system_team_create(Int32(clamping: threads)) : nil
    self.threads = team == nil ? 1 : threads
  }

  deinit { if let team { system_team_destroy(team) } }

  /// Calls `body` once for every part in 0 ..< `parts`, in any order, and returns when all are done.
  package func run(_ parts: Int, _ body: (Int) -> Void) {
    run(parts, numbered: { part, _ in body(part) })
  }

  /// The same with the number, below ``threads``, of the thread that does the part. A thread does one at a
  /// time.
  package func run(_ parts: Int, numbered body: (_ part: Int, _ thread: Int) -> Void) {
    guard let team, parts > 1 else {
      for part in 0..<parts { body(part, 0) }
      return
    }
    share(parts, body, in: team)
  }

  /// Apart, as the compiler would otherwise put every caller's closure on the heap, shared or not.
  @inline(never)
  private func share(_ parts: Int, _ body: (Int, Int) -> Void, in team: OpaquePointer) {
    withoutActuallyEscaping(body) { body in
      var work = Work(body: body)
      withUnsafeMutablePointer(to: &work) { work in
        system_team_run(
          team, Int64(parts),
          { context, part, thread in
            context.assumingMemoryBound(to: Work.self).pointee.body(Int(part), Int(thread))
          }, work)
      }
    }
  }

  /// A closure by itself would be wrapped in another, on the heap, to have its address taken.
  private struct Work { let body: (Int, Int) -> Void }

  /// Calls `body` with ranges that make up 0 ..< `count`, one a thread; with all of it at once when
  /// the work is too little to be worth the wait for another thread.
  ///
  /// - Parameters:
  ///   - count: How many things there are to do.
  ///   - bytes: About how many are read and written in all.
  ///   - body: Does those of a range.
  package func share(_ count: Int, bytes: Int, _ body: (Range<Int>) -> Void) {
    guard threads > 1, count > 1, bytes >= Self.leastBytes else { return body(0..<count) }
    let parts = min(threads, count)
    run(parts) { part in body(count * part / parts..<count * (part + 1) / parts) }
  }

  /// What one thread passes over in some ten microseconds. To hand work to another takes two or three, where
  /// threads share no cache as many as ten more, and what it leaves in its own cache has to be fetched.
  private static let leastBytes = 500_000

  // MARK: - The process's team

  private static let current = Mutex(Team(threads: 1))

  /// What executors use unless they are told otherwise: one thread, until ``use(threads:)``.
  package static var shared: Team { current.withLock { $0 } }

  /// Gives executors that are made from now on this many threads.
  package static func use(threads: Int) {
    current.withLock { $0 = Team(threads: threads) }
  }
}
