/// Tells the judge what is being done to a library before it is done, so that it can be told of a process
/// that ends in the middle.
final class Witness {
  private let line: MessageLine
  /// What is being done.
  private(set) var did = ""

  init(_ line: MessageLine) { self.line = line }

  func doing(_ what: String) {
    did = what
    var payload = WireWriter()
    payload.put(what)
    try? line.send(.doing, payload.bytes)
  }

  func shortcoming(_ found: String) -> Shortcoming { Shortcoming(did: did, found: found) }
}
