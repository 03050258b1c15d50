import Foundation
package import Numerics

/// On which of two intertwined spirals a point of the plane lies.
///
/// A. Wieland's problem, in the form of S. E. Fahlman and C. Lebiere: The Cascade-Correlation Learning
/// Architecture. NIPS 1989. Its 194 points are the training set; there is no noise and nothing else to
/// draw from, so they are the validation set too. The paper tests on training points alone. Here the
/// test set is the points halfway between them along the spirals: what a network answers that has
/// learnt spirals and not points.
package enum TwoSpirals {
  /// Steps from the inner end of a spiral to the outer one; a turn has 32.
  private static let steps = 96
  private static let outermost = 6.5

  /// The 97 points of each spiral, and the 96 between them for the test.
  package static func splits() throws(DatasetError) -> Splits {
    let points = try samples(at: (0...steps).reversed().map(Double.init))
    return Splits(
      training: points, validation: points,
      test: try samples(at: (0..<steps).reversed().map { Double($0) + 0.5 }))
  }

  /// A point of each spiral at every place, in pairs: first the mirror image through the origin with the
  /// target 0, then the point with the target 1. The paper's targets are −½ and ½.
  ///
  ///     angle = place · π / 16,  radius = 6.5 · (104 − place) / 104,  (radius sin, radius cos)
  ///
  /// - Parameter places: Along the spiral, from 0 at its outer end to 96.
  package static func samples(at places: [Double]) throws(DatasetError) -> Samples {
    var inputs: [Float] = []
    for place in places {
      let angle = place * .pi / 16
      let radius = outermost * (104 - place) / 104
      let point = [Float(radius * sin(angle)), Float(radius * cos(angle))]
      inputs += point.map { -$0 } + point
    }
    do {
      return try Samples(
        shape: [2, 1, 1], inputs: inputs,
        targets: .values(places.flatMap { _ in [0, 1] }, width: 1))
    } catch {
      throw .invalidRequest(task: "two-spirals", reason: error.reason)
    }
  }
}
