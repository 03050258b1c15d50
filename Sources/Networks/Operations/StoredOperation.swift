/// What a kind keeps in files, by names that other programs know.
protocol StoredOperation: Sendable {
  /// The node's parameters in the order in which ``ParameterLayout`` has them, weights first: together they
  /// are as many.
  func parameterTensors(reading input: Shape, making output: Shape) -> [NamedShape]
  /// Likewise its running statistics.
  func statisticsTensors(making output: Shape) -> [NamedShape]
}

/// A tensor's name behind that of its layer, and its extents.
struct NamedShape: Hashable {
  var name: String
  var extents: [Int]
  /// The least that a value may be.
  var least: Float

  init(_ name: String, _ extents: [Int], least: Float = -.infinity) {
    (self.name, self.extents, self.least) = (name, extents, least)
  }

  /// How many values it has. The limits of a graph keep it within an `Int`.
  var count: Int { extents.reduce(1, *) }
}

extension StoredOperation {
  func parameterTensors(reading input: Shape, making output: Shape) -> [NamedShape] { [] }
  func statisticsTensors(making output: Shape) -> [NamedShape] { [] }
}
