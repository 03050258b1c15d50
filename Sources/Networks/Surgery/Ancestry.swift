/// Origins of parameters: for each its place in an earlier network's flat vector, or -1 where it has
/// none (``Surgery/origin``).
extension [Int32] {
  /// Whether every parameter that is not fresh is where it was.
  var isInPlace: Bool {
    // No way out of the loop, so that several are looked at at once.
    var differing: Int32 = 0
    withUnsafeBufferPointer { origin in
      for index in origin.indices {
        let isKept = ~(origin[index] >> 31)
        differing |= (origin[index] ^ Int32(truncatingIfNeeded: index)) & isKept
      }
    }
    return differing == 0
  }
}

extension Surgery {
  /// For each parameter of the new network its place in an ancestor of the old one, or -1.
  ///
  /// Where nothing moved, a parameter that is fresh stands where another did and takes its place: a
  /// connection that went and comes back is the ancestor's all the same.
  ///
  /// - Parameter ancestry: The places of the old network's parameters in the ancestor.
  package func ancestry(after ancestry: [Int32]) -> [Int32] {
    guard origin.count != ancestry.count || !origin.isInPlace else { return ancestry }
    return origin.map { ancestry.indices.contains(Int($0)) ? ancestry[Int($0)] : -1 }
  }
}
