/// Lines that a strategy or the host logged, as they stand behind the name of the strategy: without
/// that name, and lines that differ only in their numbers once.
///
/// A strategy logs a line a round or a layer: the first says what there is to know, the number of
/// the others how often.
///
/// - Parameters:
///   - id: The strategy's, which authors write in front of what they log.
///   - leftOut: How many lines there are beside these.
///   - limit: The most texts to return; the last says how many were left out.
func shownLines(_ lines: [String], of id: String, leftOut: Int = 0, limit: Int) -> [String] {
  var first: [(line: String, pattern: String)] = []
  var repeats: [String: Int] = [:]
  for line in lines.map({ withoutName(printable($0), id: id) }) {
    let pattern = withoutNumbers(line)
    if repeats[pattern] == nil { first.append((line, pattern)) }
    repeats[pattern, default: -1] += 1
  }
  let texts = first.map { line, pattern in
    let more = repeats[pattern] ?? 0
    return more > 0 ? "\(line) (and \(more) more like it)" : line
  }
  let shown = texts.count + (leftOut > 0 ? 1 : 0) <= limit ? texts[...] : texts.prefix(limit - 1)
  let unsaid = texts.count - shown.count + leftOut
  guard unsaid > 0 else { return texts }
  return shown + ["and \(NumberText.count(unsaid)) more \(unsaid == 1 ? "line" : "lines")"]
}

/// The name stands in front already: `obs: exact` and `warning: obs: damped` lose theirs, however
/// often it was written.
private func withoutName(_ text: String, id: String) -> String {
  let warning = "warning: "
  let isWarning = text.hasPrefix(warning)
  var rest = isWarning ? text.dropFirst(warning.count) : text[...]
  while !id.isEmpty, rest.hasPrefix("\(id): ") { rest = rest.dropFirst(id.count + 2) }
  return (isWarning ? warning : "") + rest
}

/// `text` with a mark for each number, such as 1,375 or 1e-05, by which lines are told apart.
private func withoutNumbers(_ text: String) -> String {
  var pattern: [UInt8] = []
  let bytes = Array(text.utf8)
  func isDigit(_ place: Int) -> Bool {
    place < bytes.count && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place])
  }
  /// How many bytes join the digits before `place` to digits behind it: `,`, `.`, `e`, `e-` or `e+`.
  func join(at place: Int) -> Int? {
    guard place < bytes.count else { return nil }
    switch bytes[place] {
    case UInt8(ascii: ","), UInt8(ascii: "."): return isDigit(place + 1) ? 1 : nil
    case UInt8(ascii: "e"), UInt8(ascii: "E"):
      if isDigit(place + 1) { return 1 }
      let isSigned =
        place + 1 < bytes.count
        && [UInt8(ascii: "+"), UInt8(ascii: "-")]
          .contains(bytes[place + 1])
      return isSigned && isDigit(place + 2) ? 2 : nil
    default: return nil
    }
  }
  var place = 0
  while place < bytes.count {
    guard isDigit(place) else {
      pattern.append(bytes[place])
      place += 1
      continue
    }
    while isDigit(place) { place += join(at: place + 1).map { 1 + $0 } ?? 1 }
    pattern.append(0)
  }
  return String(decoding: pattern, as: UTF8.self)
}
