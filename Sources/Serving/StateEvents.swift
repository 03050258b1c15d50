import FlyingFox
import FlyingSocks
import Foundation

/// Server-sent events (WHATWG HTML, section 9.2) that tell when results have changed, without an end.
struct StateEvents: AsyncBufferedSequence {
  typealias Element = UInt8

  let folder: URL

  func makeAsyncIterator() -> Iterator { Iterator(folder: folder) }

  struct Iterator: AsyncBufferedIteratorProtocol {
    let folder: URL
    private var told: StoreState?

    init(folder: URL) { self.folder = folder }

    /// Bytes are read in buffers alone.
    mutating func next() async throws -> UInt8? { nil }

    mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
      for second in 0... {
        let state = StoreState(of: folder)
        if state != told {
          told = state
          return Array(Self.event(state).utf8)
        }
        // Who has left is noticed when something is written to them.
        if second == Self.silence { return Array(": still here\n\n".utf8) }
        try await Task.sleep(for: .seconds(1))
      }
      return nil
    }

    private static let silence = 15

    private static func event(_ state: StoreState) -> String {
      "event: results\ndata: {\"state\":\"\(state.stamp)\",\"stored\":\(state.stored),"
        + "\"running\":\(state.running)}\n\n"
    }
  }
}
