import Datasets
import Foundation
import Numerics
import Testing

@Suite("Tasks of growing networks")
struct GrowthTaskTests {
  private func points(_ samples: Samples) -> [(point: [Float], target: Float)] {
    guard case .values(let values, width: 1) = samples.targets else { return [] }
    return values.enumerated().map { (Array(samples.inputs[2 * $0..<2 * $0 + 2]), $1) }
  }

  /// Points worked out from the formula by hand, to the digits given.
  @Test("the spirals are Fahlman's 194 points, the inner ones first")
  func spirals() throws {
    let splits = try TwoSpirals.splits()
    let points = points(splits.training)
    #expect(points.count == 194)
    #expect(splits.validation == splits.training)
    for (place, x, y) in [
      (0, 0, 6.5), (1, 1.25589, 6.31381), (2, 2.43961, 5.88973), (96, 0, 0.5),
    ] as [(Int, Float, Float)] {
      let (image, point) = (points[2 * (96 - place)], points[2 * (96 - place) + 1])
      #expect(abs(point.point[0] - x) < 1e-5 && abs(point.point[1] - y) < 1e-5, "\(point)")
      #expect(image.point == point.point.map { -$0 })
      #expect((image.target, point.target) == (0, 1))
    }
  }

  @Test("test points lie between their neighbours and are none of them")
  func between() throws {
    let splits = try TwoSpirals.splits()
    let (known, between) = (points(splits.training), points(splits.test))
    #expect(between.count == 192)
    for (index, (point, target)) in between.enumerated() {
      let neighbours = [known[index], known[index + 2]]
      #expect(neighbours.allSatisfy { $0.target == target })
      let middle = (0..<2).map { (neighbours[0].point[$0] + neighbours[1].point[$0]) / 2 }
      // The chord of π/16 lies 0.5 % of the radius inside of the arc, and radii that differ by 1/16 move
      // its middle along by half of that times π/32.
      let distance = hypot(point[0] - middle[0], point[1] - middle[1])
      #expect(distance > 0 && distance < 0.005 * hypot(point[0], point[1]) + 0.0032)
    }
  }

  @Test("all patterns are there, half of them odd", arguments: [1, 4, 8])
  func parity(inputs: Int) throws {
    let splits = try Parity.splits(inputs: inputs)
    guard case .values(let targets, width: 1) = splits.training.targets else {
      return #expect(Bool(false), "no values")
    }
    #expect(targets.count == 1 << inputs)
    var seen: Set<[Float]> = []
    for (index, target) in targets.enumerated() {
      let pattern = Array(splits.training.inputs[index * inputs..<(index + 1) * inputs])
      seen.insert(pattern)
      // The product of signs is what parity is: −1 to the number of inputs that are off.
      let off = Float(inputs) - pattern.reduce(0, +)
      #expect(pattern.allSatisfy { abs($0) == 1 })
      #expect(target == Float((inputs - Int(off) / 2) % 2))
    }
    #expect(seen.count == 1 << inputs)
    #expect(splits.test == splits.training && splits.validation == splits.training)
  }

  @Test("a parity of no or too many inputs is refused", arguments: [0, 17, -1])
  func refused(inputs: Int) {
    #expect(throws: DatasetError.self) { try Parity.splits(inputs: inputs) }
  }

  @Test("three targets share the inputs, each with its own scale")
  func multiSine() throws {
    let task = FunctionTask.multiSine
    // At 0 only the phases are left: 10 sin d.
    for (phase, function) in task.functions.enumerated() {
      #expect(abs(function([Double](repeating: 0, count: 10)) - 10 * sin(Double(phase))) < 1e-12)
    }
    var row = [Double](repeating: 0, count: 10)
    row[2] = 0.4
    #expect(abs(task.functions[0](row) - sin(1.2)) < 1e-12)
    #expect(abs(task.functions[1](row) - 9 * sin(1) - sin(2.2)) < 1e-12)

    let raw = try task.samples(count: 3000, seed: 5, split: "training")
    guard case .values(let values, width: 3) = raw.targets else {
      return #expect(Bool(false), "not three targets")
    }
    for sample in 0..<5 {
      let inputs = raw.inputs[sample * 10..<(sample + 1) * 10].map(Double.init)
      for target in 0..<3 {
        #expect(abs(Double(values[3 * sample + target]) - task.functions[target](inputs)) < 1e-4)
      }
    }
    let splits = try task.splits(seed: 5, training: 3000, validation: 10, test: 10)
    guard case .values(let scaled, width: 3) = splits.training.targets else {
      return #expect(Bool(false), "not three targets")
    }
    for target in 0..<3 {
      let column = stride(from: target, to: scaled.count, by: 3).map { Double(scaled[$0]) }
      #expect(abs(column.reduce(0, +) / 3000) < 1e-5)
      #expect(abs(column.reduce(0) { $0 + $1 * $1 } / 3000 - 1) < 1e-5)
    }
    #expect(splits.noiseFloor == 0 && task.noiseFloor == 0)
  }

  @Test("noise is drawn for each target of its own, and the floor is their mean")
  func noisyTargets() throws {
    let task = FunctionTask(
      name: "two", intervals: [0..<1], noise: 0.5, functions: [{ 2 * $0[0] }, { 4 * $0[0] }])
    var quiet = task
    quiet.noise = 0
    let (noisy, clean) = (
      try task.samples(count: 20_000, seed: 1, split: "test"),
      try quiet.samples(count: 20_000, seed: 1, split: "test")
    )
    guard case .values(let first, width: 2) = noisy.targets,
      case .values(let second, width: 2) = clean.targets
    else { return #expect(Bool(false), "not two targets") }
    let noise = zip(first, second).map { Double($0 - $1) }
    var (square, product) = (0.0, 0.0)
    for sample in 0..<20_000 {
      square += noise[2 * sample + 1] * noise[2 * sample + 1]
      product += noise[2 * sample] * noise[2 * sample + 1]
    }
    #expect(abs((square / 20_000).squareRoot() - 0.5) < 0.015)
    #expect(abs(product / 20_000) < 0.01)
    // Variances of 2x and 4x on the unit interval are 1/3 and 4/3, that of the noise is 1/4.
    let wanted = (0.25 / (1.0 / 3 + 0.25) + 0.25 / (4.0 / 3 + 0.25)) / 2
    #expect(abs(task.noiseFloor - wanted) < 0.005)
  }
}
