/// Parts of the confinement that a process is without, as it tells the judge before it opens a library: what
/// comes later may be the library's words.
struct MissingParts {
  private let bits: UInt32

  /// Of a process that was not to be confined.
  static let all = MissingParts(bits: .max)

  private init(bits: UInt32) { self.bits = bits }

  init(_ report: Confinement.Report) {
    self.init(bits: report.missing.reduce(0) { $0 | $1.bit })
  }

  init(_ reader: inout WireReader) throws(WireReader.Malformed) {
    self.init(bits: try reader.get())
  }

  func put(to out: inout WireWriter) { out.put(bits) }

  var words: [String] {
    bits == .max
      ? ["anything (--no-sandbox)"] : Confinement.Part.parts(in: bits).map(\.description)
  }
}

extension MessageLine {
  /// Tells the judge; one that is gone needs not know.
  func tell(_ missing: MissingParts) {
    var payload = WireWriter()
    missing.put(to: &payload)
    try? send(.confined, payload.bytes)
  }
}
