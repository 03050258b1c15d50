import CForeign

/// A number that stands among the arguments of a C function.
package struct ForeignNumber: Hashable, Sendable {
  private enum Value: Hashable {
    case f32(Float)
    case f64(Double)
    case i32(Int32)
    case i64(Int64)
    case u32(UInt32)
    case u64(UInt64)
  }

  private let value: Value
  /// Written in one way: `2.0` and `2` are the same.
  let text: String

  /// Nil where the word is no finite number of the type.
  init?(_ word: String, type: ForeignType) {
    func whole<Number: FixedWidthInteger>(
      _ make: (Number) -> Value
    ) -> (Value, String)? {
      Number(word).map { (make($0), String($0)) }
    }
    let found: (Value, String)? =
      switch type {
      case .f32:
        Float(word).flatMap { $0.isFinite ? (.f32($0), Self.text(Double($0), "\($0)")) : nil }
      case .f64: Double(word).flatMap { $0.isFinite ? (.f64($0), Self.text($0, "\($0)")) : nil }
      case .i32: whole(Value.i32)
      case .i64: whole(Value.i64)
      case .u32: whole(Value.u32)
      case .u64: whole(Value.u64)
      }
    guard let found else { return nil }
    (value, text) = found
  }

  /// Whole numbers without a fraction, as they are written; 0 with a sign keeps it.
  private static func text(_ number: Double, _ shortest: String) -> String {
    guard abs(number) < 0x1p24, number != 0 || number.sign == .plus,
      let whole = Int(exactly: number)
    else { return shortest }
    return String(whole)
  }

  /// Whether a word is meant to be a number and not a name.
  static func isMeant(by word: String) -> Bool {
    word.first.map { $0.isNumber || "+-.".contains($0) } ?? false
  }

  var foreignValue: foreign_value {
    switch value {
    case .f32(let number): foreign_value(f32: number)
    case .f64(let number): foreign_value(f64: number)
    case .i32(let number): foreign_value(i32: number)
    case .i64(let number): foreign_value(i64: number)
    case .u32(let number): foreign_value(u32: number)
    case .u64(let number): foreign_value(u64: number)
    }
  }
}
