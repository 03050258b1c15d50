/// The words and marks of a declaration.
struct ForeignWords {
  /// A name, a number, or one of `marks`.
  let words: [String]

  private static let marks: Set<Unicode.Scalar> = ["(", ")", ",", "*"]

  /// Nil with the first character that stands in no declaration.
  static func read(_ text: String) -> (words: ForeignWords?, wrong: Unicode.Scalar?) {
    var words: [String] = []
    var isInWord = false
    for scalar in text.unicodeScalars {
      let isPart = isPartOfWord(scalar)
      if isPart, isInWord {
        words[words.count - 1].unicodeScalars.append(scalar)
      } else if isPart || marks.contains(scalar) {
        words.append(String(scalar))
      } else if !scalar.properties.isWhitespace {
        return (nil, scalar)
      }
      isInWord = isPart
    }
    return (ForeignWords(words: words), nil)
  }

  /// Letters and digits of C, what numbers are written with, and what names of other languages have.
  private static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII
      && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || "_$.+-".unicodeScalars.contains(scalar))
  }
}
