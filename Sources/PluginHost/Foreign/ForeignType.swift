import CForeign

/// A type of a C function's arguments and result.
package enum ForeignType: String, CaseIterable, Sendable {
  case f32, f64, i32, i64, u32, u64

  /// What a header of C calls it.
  package var nameInC: String {
    switch self {
    case .f32: "float"
    case .f64: "double"
    case .i32: "int32_t"
    case .i64: "int64_t"
    case .u32: "uint32_t"
    case .u64: "uint64_t"
    }
  }

  /// The type that a word of C may mean; nil where it is none of them, or more than one.
  init?(nameInC word: String) {
    let other: [String: ForeignType] = [
      "int": .i32, "unsigned": .u32, "long": .i64, "size_t": .u64, "ssize_t": .i64,
    ]
    guard let type = Self.allCases.first(where: { $0.nameInC == word }) ?? other[word] else {
      return nil
    }
    self = type
  }

  /// Whether it has fractions.
  package var isReal: Bool { self == .f32 || self == .f64 }

  /// Bytes of a value.
  var size: Int {
    switch self {
    case .f32, .i32, .u32: 4
    case .f64, .i64, .u64: 8
    }
  }

  /// Its number in foreign.h.
  var number: foreign_type {
    switch self {
    case .f32: FOREIGN_F32
    case .f64: FOREIGN_F64
    case .i32: FOREIGN_I32
    case .i64: FOREIGN_I64
    case .u32: FOREIGN_U32
    case .u64: FOREIGN_U64
    }
  }
}
