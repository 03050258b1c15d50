extension Graph {
  /// The graph as a user writes one: a line for each node, `name: operation sizes from sources`.
  ///
  /// A node that reads the one before it says nothing of its sources, and one whose name is made of its
  /// operation and place nothing of that, unless others name it. `Graph(text:)` reads it back: names, operations and
  /// blocks are the same, ids are given anew.
  package var text: String {
    let named = Set(nodes.indices.flatMap { isOnTheOneBefore($0) ? [] : nodes[$0].inputs })
    return nodes.indices.map { place in
      let node = nodes[place]
      let kind = node.operation.kind
      var words = [node.operation.word, kind.text].filter { !$0.isEmpty }
      if !isOnTheOneBefore(place) {
        words.append("from " + node.inputs.map { nodes[$0].name }.joined(separator: ", "))
      }
      let isOrdinary = node.name == Self.ordinaryName(of: node.operation, at: place)
      let prefix = isOrdinary && !named.contains(place) ? "" : "\(node.name): "
      return prefix + words.joined(separator: " ") + "\n"
    }.joined()
  }

  private func isOnTheOneBefore(_ place: Int) -> Bool {
    place == 0 || nodes[place].inputs == [place - 1]
  }

  /// What a node is called that nobody named.
  static func ordinaryName(of operation: Operation, at place: Int) -> String {
    place == 0 ? "input" : "\(operation.word)\(place)"
  }
}

/// Why a text is no network.
package struct GraphTextError: Error, Equatable, CustomStringConvertible {
  package let file: String
  /// From 1 on.
  package let line: Int
  package let reason: String
  package var description: String { "\(file), line \(line): \(reason)" }
}

extension Graph {
  /// Reads a network from its text.
  ///
  /// ```text
  /// # LeNet-300-100
  /// input 784
  /// fc1: dense 300
  /// relu
  /// fc2: dense 100
  /// relu
  /// fc3: dense 10
  /// ```
  ///
  /// Empty lines and what follows a `#` are passed over. A node reads the one in the line before unless
  /// `from` names others. The nodes that lead to the second source of a residual sum, and not to the first,
  /// are its branch.
  ///
  /// - Parameters:
  ///   - text: All lines.
  ///   - file: Its name, for errors.
  /// - Throws: ``GraphTextError`` that names the line.
  package init(text: String, file: String) throws(GraphTextError) {
    var reader = GraphTextReader(file: file)
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      try reader.read(line, number: index + 1)
    }
    self = try reader.graph()
  }
}

/// Reads one line after the other.
private struct GraphTextReader {
  let file: String
  private var nodes: [Graph.Node] = []
  /// The line of each node.
  private var lines: [Int] = []
  private var places: [String: Int] = [:]

  init(file: String) { self.file = file }

  mutating func read(_ text: Substring, number: Int) throws(GraphTextError) {
    var words = text.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
    guard let first = words.first else { return }
    func refuse(_ reason: String) -> GraphTextError {
      GraphTextError(file: file, line: number, reason: reason)
    }
    guard nodes.count < Graph.mostNodes else {
      throw refuse("a network has at most \(Graph.mostNodes) nodes")
    }
    var name: String?
    if first.hasSuffix(":") {
      name = String(first.dropLast())
      words.removeFirst()
    }
    guard let word = words.first else { throw refuse("an operation is missing behind '\(first)'") }
    guard let kind = Operation.kinds.first(where: { $0.word == word }) else {
      throw refuse(
        "there is no operation '\(word)'; there are \(Operation.words.joined(separator: ", "))")
    }
    let rest = words.dropFirst()
    let operation: Operation
    do throws(OperationWords.Problem) {
      var sizes = try OperationWords(Array(rest.prefix { $0 != "from" }))
      operation = Operation(try kind.init(reading: &sizes))
      try sizes.end()
    } catch { throw refuse("\(word): \(error.reason); write '\(kind.usage)'") }
    let inputs: [Int]
    if let from = rest.firstIndex(of: "from") {
      inputs = try sources(rest[(from + 1)...].joined(separator: " "), refuse)
    } else {
      inputs = nodes.isEmpty ? [] : [nodes.count - 1]
    }
    let place = nodes.count
    let title = name ?? Graph.ordinaryName(of: operation, at: place)
    guard Graph.isName(title) else {
      throw refuse("'\(title)' is no name: letters, digits and . _ - + make one")
    }
    guard places.updateValue(place, forKey: title) == nil else {
      throw refuse("there is a '\(title)' before")
    }
    nodes.append(
      Graph.Node(id: UInt64(place) + 1, name: title, operation: operation, inputs: inputs))
    lines.append(number)
  }

  private func sources(
    _ text: String, _ refuse: (String) -> GraphTextError
  ) throws(GraphTextError) -> [Int] {
    let names = text.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.split(separator: " ").joined(separator: " ")
    }
    var sources: [Int] = []
    for name in names {
      guard let place = places[name] else {
        throw refuse(
          name.isEmpty
            ? "a name is missing behind 'from'" : "no line before this one is named '\(name)'")
      }
      sources.append(place)
    }
    return sources
  }

  func graph() throws(GraphTextError) -> Graph {
    guard !nodes.isEmpty else {
      throw GraphTextError(
        file: file, line: 1, reason: "there is no line in it; begin with '\(Input.usage)'")
    }
    do {
      return try Graph(nodes: nodes.withBlocks())
    } catch {
      let place = places[error.node] ?? 0
      throw GraphTextError(file: file, line: lines[place], reason: error.reason)
    }
  }
}

extension Graph {
  /// Whether a text can name a node.
  static func isName(_ text: String) -> Bool {
    !text.isEmpty
      && text.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || "0123456789._-+".unicodeScalars.contains($0)
      }
  }
}

extension [Graph.Node] {
  /// The same with the block of each node that lies in a branch: one that leads to the second source of a sum and
  /// not to the first.
  func withBlocks() -> [Graph.Node] {
    var nodes = self
    for sum in nodes.indices where nodes[sum].operation.kind.blockScale != nil {
      for place in branch(of: sum) where nodes[place].block == nil {
        nodes[place].block = nodes[sum].id
      }
    }
    return nodes
  }

  private func branch(of sum: Int) -> Set<Int> {
    let inputs = self[sum].inputs
    guard inputs.count == 2 else { return [] }
    return leading(to: inputs[1]).subtracting(leading(to: inputs[0]))
  }

  /// A node and all that it depends on.
  func leading(to place: Int) -> Set<Int> {
    var found: Set<Int> = []
    var left = [place]
    while let next = left.popLast() {
      if found.insert(next).inserted { left += self[next].inputs }
    }
    return found
  }
}
