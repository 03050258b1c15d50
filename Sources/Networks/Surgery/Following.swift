extension Surgery {
  /// What belonged to the parameters before surgery, in the order of those after it.
  ///
  /// - Parameters:
  ///   - old: one value a parameter of the old network, such as an optimiser's momentum.
  ///   - fresh: the value of a parameter that has no origin.
  /// - Precondition: `old` has as many values as the old network has parameters.
  package func following<Value>(_ old: [Value], fresh: Value) -> [Value] {
    Networks.following(old, origin: origin, fresh: fresh)
  }
}

/// The values of `old` at `origin`, and `fresh` where the origin is negative.
///
/// - Precondition: every origin is below the count of `old`.
package func following<Value>(_ old: [Value], origin: [Int32], fresh: Value) -> [Value] {
  origin.map { $0 < 0 ? fresh : old[Int($0)] }
}
