/// Lines that a strategy or the host logged, as they stand behind the name of the strategy: without
/// that name, and lines that differ only in their numbers once.
///
/// A strategy logs a line a round or a layer: the first says what there is to know, the number of
/// the others how often.
///
/// - Parameters:
///   - id: The strategy's, which authors write in front of what they log.
///   - limit: The most texts to return; the last says how many were left out.
func shownLines(_ lines: [String], of id: String, limit: Int) -> [String] {
  var first: [String] = []
  var repeats: [String: Int] = [:]
  for line in lines.map({ withoutName(printable($0), id: id) }) {
    let pattern = withoutNumbers(line)
    if repeats[pattern] == nil { first.append(line) }
    repeats[pattern, default: -1] += 1
  }
  let texts = first.map { line in
    let more = repeats[withoutNumbers(line)] ?? 0
    return more > 0 ? "\(line) (and \(more) more like it)" : line
  }
  guard texts.count > limit else { return texts }
  return texts.prefix(limit - 1) + ["and \(texts.count - limit + 1) more such lines"]
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

/// `text` with a mark for each number, by which lines are told apart.
private func withoutNumbers(_ text: String) -> String {
  text.replacing(/[0-9]+(?:[.,][0-9]+)*(?:[eE][+-]?[0-9]+)?/, with: "\u{0}")
}
