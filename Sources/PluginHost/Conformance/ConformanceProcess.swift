/// The inside of a test's process: confines itself, loads the library and holds it to one rule.
struct ConformanceProcess {
  private let line: MessageLine
  private let witness: Witness

  init(_ line: MessageLine) {
    self.line = line
    witness = Witness(line)
  }

  /// What came of a test, as the judge is told.
  enum Finding: UInt8 {
    case passed, failed, notApplicable
  }

  /// A request for a test.
  struct Request {
    var test: String
    var target: LoadTarget
    var isConfined: Bool
    /// The strategy under test; nil for the library itself.
    var strategy: String?

    var bytes: [UInt8] {
      var out = WireWriter()
      out.put(test)
      target.put(to: &out)
      out.put(UInt8(isConfined ? 1 : 0))
      out.put(strategy)
      return out.bytes
    }
  }

  func answer(_ payload: inout WireReader) throws -> WireWriter {
    let name = try payload.text()
    let target = try LoadTarget(&payload)
    let isConfined = try payload.get(UInt8.self) != 0
    let strategy = try payload.optionalText()
    guard let test = ConformanceTest.all.first(where: { $0.name == name }) else {
      throw WireReader.Malformed()
    }
    var answer = WireWriter()
    func put(_ finding: Finding, _ did: String, _ found: String) {
      answer.put(finding.rawValue)
      answer.put(did)
      answer.put(found)
    }
    do {
      witness.doing("confined the process")
      line.tell(isConfined ? MissingParts(try target.confine()) : .all)
      let library = UnreadLibrary(target: target, witness: witness)
      put(.passed, "", try run(test, library, strategy) ?? "")
    } catch let error as NotApplicable {
      put(.notApplicable, "", error.reason)
    } catch let error as Shortcoming {
      put(.failed, error.did, error.found)
    } catch {
      put(.failed, witness.did, "\(error)")
    }
    return answer
  }

  private func run(
    _ test: ConformanceTest, _ library: UnreadLibrary, _ strategy: String?
  ) throws -> String? {
    switch test.body {
    case .loading(let body): return try body(library)
    case .library(let body): return try body(library.read())
    case .strategy(let body):
      guard let entry = try library.read().entries.first(where: { $0.id == strategy }) else {
        throw witness.shortcoming("the strategy '\(strategy ?? "")' is no longer there")
      }
      return try body(Subject(entry: entry, witness: witness))
    }
  }
}
