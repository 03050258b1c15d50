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
  /// Parts of the confinement that its processes are without, in words.
  let unconfined: [String]

  /// Loads a library in a process, asks what it is, and ends the process.
  ///
  /// - Throws: ``LoadError`` with what the process says, or how it ended.
  convenience init(_ target: LoadTarget, _ isolation: Isolation, path: String) throws(LoadError) {
    let description: [UInt8]
    do throws(StrategyFailure) {
      description = try Self.load(target, in: StrategyProcess(isolation))
    } catch {
      throw LoadError(path: path, reason: error.reason, status: error.status)
    }
    try self.init(target, isolation, path: path, saying: description)
  }

  /// A library that has been asked before.
  ///
  /// - Parameter description: What it said.
  /// - Throws: ``LoadError`` where that is no description.
  init(
    _ target: LoadTarget, _ isolation: Isolation, path: String, saying description: [UInt8]
  ) throws(LoadError) {
    self.target = target
    self.isolation = isolation
    self.description = description
    do throws(WireReader.Malformed) {
      let library = try LibraryDescription(description)
      descriptors = library.descriptors
      unconfined = library.unconfined
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

  /// What a process that loads a target says of it.
  private static func load(
    _ target: LoadTarget, in process: StrategyProcess
  ) throws(StrategyFailure) -> [UInt8] {
    var request = WireWriter()
    target.put(to: &request)
    request.put(UInt8(process.isolation.isConfined ? 1 : 0))
    request.put(UInt64(process.isolation.processorSeconds ?? 0))
    let late = StrategyFailure(
      .timeout, "it was not loaded within \(patience) s, and its process was ended")
    let deadline = ContinuousClock.now + .seconds(patience)
    do throws(StrategyFailure) {
      try process.send(.load, request.bytes, by: deadline, late: late)
      while true {
        let (message, answer) = try process.receive(by: deadline, late: late)
        // What it logs while it is loaded nobody has asked for.
        if message == .answer { return try description(answer) }
      }
    } catch {
      // It says itself what is wrong with a library that it can read.
      guard [.crashed, .memory, .stopped].contains(error.status) else { throw error }
      throw StrategyFailure(error.status, "\(error.reason) while it loaded the library")
    }
  }

  private static func description(_ answer: WireReader) throws(StrategyFailure) -> [UInt8] {
    var answer = answer
    let refusal: String
    do throws(WireReader.Malformed) {
      guard try answer.get(UInt8.self) == 0 else { return try answer.raw() }
      refusal = try answer.text()
    } catch {
      throw nonsense
    }
    throw StrategyFailure(.invalid, refusal)
  }

  private static let nonsense = StrategyFailure(.invalid, "its process says nonsense of it")

  private func create(
    _ id: String, _ options: UnsafePointer<wb_option_values>, _ host: UnsafePointer<wb_host>
  ) -> UnsafePointer<wb_strategy>? {
    do throws(StrategyFailure) {
      let process = try StrategyProcess(isolation)
      guard try Self.load(target, in: process) == description
      else {
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
