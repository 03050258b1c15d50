/// Everything that the program knows of one kind of operation.
///
/// A kind is one file beside this one and a row of ``Operation/kinds``. Its fields are its sizes, and
/// are what files keep of it. Graph, executor, precise engine, curvature and surgery ask it, each
/// through one of the protocols that this one is made of; a requirement with a default needs an answer
/// only where the default is not true.
protocol OperationKind: OperationStructure, ChannelOperation, BatchedOperation, PreciseOperation,
  TextualOperation, StoredOperation, ExchangedOperation,
  Hashable, Codable
{}

extension OperationKind {
  func isEqual(to other: any OperationKind) -> Bool { (other as? Self) == self }
}
