import Synchronization

// The one file in which Swift becomes C: tables of function pointers, and objects behind state
// pointers. A table of a plugin lives as long as the process and is never freed, since the host
// may keep any pointer of it; a strategy's table lives from create to destroy.

/// The C table of a library with the given strategies; the same pointer at each call.
///
/// A library's entry file consists of one call:
///
///     @c @implementation public func wb_plugin_v1() -> UnsafePointer<wb_plugin> {
///       exportStrategies("example", Example.self)
///     }
///
/// - Parameters:
///   - name: the library's name in messages.
///   - strategies: the types, each with an id of its own.
///   - minimumHostMinor: the lowest minor version of the interface whose fields are used. It is
///     0 unless the library itself calls something newer.
/// - Returns: a table that lives as long as the process.
public func exportStrategies(
  _ name: String, _ strategies: any Strategy.Type..., minimumHostMinor: UInt32 = 0
) -> UnsafePointer<wb_plugin> {
  let plugin = exports.withLock { exports -> Exported in
    let types = strategies.map { ObjectIdentifier($0) }
    if let known = exports.first(where: { $0.name == name && $0.types == types }) { return known }
    let new = Exported(name: name, strategies: strategies, minor: minimumHostMinor)
    exports.append(new)
    return new
  }
  return plugin.table
}

private let exports = Mutex<[Exported]>([])

/// A library's table and what it is made of; never changed once made, never freed.
private final class Exported: @unchecked Sendable {
  let name: String
  let types: [ObjectIdentifier]
  let strategies: [any Strategy.Type]
  let descriptors: UnsafePointer<wb_descriptor>
  let table: UnsafePointer<wb_plugin>

  init(name: String, strategies: [any Strategy.Type], minor: UInt32) {
    self.name = name
    self.strategies = strategies
    types = strategies.map { ObjectIdentifier($0) }
    descriptors = permanent(strategies.map(descriptor))
    let table = UnsafeMutablePointer<wb_plugin>.allocate(capacity: 1)
    table.initialize(
      to: wb_plugin(
        abi_major: WB_ABI_MAJOR, min_host_minor: minor, struct_size: MemoryLayout<wb_plugin>.size,
        state: nil, name: permanent(name), built_with: permanent("StrategyKit 1.0, Swift"),
        strategy_count: UInt32(strategies.count), reserved: 0,
        describe: { exported($0)?.describe($1) }, create: { exported($0)?.create($1, $2, $3) }))
    self.table = UnsafePointer(table)
    table.pointee.state = Unmanaged.passRetained(self).toOpaque()
  }

  func describe(_ index: UInt32) -> UnsafePointer<wb_descriptor>? {
    Int(index) < strategies.count ? descriptors + Int(index) : nil
  }

  func create(
    _ host: UnsafePointer<wb_host>, _ id: UnsafePointer<CChar>,
    _ values: UnsafePointer<wb_option_values>
  ) -> UnsafePointer<wb_strategy>? {
    // A host too small for the fields up to `query` is not a 1.0 host: not even fail is there.
    guard reaches(host.pointee.struct_size, past: \wb_host.query) else { return nil }
    do {
      let id = String(cString: id)
      guard let type = strategies.first(where: { $0.info.id == id }) else {
        let known = strategies.map { $0.info.id }.joined(separator: ", ")
        throw StrategyError("the library '\(name)' has no strategy '\(id)'; it has \(known)")
      }
      let options = try Options(declared: type.info.options, given: values.pointee)
      return makeStrategy(type, Instance(try type.init(options: options), host: host))
    } catch {
      _ = host.fail(error)
      return nil
    }
  }
}

private func exported(_ plugin: UnsafePointer<wb_plugin>) -> Exported? {
  plugin.pointee.state.map { Unmanaged<Exported>.fromOpaque($0).takeUnretainedValue() }
}

// MARK: - One strategy in use

/// The table of an instance.
///
/// An entry is null unless the type conforms to the protocol behind it.
private func makeStrategy(
  _ type: any Strategy.Type, _ instance: Instance
) -> UnsafePointer<wb_strategy> {
  let scores = type is any ScoringStrategy.Type || type is any BlockScoringStrategy.Type
  let table = UnsafeMutablePointer<wb_strategy>.allocate(capacity: 1)
  table.initialize(
    to: wb_strategy(
      struct_size: MemoryLayout<wb_strategy>.size,
      state: Unmanaged.passRetained(instance).toOpaque(), destroy: destroy,
      score: scores ? score : nil,
      propose: type is any ProposingStrategy.Type ? propose : nil,
      begin_period: type is any UpdatingStrategy.Type ? beginPeriod : nil,
      begin_step: type is any StepBeginningStrategy.Type ? beginStep : nil,
      end_step: type is any StepEndingStrategy.Type ? endStep : nil, query: nil))
  return UnsafePointer(table)
}

private func instance(_ strategy: UnsafePointer<wb_strategy>) -> Instance? {
  strategy.pointee.state.map { Unmanaged<Instance>.fromOpaque($0).takeUnretainedValue() }
}

private func destroy(_ strategy: UnsafePointer<wb_strategy>) {
  if let state = strategy.pointee.state { Unmanaged<Instance>.fromOpaque(state).release() }
  UnsafeMutablePointer(mutating: strategy).deallocate()
}

private func score(
  _ strategy: UnsafePointer<wb_strategy>, _ model: OpaquePointer, _ target: UInt64,
  _ scores: UnsafeMutablePointer<Float>, _ count: UInt64
) -> wb_status {
  let scores = UnsafeMutableBufferPointer(start: scores, count: Int(count))
  return instance(strategy)?.score(model, target: target, into: scores) ?? WB_FAILED
}

private func propose(
  _ strategy: UnsafePointer<wb_strategy>, _ model: OpaquePointer, _ round: UnsafePointer<wb_round>
) -> wb_status {
  instance(strategy)?.propose(model, round) ?? WB_FAILED
}

private func beginPeriod(
  _ strategy: UnsafePointer<wb_strategy>, _ model: OpaquePointer,
  _ period: UnsafePointer<wb_period>, _ control: UnsafeMutablePointer<wb_period_control>
) -> wb_status {
  instance(strategy)?.beginPeriod(model, period, control) ?? WB_FAILED
}

private func beginStep(
  _ strategy: UnsafePointer<wb_strategy>, _ model: OpaquePointer, _ step: UnsafePointer<wb_step>,
  _ control: UnsafeMutablePointer<wb_step_control>
) -> wb_status {
  let count = control.pointee.gates == nil ? 0 : Int(control.pointee.gate_count)
  let gates = UnsafeMutableBufferPointer(start: control.pointee.gates, count: count)
  return instance(strategy)?.beginStep(model, step, gates: gates) ?? WB_FAILED
}

private func endStep(
  _ strategy: UnsafePointer<wb_strategy>, _ model: OpaquePointer, _ step: UnsafePointer<wb_step>,
  _ parameters: UnsafeMutablePointer<Float>, _ count: UInt64
) -> wb_status {
  let parameters = UnsafeMutableBufferPointer(start: parameters, count: Int(count))
  return instance(strategy)?.endStep(model, step, parameters: parameters) ?? WB_FAILED
}

// MARK: - Descriptors

private func descriptor(_ type: any Strategy.Type) -> wb_descriptor {
  let info = type.info
  var flags: UInt32 = info.localScores ? WB_SCORES_LOCAL : 0
  if info.lossScores { flags |= WB_SCORES_LOSS }
  if info.needs.contains(.convolutions) { flags |= WB_NEEDS_CONVOLUTIONS }
  if info.needs.contains(.blocks) { flags |= WB_NEEDS_BLOCKS }
  let granularity =
    if type is any BlockScoringStrategy.Type { WB_BLOCKS } else {
      info.granularity == .units ? WB_UNITS : WB_WEIGHTS
    }
  return wb_descriptor(
    struct_size: UInt32(MemoryLayout<wb_descriptor>.size), flags: flags,
    id: permanent(info.id), name: permanent(info.name), summary: permanent(info.summary),
    citation: permanent(info.citation), version: permanent(info.version),
    signals: bits(info.reads.map(\.rawValue)), edits: bits(info.emits.map(\.rawValue)),
    granularity: granularity, course: info.course.number,
    options: info.options.isEmpty
      ? nil : permanent(info.options.map { Optional(permanent([option($0)])) }),
    option_count: UInt64(info.options.count))
}

private func bits(_ numbers: [Int32]) -> UInt64 {
  numbers.reduce(0) { $0 | (UInt64(1) << Int64($1)) }
}

private func option(_ option: Option) -> wb_option {
  var entry = wb_option(
    struct_size: UInt32(MemoryLayout<wb_option>.size), kind: WB_OPTION_TEXT,
    name: permanent(option.name), summary: permanent(option.summary), initial: 0, minimum: 0,
    maximum: 0, initial_text: nil, choices: nil, choice_count: 0)
  switch option.kind {
  case .number(let initial, let bounds):
    entry.kind = WB_OPTION_NUMBER
    entry.initial = initial
    entry.minimum = bounds.lowerBound
    entry.maximum = bounds.upperBound
  case .choice(let initial, let words):
    entry.kind = WB_OPTION_CHOICE
    entry.initial = Double(initial)
    entry.choices = permanent(words.map { Optional(permanent($0)) })
    entry.choice_count = UInt64(words.count)
  case .text(let initial):
    entry.initial_text = initial.isEmpty ? nil : permanent(initial)
  }
  return entry
}

/// A copy that is never freed.
private func permanent<Value>(_ values: [Value]) -> UnsafePointer<Value> {
  let copy = UnsafeMutablePointer<Value>.allocate(capacity: max(values.count, 1))
  for (index, value) in values.enumerated() { (copy + index).initialize(to: value) }
  return UnsafePointer(copy)
}

private func permanent(_ text: String) -> UnsafePointer<CChar> {
  permanent(Array(text.utf8CString))
}
