import CForeign

/// A C function at its address, called over the weights of a layer.
struct ForeignCall: @unchecked Sendable {
  let function: ForeignFunction
  /// Of code that is never unloaded.
  let address: UnsafeMutableRawPointer

  /// Why there are no scores, in words for the strategy's row.
  struct Failure: Error {
    let reason: String
  }

  /// Fills in a score for each weight.
  ///
  /// - Parameter signals: Of as many values as there are scores, for each that the function reads.
  /// - Throws: ``Failure``; what was written to `scores` is of no use then.
  func fill(
    _ scores: UnsafeMutableBufferPointer<Float>,
    from signals: [ForeignSignal: UnsafePointer<Float>]
  ) throws(Failure) {
    guard let start = scores.baseAddress, !scores.isEmpty else { return }
    if let result = function.result {
      try callEach(result, signals, into: start, count: scores.count)
    } else {
      try callOnce(signals, into: scores)
    }
  }

  private func callEach(
    _ result: ForeignType, _ signals: [ForeignSignal: UnsafePointer<Float>],
    into scores: UnsafeMutablePointer<Float>, count: Int
  ) throws(Failure) {
    let arguments = function.arguments.map { argument in
      var foreign = foreign_argument()
      foreign.type = argument.type.number
      if case .number(let number) = argument.role { foreign.value = number.foreignValue }
      foreign.column = argument.signal.flatMap { signals[$0] }
      return foreign
    }
    let code = foreign_call_each(
      address, result.number, arguments, UInt32(arguments.count), UInt64(count), scores)
    guard code == 0 else { throw Self.uncallable }
  }

  private func callOnce(
    _ signals: [ForeignSignal: UnsafePointer<Float>],
    into scores: UnsafeMutableBufferPointer<Float>
  ) throws(Failure) {
    let count = scores.count
    let type = function.arguments.first { $0.role == .scores }?.type ?? .f32
    let out = GuardedFloats(repeating: .nan, count: count * type.size / MemoryLayout<Float>.size)
    if type == .f64 { Self.fill(out.start, with: Double.nan, count: count) }
    // They live until the call is over.
    var inputs: [ReadOnlyValues] = []
    var arguments: [foreign_argument] = []
    for argument in function.arguments {
      var foreign = foreign_argument()
      foreign.type = argument.isArray ? FOREIGN_POINTER : argument.type.number
      switch argument.role {
      case .value: throw Self.uncallable
      case .number(let number): foreign.value = number.foreignValue
      case .count: foreign.value = try Self.value(of: count, as: argument.type)
      case .scores: foreign.value.pointer = UnsafeRawPointer(out.start)
      case .values(let signal):
        guard let values = signals[signal],
          let input = ReadOnlyValues(values, count: count, as: argument.type)
        else { throw Failure(reason: "there is no memory for '\(signal.rawValue)'") }
        inputs.append(input)
        foreign.value.pointer = input.start
      }
      arguments.append(foreign)
    }
    let code = withExtendedLifetime(inputs) {
      foreign_call(address, arguments, UInt32(arguments.count))
    }
    guard code == 0 else { throw Self.uncallable }
    guard out.isIntact else {
      throw Failure(
        reason: "\(function.symbol) wrote outside of 'out', which has \(count) values of \(type)")
    }
    let raw = UnsafeRawPointer(out.start)
    for index in scores.indices {
      scores[index] =
        type == .f64
        ? Float(raw.load(fromByteOffset: index * 8, as: Double.self))
        : raw.load(fromByteOffset: index * 4, as: Float.self)
    }
  }

  private static let uncallable = Failure(reason: "libffi cannot call a function of these types")

  /// Numbers that are not written stay NaN, and are found.
  private static func fill(_ start: UnsafeMutablePointer<Float>, with number: Double, count: Int) {
    let raw = UnsafeMutableRawPointer(start)
    for index in 0..<count { raw.storeBytes(of: number, toByteOffset: index * 8, as: Double.self) }
  }

  private static func value(
    of count: Int, as type: ForeignType
  ) throws(Failure) -> foreign_value {
    guard let number = ForeignNumber(String(count), type: type) else {
      throw Failure(reason: "the layer has \(count) weights, and \(type) counts no further")
    }
    return number.foreignValue
  }
}
