import CWorkbench
import Glibc

/// A library that lies in processes of its own, as a table that lies in this one: what calls it need not
/// know the difference.
///
/// It lives as long as the process, as tables of libraries do.
final class RemoteLibrary: @unchecked Sendable {
  private let target: LoadTarget
  private let isolation: Isolation
  /// What the first process said of the library, byte for byte.
  let description: [UInt8]
  private let descriptors: [UnsafePointer<wb_descriptor>]
  private let memory: UnsafeMutablePointer<wb_plugin>

  var pointer: UnsafePointer<wb_plugin> { UnsafePointer(memory) }
  /// The table, to be read as that of any library.
  var table: UnsafeRawPointer { UnsafeRawPointer(memory) }
  /// Parts of the confinement that its processes are without.
  let missing: MissingParts
  /// What it printed while it was loaded, or the beginning of that.
  private(set) var printed = ""

  /// Loads a library in a process, asks what it is, and ends the process.
  ///
  /// - Throws: ``LoadError`` with what the process says, or how it ended.
  convenience init(_ target: LoadTarget, _ isolation: Isolation, path: String) throws(LoadError) {
    let output = PrintedOutput()
    let said: Said
    do throws(StrategyFailure) {
      let process = try StrategyProcess(isolation, output: output.descriptor)
      said = try Self.load(target, in: process)
    } catch {
      let printed = output.beginning
      let words = printed.isEmpty ? "" : "; it printed: \(printed)"
      throw LoadError(path: path, reason: error.reason + words, status: error.status)
    }
    try self.init(
      target, isolation, path: path, saying: said.description, missing: said.missing)
    printed = output.beginning
  }

  /// A library that has been asked before.
  ///
  /// - Parameters:
  ///   - description: What it said.
  ///   - missing: What processes are confined without.
  /// - Throws: ``LoadError`` where that is no description.
  init(
    _ target: LoadTarget, _ isolation: Isolation, path: String, saying description: [UInt8],
    missing: MissingParts
  ) throws(LoadError) {
    self.missing = missing
    self.target = target
    self.isolation = isolation
    self.description = description
    do throws(WireReader.Malformed) {
      let library = try LibraryDescription(description)
      descriptors = library.descriptors
      memory = library.table
    } catch {
      throw LoadError(path: path, reason: Self.nonsense.reason, status: Self.nonsense.status)
    }
    memory.pointee.state = Unmanaged.passRetained(self).toOpaque()
    memory.pointee.describe = { library, index in
      guard let library = RemoteLibrary.of(library.pointee.state) else { return nil }
      return Int(index) < library.descriptors.count ? library.descriptors[Int(index)] : nil
    }
    memory.pointee.create = { library, host, id, options in
      RemoteLibrary.of(library.pointee.state)?.create(String(cString: id), options, host)
    }
  }

  private static func of(_ state: UnsafeMutableRawPointer?) -> RemoteLibrary? {
    state.map { Unmanaged<RemoteLibrary>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Seconds that a library may take to be loaded.
  private static let patience = 10

  /// What a process says that loads a target: of itself before, and of the target.
  private struct Said {
    var missing: MissingParts
    var description: [UInt8]
  }

  private static func load(
    _ target: LoadTarget, in process: StrategyProcess
  ) throws(StrategyFailure) -> Said {
    var request = WireWriter()
    target.put(to: &request)
    request.put(UInt8(process.isolation.isConfined ? 1 : 0))
    request.put(UInt64(process.isolation.processorSeconds ?? 0))
    let late = StrategyFailure(
      .timeout, "it was not loaded within \(patience) s, and its process was ended")
    let deadline = ContinuousClock.now + .seconds(patience)
    do throws(StrategyFailure) {
      try process.send(.load, request.bytes, by: deadline, late: late)
      let (first, head) = try process.receive(by: deadline, late: late)
      if first == .answer { throw try refusal(head) }
      let missing = try missing(first, head)
      while true {
        let (message, answer) = try process.receive(by: deadline, late: late)
        // What it logs while it is loaded nobody has asked for.
        guard message == .answer else { continue }
        return Said(missing: missing, description: try description(answer))
      }
    } catch {
      // It says itself what is wrong with a library that it can read.
      guard [.crashed, .memory, .stopped].contains(error.status) else { throw error }
      throw StrategyFailure(error.status, "\(error.reason) while it loaded the library")
    }
  }

  private static func missing(
    _ message: Message, _ payload: WireReader
  ) throws(StrategyFailure) -> MissingParts {
    var payload = payload
    guard message == .confined, let missing = try? MissingParts(&payload) else { throw nonsense }
    return missing
  }

  private static func description(_ answer: WireReader) throws(StrategyFailure) -> [UInt8] {
    var payload = answer
    guard let isDescription = try? payload.get(UInt8.self) else { throw nonsense }
    guard isDescription != 0 else { throw try refusal(answer) }
    guard let description = try? payload.raw() else { throw nonsense }
    return description
  }

  /// Why a process did not load the target.
  private static func refusal(_ answer: WireReader) throws(StrategyFailure) -> StrategyFailure {
    var payload = answer
    guard (try? payload.get(UInt8.self)) == 0, let text = try? payload.text() else {
      throw nonsense
    }
    return StrategyFailure(.invalid, String(text.prefix(longestRefusal)))
  }

  private static let longestRefusal = 2000

  private static let nonsense = StrategyFailure(.invalid, "its process says nonsense of it")

  private func create(
    _ id: String, _ options: UnsafePointer<wb_option_values>, _ host: UnsafePointer<wb_host>
  ) -> UnsafePointer<wb_strategy>? {
    do throws(StrategyFailure) {
      let process = try StrategyProcess(isolation)
      guard try Self.load(target, in: process).description == description else {
        throw StrategyFailure(
          .invalid, "the library says something else of itself than when it was first loaded")
      }
      return try RemoteStrategy.create(
        id, options, host, in: process, seconds: isolation.seconds)
    } catch {
      Session.of(host)?.end = error
      return nil
    }
  }
}
