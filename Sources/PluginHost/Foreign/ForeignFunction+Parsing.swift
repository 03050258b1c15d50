extension ForeignFunction {
  private static let longestLibrary = 4096
  private static let longestDeclaration = 1000

  /// Reads `libm.so.6:fabs(weight)`, in which every type is `f64`, or the full form
  /// `libm.so.6:f64 fabs(f64 weight)`.
  ///
  /// - Throws: ``ReferenceError`` that quotes the offending word and says what to write.
  package init(_ text: String) throws(ReferenceError) {
    // A path may have colons, a declaration has none.
    guard let colon = text.lastIndex(of: ":") else {
      throw ReferenceError(
        "\(quoted(text)) names no library; write it and a colon before the function, such as "
          + "libm.so.6:fabs(weight)")
    }
    let library = String(text[..<colon]).trimmed
    try Self.check(library: library, in: text)
    let declaration = String(text[text.index(after: colon)...])
    guard declaration.utf8.count <= Self.longestDeclaration else {
      throw ReferenceError(
        "\(quoted(declaration)) has \(declaration.utf8.count) bytes; a function's name and arguments "
          + "have at most \(Self.longestDeclaration)")
    }
    let (words, wrong) = ForeignWords.read(declaration)
    guard let words else {
      throw ReferenceError(
        "'\(wrong.map(String.init) ?? "")' stands in no declaration, and in \(quoted(declaration)); "
          + ForeignParser.hint)
    }
    self = try ForeignParser(library: library, text: declaration, words: words.words).function()
  }

  private static func check(library: String, in text: String) throws(ReferenceError) {
    guard !library.isEmpty else {
      throw ReferenceError(
        "\(quoted(text)) names no library before its ':'; write such as libm.so.6:fabs(weight)")
    }
    guard library.utf8.count <= longestLibrary else {
      throw ReferenceError(
        "\(quoted(library)) has \(library.utf8.count) bytes; the path of a library has at most "
          + "\(longestLibrary)")
    }
    guard !library.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) else {
      throw ReferenceError("\(quoted(library)) has a control character, and no library's path may")
    }
  }
}
