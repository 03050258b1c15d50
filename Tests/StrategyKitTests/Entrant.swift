import CWorkbench
import Glibc
import Testing

/// The value a test gives to an option.
enum OptionValue {
  case number(Double)
  case text(String)
}

/// A strategy as a host holds it: made, called and destroyed through the C table alone.
final class Entrant {
  let host: FakeHost
  let table: UnsafePointer<wb_strategy>

  /// - Returns: nil when the library gives none, as it must with a text to the host.
  init?(
    _ plugin: UnsafePointer<wb_plugin>, _ id: String, options: [String: OptionValue] = [:],
    host: FakeHost
  ) {
    self.host = host
    let descriptor = descriptors(of: plugin).first { String(cString: $0.pointee.id) == id }
    var numbers: [Double] = []
    var texts: [UnsafePointer<CChar>?] = []
    var copies: [UnsafeMutablePointer<CChar>] = []
    for index in 0..<Int(descriptor?.pointee.option_count ?? 0) {
      guard let option = descriptor?.pointee.options?[index]?.pointee else { break }
      var (number, chosen) = (option.initial, option.initial_text)
      switch options[String(cString: option.name)] {
      case .number(let value): number = value
      case .text(let value):
        guard let copy = strdup(value) else { break }
        copies.append(copy)
        chosen = UnsafePointer(copy)
      case nil: break
      }
      numbers.append(number)
      texts.append(chosen)
    }
    let made = id.withCString { id in
      numbers.withUnsafeBufferPointer { numbers in
        texts.withUnsafeBufferPointer { texts in
          var values = wb_option_values(
            struct_size: UInt32(MemoryLayout<wb_option_values>.size),
            count: UInt32(numbers.count), numbers: numbers.baseAddress, texts: texts.baseAddress)
          return plugin.pointee.create(plugin, host.table, id, &values)
        }
      }
    }
    copies.forEach { free($0) }
    guard let made else { return nil }
    table = made
  }

  deinit { table.pointee.destroy(table) }

  func score(_ target: UInt64, count: Int) -> (status: wb_status, scores: [Float]) {
    var scores = [Float](repeating: -1, count: count)
    guard let score = table.pointee.score else { return (WB_UNSUPPORTED, scores) }
    let status = score(table, host.model, target, &scores, UInt64(count))
    host.spoilViews()
    return (status, scores)
  }

  /// Scores a layer, and fails the test when the strategy does not.
  func scores(_ layer: FakeLayer, count: Int? = nil) throws -> [Float] {
    let (status, scores) = score(layer.id, count: count ?? layer.prunableCount)
    try #require(status == WB_OK, "\(host.failures)")
    return scores
  }

  /// - Parameters:
  ///   - step: of an update point; nil of a round.
  ///   - later: the network of a later round, where it is another.
  @discardableResult
  func propose(
    goal: Int, index: UInt32 = 0, total: UInt32 = 1, atStep step: UInt64? = nil,
    of later: FakeHost? = nil
  ) -> wb_status {
    guard let propose = table.pointee.propose else { return WB_UNSUPPORTED }
    let host = later ?? self.host
    host.beginPlan()
    let now = wb_counts(
      struct_size: UInt32(MemoryLayout<wb_counts>.size), reserved: 0,
      weights: UInt64(host.weights), parameters: 0, operations: 0)
    let next = wb_step(
      struct_size: UInt32(MemoryLayout<wb_step>.size), flags: 0, index: step ?? 0, total: 100,
      learning_rate: 0.1, loss: 0)
    let status = withUnsafePointer(to: now) { now in
      withUnsafePointer(to: next) { next in
        var round = wb_round(
          struct_size: UInt32(MemoryLayout<wb_round>.size), index: index, total: total, reserved: 0,
          weights_goal: UInt64(goal), loss: 0, now: now, step: step == nil ? nil : next)
        return propose(table, host.model, &round)
      }
    }
    host.spoilViews()
    return status
  }

  func beginStep(blocks: Int) -> (status: wb_status, gates: [Float]) {
    var gates = [Float](repeating: 1, count: blocks)
    guard let begin = table.pointee.begin_step else { return (WB_UNSUPPORTED, gates) }
    var step = wb_step()
    step.struct_size = UInt32(MemoryLayout<wb_step>.size)
    let status = gates.withUnsafeMutableBufferPointer { buffer in
      var control = wb_step_control(
        struct_size: UInt32(MemoryLayout<wb_step_control>.size), reserved: 0,
        gates: buffer.baseAddress, gate_count: UInt64(blocks))
      return begin(table, host.model, &step, &control)
    }
    host.spoilViews()
    return (status, gates)
  }

  func endStep(_ parameters: inout [Float]) -> wb_status {
    guard let end = table.pointee.end_step else { return WB_UNSUPPORTED }
    var step = wb_step()
    step.struct_size = UInt32(MemoryLayout<wb_step>.size)
    step.learning_rate = 0.5
    return end(table, host.model, &step, &parameters, UInt64(parameters.count))
  }
}

func descriptors(of plugin: UnsafePointer<wb_plugin>) -> [UnsafePointer<wb_descriptor>] {
  (0..<plugin.pointee.strategy_count).compactMap { plugin.pointee.describe(plugin, $0) }
}

/// A library that the package builds, loaded from beside the test bundle and never closed.
func loadedPlugin(_ name: String) throws -> UnsafePointer<wb_plugin> {
  let bundle = CommandLine.arguments[0]
  let folder = bundle.lastIndex(of: "/").map { String(bundle[...$0]) } ?? "./"
  let path = folder + "lib\(name).so"
  let handle = try #require(dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE), "no \(path)")
  let symbol = try #require(dlsym(handle, "wb_plugin_v1"), "no wb_plugin_v1 in \(path)")
  typealias Entry = @convention(c) () -> UnsafePointer<wb_plugin>
  return unsafeBitCast(symbol, to: Entry.self)()
}
