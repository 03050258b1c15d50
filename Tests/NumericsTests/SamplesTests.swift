import Numerics
import Testing

@Suite struct SamplesTests {
  private let inputs: [Float] = [0, 1, 2, 3, 4, 5]

  @Test func countsAndWidthsFollowFromTheParts() throws {
    let labelled = try Samples(
      shape: [2, 1, 1], inputs: inputs, targets: .labels([0, 2, 1], classes: 3))
    #expect(labelled.count == 3 && labelled.features == 2 && labelled.outputs == 3)
    let valued = try Samples(
      shape: [1, 1, 3], inputs: inputs, targets: .values([0, 1, 2, 3], width: 2))
    #expect(valued.count == 2 && valued.features == 3 && valued.outputs == 2)
  }

  @Test(arguments: [
    ([4, 1, 1], Samples.Targets.labels([0], classes: 1)),  // 6 values make no rows of 4
    ([2, 3], .labels([0], classes: 1)),  // a shape has three sides
    ([0, 1, 1], .labels([], classes: 1)),
    ([2, 1, 1], .labels([0, 1], classes: 2)),  // 3 rows, 2 labels
    ([2, 1, 1], .labels([0, 1, 2], classes: 2)),
    ([2, 1, 1], .labels([0, 1, -1], classes: 2)),
    ([2, 1, 1], .values([0, 1], width: 1)),
    ([2, 1, 1], .values([], width: 0)),
  ])
  func partsThatDisagreeAreRefused(shape: [Int], targets: Samples.Targets) {
    #expect(throws: SamplesError.self) {
      try Samples(shape: shape, inputs: inputs, targets: targets)
    }
  }

  @Test func theRefusalNamesTheLabel() {
    let error = #expect(throws: SamplesError.self) {
      try Samples(shape: [2, 1, 1], inputs: inputs, targets: .labels([0, 9, 1], classes: 3))
    }
    #expect(error?.description.contains("label 9 is not in 0..<3") == true)
  }

  @Test func selectingKeepsRowsTogetherInTheOrderAsked() throws {
    let labelled = try Samples(
      shape: [2, 1, 1], inputs: inputs, targets: .labels([0, 2, 1], classes: 3))
    let some = labelled.selecting([2, 0, 2])
    #expect(some.inputs == [4, 5, 0, 1, 4, 5])
    #expect(some.targets == .labels([1, 0, 1], classes: 3))
    #expect(some.count == 3 && some.shape == [2, 1, 1])
    let valued = try Samples(
      shape: [2, 1, 1], inputs: inputs, targets: .values([1, 2, 3, 4, 5, 6], width: 2))
    #expect(valued.selecting([1]).targets == .values([3, 4], width: 2))
    #expect(labelled.selecting([]).count == 0)
  }
}
