import CWorkbench
import Foundation

/// A C function as a library of one strategy: the table that a plugin would give for it.
///
/// What the strategy is called and reads follows from the declaration, so that nobody asks the table.
enum ForeignTable {
  /// Loads a function's library into this process.
  ///
  /// - Returns: A table that lives as long as the process, as tables of libraries do.
  /// - Throws: ``LoadError`` where the system cannot load it, or finds no such function in it.
  static func load(
    _ function: ForeignFunction, in file: LibraryFile, contents: Data
  ) throws(LoadError) -> UnsafePointer<wb_plugin> {
    let handle = try Library.open(file, contents: contents)
    guard let address = dlsym(handle, function.symbol) else {
      throw LoadError(
        path: file.path, reason: "the system finds no function '\(function.symbol)' in it")
    }
    let library = ForeignPlugin(ForeignCall(function: function, address: address))
    return library.table()
  }
}

/// What the state of the table points to.
private final class ForeignPlugin: Sendable {
  let call: ForeignCall

  init(_ call: ForeignCall) { self.call = call }

  func table() -> UnsafePointer<wb_plugin> {
    let name = LibraryDescription.lasting(call.function.text)
    let table = UnsafeMutablePointer<wb_plugin>.allocate(capacity: 1)
    table.initialize(
      to: wb_plugin(
        abi_major: WB_ABI_MAJOR, min_host_minor: 0, struct_size: MemoryLayout<wb_plugin>.size,
        state: Unmanaged.passRetained(self).toOpaque(), name: name, built_with: name,
        strategy_count: 1, reserved: 0,
        describe: { _, _ in nil },
        create: { plugin, host, _, _ in
          plugin.pointee.state.map {
            ForeignStrategy.make(
              Unmanaged<ForeignPlugin>.fromOpaque($0).takeUnretainedValue().call, host)
          }
        }))
    return UnsafePointer(table)
  }
}

/// An instance: a function and the host to ask for its arguments.
private final class ForeignStrategy {
  let call: ForeignCall
  let host: UnsafePointer<wb_host>

  init(_ call: ForeignCall, _ host: UnsafePointer<wb_host>) {
    self.call = call
    self.host = host
  }

  static func make(
    _ call: ForeignCall, _ host: UnsafePointer<wb_host>
  ) -> UnsafePointer<wb_strategy> {
    let table = UnsafeMutablePointer<wb_strategy>.allocate(capacity: 1)
    table.initialize(
      to: wb_strategy(
        struct_size: MemoryLayout<wb_strategy>.size,
        state: Unmanaged.passRetained(ForeignStrategy(call, host)).toOpaque(),
        destroy: { strategy in
          if let state = strategy.pointee.state {
            Unmanaged<ForeignStrategy>.fromOpaque(state).release()
          }
          UnsafeMutablePointer(mutating: strategy).deallocate()
        },
        score: { strategy, model, layer, scores, count in
          strategy.pointee.state.map {
            Unmanaged<ForeignStrategy>.fromOpaque($0).takeUnretainedValue()
              .score(model, layer, UnsafeMutableBufferPointer(start: scores, count: Int(count)))
          } ?? WB_FAILED
        },
        propose: nil, begin_period: nil, begin_step: nil, end_step: nil, query: nil))
    return UnsafePointer(table)
  }

  private func score(
    _ model: OpaquePointer, _ layer: UInt64, _ scores: UnsafeMutableBufferPointer<Float>
  ) -> wb_status {
    var signals: [ForeignSignal: UnsafePointer<Float>] = [:]
    for signal in call.function.signals {
      var reading = wb_reading(
        struct_size: UInt32(MemoryLayout<wb_reading>.size), signal: signal.signal.rawValue,
        layer: layer, values: nil, count: 0, rows: 0, columns: 0)
      let status = host.pointee.read(host, model, &reading)
      guard status == WB_OK, let values = reading.values, reading.count >= UInt64(scores.count)
      else { return host.pointee.fail(host, "it could not read '\(signal.rawValue)'") }
      signals[signal] = values
    }
    do throws(ForeignCall.Failure) {
      try call.fill(scores, from: signals)
      return WB_OK
    } catch {
      return host.pointee.fail(host, error.reason)
    }
  }
}
