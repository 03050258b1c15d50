/// How a kind stands in the text of a network, behind its word.
protocol TextualOperation {
  /// What a user writes, for errors: `dense UNITS [bias=no]`.
  static var usage: String { get }
  /// The sizes; empty where there are none.
  var text: String { get }
  init(reading words: inout OperationWords) throws(OperationWords.Problem)
}

/// A kind that is the same everywhere.
protocol SizelessOperation: TextualOperation {
  init()
}

extension SizelessOperation where Self: OperationStructure {
  static var usage: String { word }
  var text: String { "" }
  init(reading words: inout OperationWords) { self.init() }
}
