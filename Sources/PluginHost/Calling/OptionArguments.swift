import CWorkbench
import Foundation

/// Lends the values of options as the C struct, in the order of the options.
///
/// - Parameters:
///   - numbers: 0 where the option is a text.
///   - texts: Nil where it is a number.
func withCValues<Result>(
  _ numbers: [Double], _ texts: [String?], _ body: (UnsafePointer<wb_option_values>) -> Result
) -> Result {
  let copies = texts.map { text in text.map { strdup($0) } ?? nil }
  defer { for copy in copies { free(copy) } }
  let pointers = copies.map { UnsafePointer($0) }
  return numbers.withUnsafeBufferPointer { numbers in
    pointers.withUnsafeBufferPointer { texts in
      var table = wb_option_values(
        struct_size: UInt32(MemoryLayout<wb_option_values>.size), count: UInt32(numbers.count),
        numbers: numbers.baseAddress, texts: texts.baseAddress)
      return body(&table)
    }
  }
}

extension OptionValue {
  /// What stands for it among the numbers: of a choice its place, of a text 0.
  var number: Double {
    switch self {
    case .number(let number): number
    case .choice(let index): Double(index)
    case .text: 0
    }
  }

  /// What stands for it among the texts.
  var text: String? { if case .text(let text) = self { text } else { nil } }
}
