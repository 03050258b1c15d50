/// The id of a new strategy, and the names that are made of it in languages.
///
/// Ids that differ give modules that differ, as two Swift libraries with modules of one name in one
/// process would take each other's types for their own.
package struct StrategyName: Sendable {
  /// Why a word is no name.
  package struct Refusal: Error, CustomStringConvertible {
    package let description: String
  }

  /// A letter, then lower case letters and digits, with single `-` and `.` between them.
  package let id: String

  /// - Throws: ``Refusal`` that quotes the word and says what could be written.
  package init(_ word: String) throws {
    guard Self.isName(word) else {
      let nearest = Self.made(of: word)
      throw Refusal(
        description:
          "'\(word)' cannot be the name of a strategy: at most 64 lower case letters and "
          + "digits, a letter first, with single '-' and '.' between them; write "
          + (Self.isName(nearest) ? "'\(nearest)'" : "'my-pruner'"))
    }
    id = word
  }

  /// `my-net.2` → `MyNet__2`: a capital for a hyphen and the letter behind it, one `_` for a hyphen
  /// before a digit, two for a point.
  package var word: String {
    var word = ""
    var isCapital = true
    for letter in id {
      switch letter {
      case "-": isCapital = true
      case ".": word += "__"
      default:
        if isCapital, letter.isNumber { word += "_" }
        word += isCapital ? letter.uppercased() : String(letter)
        isCapital = false
      }
    }
    return word
  }

  /// The Swift module; with the ending it is none that another library has.
  package var module: String { word + "Plugin" }
  /// The crate of Rust.
  package var crate: String { id.replacing(".", with: "-") + "-plugin" }
  /// On the board.
  package var title: String {
    let words = id.replacing("-", with: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  private static func isName(_ word: String) -> Bool {
    guard word.utf8.count <= 64, word.first.map(isLetter) == true else { return false }
    return word.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "." }
      .allSatisfy { !$0.isEmpty && $0.allSatisfy { isLetter($0) || ("0"..."9").contains($0) } }
  }

  private static func isLetter(_ letter: Character) -> Bool { ("a"..."z").contains(letter) }

  /// The nearest name, which may be none.
  private static func made(of word: String) -> String {
    let parts = word.prefix(64).lowercased().split { letter in
      !(isLetter(letter) || ("0"..."9").contains(letter) || letter == ".")
    }
    return parts.joined(separator: "-")
  }
}
