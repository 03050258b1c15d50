import Datasets
import Foundation
import Numerics
import Testing

private func values(_ samples: Samples) -> [Float] {
  guard case .values(let values, width: 1) = samples.targets else { return [] }
  return values
}

@Suite("Generated functions")
struct FunctionTaskTests {
  @Test("the formulas at points worked out by hand")
  func formulas() {
    #expect(abs(FunctionTask.sine.functions[0]([.pi / 6]) - 0.5) < 1e-12)
    // 10 sin(π/6) + 20 · 0.25² + 10 · 0.25 + 5 · 0.8 = 5 + 1.25 + 2.5 + 4
    let first = FunctionTask.friedman1.functions[0]([0.5, 1.0 / 3, 0.25, 0.25, 0.8, 9, 9, 9, 9, 9])
    #expect(abs(first - 12.75) < 1e-12)
    // 200 · 0.02 − 1 / (200 · 5) = 3.999, beside 3
    #expect(abs(FunctionTask.friedman2.functions[0]([3, 200, 0.02, 5]) - 4.9992000360) < 1e-9)
    // arctan(200 · 0.05 − 1 / (200 · 5)) = arctan(9.999 / 9.999)
    #expect(abs(FunctionTask.friedman3.functions[0]([9.999, 200, 0.05, 5]) - .pi / 4) < 1e-12)
    #expect(FunctionTask.friedman3.functions[0]([0, 200, 0.5, 5]) == .pi / 2)
  }

  @Test("without noise, samples obey the formula", arguments: FunctionTask.standard)
  func obeys(task: FunctionTask) throws {
    var task = task
    task.noise = 0
    let samples = try task.samples(count: 100, seed: 3, split: "training")
    let targets = values(samples)
    for row in 0..<100 {
      let scaled = samples.inputs[row * task.inputs..<(row + 1) * task.inputs]
      #expect(scaled.allSatisfy { (-1...1).contains($0) })
      let inputs = zip(scaled, task.intervals).map { value, interval in
        interval.lowerBound
          + (interval.upperBound - interval.lowerBound) * (Double(value) + 1) / 2
      }
      let expected = task.functions[0](inputs)
      #expect(abs(Double(targets[row]) - expected) < 1e-4 * max(1, abs(expected)))
    }
  }

  @Test("irrelevant inputs do nothing, the others something", arguments: FunctionTask.standard)
  func irrelevant(task: FunctionTask) {
    checkRelevance(of: task)
  }

  @Test("the noise has its deviation, and moves no input", arguments: FunctionTask.standard)
  func noise(task: FunctionTask) throws {
    var quiet = task
    quiet.noise = 0
    let noisy = try task.samples(count: 20_000, seed: 1, split: "test")
    let clean = try quiet.samples(count: 20_000, seed: 1, split: "test")
    #expect(noisy.inputs == clean.inputs)
    let squares = zip(values(noisy), values(clean)).map { ($0 - $1) * ($0 - $1) }
    let deviation = (Double(squares.reduce(0, +)) / 20_000).squareRoot()
    #expect(abs(deviation / task.noise - 1) < 0.03)
  }

  @Test("the same seed gives the same bits, another seed others", arguments: FunctionTask.standard)
  func seeds(task: FunctionTask) throws {
    let splits = try task.splits(seed: 7, training: 50, validation: 50, test: 50)
    #expect(try task.splits(seed: 7, training: 50, validation: 50, test: 50) == splits)
    let others = try task.splits(seed: 8, training: 50, validation: 50, test: 50)
    #expect(others.training.inputs != splits.training.inputs)
    #expect(values(others.training) != values(splits.training))
    // A longer split starts with the shorter one, and splits of one seed are apart.
    let longer = try task.splits(seed: 7, training: 60, validation: 50, test: 50)
    #expect(longer.training.inputs.starts(with: splits.training.inputs))
    #expect(splits.training.inputs != splits.validation.inputs)
    #expect(splits.validation.inputs != splits.test.inputs)
  }

  @Test("targets are standardised by the training split alone", arguments: FunctionTask.standard)
  func standardised(task: FunctionTask) throws {
    let splits = try task.splits(seed: 2, training: 4000, validation: 10, test: 2000)
    let training = values(splits.training).map(Double.init)
    let mean = training.reduce(0, +) / 4000
    #expect(abs(mean) < 1e-5)
    #expect(abs(training.reduce(0) { $0 + $1 * $1 } / 4000 - 1) < 1e-5)

    let raw = values(try task.samples(count: 4000, seed: 2, split: "training")).map(Double.init)
    let rawMean = raw.reduce(0, +) / 4000
    let deviation = (raw.reduce(0) { $0 + ($1 - rawMean) * ($1 - rawMean) } / 4000).squareRoot()
    let rawTest = values(try task.samples(count: 2000, seed: 2, split: "test"))
    for (found, raw) in zip(values(splits.test), rawTest) {
      #expect(abs(Double(found) - (Double(raw) - rawMean) / deviation) < 1e-4)
    }
    let floor = (task.noise / deviation) * (task.noise / deviation)
    let stated = try #require(splits.noiseFloor)
    #expect(abs(stated - floor) < 1e-9)
    #expect(stated < 0.2)
  }

  /// The variances by quadrature: of sin x it is a half, of Friedman's functions 23.826, 143,541 and
  /// 0.098815.
  @Test(
    "the noise floor is the noise's share of the targets' variance",
    arguments: zip(FunctionTask.standard, [0.019608, 0.040280, 0.098168, 0.091899]))
  func noiseFloor(task: FunctionTask, right: Double) throws {
    #expect(abs(task.noiseFloor / right - 1) < 0.02, "\(task.noiseFloor)")
    let drawn = try #require(
      try task.splits(seed: 4, training: 20_000, validation: 0, test: 0).noiseFloor)
    #expect(abs(task.noiseFloor / drawn - 1) < 0.04)
  }

  @Test("requests that make no sense are refused in words")
  func refused() {
    #expect(throws: DatasetError.self) {
      try FunctionTask.sine.splits(seed: 1, training: 1, validation: 5, test: 5)
    }
    let error = #expect(throws: DatasetError.self) {
      try FunctionTask.sine.splits(seed: 1, training: 5, validation: -5, test: 5)
    }
    #expect(error?.description == "sine: cannot draw -5 samples")
  }

  @Test("constant targets stay finite")
  func constant() throws {
    let flat = FunctionTask(name: "flat", intervals: [0..<1], noise: 0) { _ in 3 }
    let splits = try flat.splits(seed: 1, training: 4, validation: 0, test: 2)
    #expect(values(splits.training) == [0, 0, 0, 0])
    #expect(splits.validation.count == 0)
  }
}

@Suite("Teacher")
struct TeacherTests {
  @Test("dead inputs do nothing, each live input something")
  func dead() {
    #expect(Teacher.standard.deadInputs.count == 8)
    checkRelevance(of: Teacher.standard.task)
  }

  @Test("the standard teacher is the one of earlier results")
  func fixed() {
    let teacher = Teacher.standard
    #expect(teacher.inputs == 20)
    #expect(teacher.hiddenUnits == 10)
    #expect(teacher.weightCount == 50)
    #expect(teacher.deadInputs == [1, 4, 6, 7, 9, 10, 14, 18])
    let row = (0..<20).map { Double($0) / 10 - 1 }
    #expect(abs(teacher.output(row) - 0.3679238470721519) < 1e-12)
  }

  @Test("its own seed makes it, the replicate's seed only the samples")
  func seeds() throws {
    let row = (0..<20).map { Double($0) / 10 - 1 }
    let other = Teacher(
      name: "teacher", seed: 5, inputs: 20, dead: 8, hiddenUnits: 10, fanIn: 4, noise: 0.2)
    #expect(other.output(row) != Teacher.standard.output(row))

    let first = try Teacher.standard.splits(seed: 1, training: 30, validation: 5, test: 5)
    let second = try Teacher.standard.splits(seed: 2, training: 30, validation: 5, test: 5)
    #expect(first != second)
    #expect(try Teacher.standard.splits(seed: 1, training: 30, validation: 5, test: 5) == first)
    let samples = try Teacher.standard.task.samples(count: 30, seed: 2, split: "training")
    for (target, row) in zip(values(samples), 0..<30) {
      let inputs = samples.inputs[row * 20..<(row + 1) * 20].map(Double.init)
      #expect(abs(Double(target) - Teacher.standard.output(inputs)) < 5 * 0.2)
    }
  }

  @Test("the noise is about a tenth of the signal")
  func noiseFloor() throws {
    let splits = try Teacher.standard.splits(seed: 1, training: 5000, validation: 1, test: 1)
    let floor = try #require(splits.noiseFloor)
    #expect((0.005..<0.02).contains(floor), "\(floor)")
  }
}

/// Moves one input at a time and looks whether the function moves.
private func checkRelevance(of task: FunctionTask) {
  var stream = RandomStream(seed: 11, name: "relevance")
  for input in 0..<task.inputs {
    let moved = (0..<50).contains { _ in
      let row = task.intervals.map { stream.uniform(in: $0) }
      var other = row
      other[input] = stream.uniform(in: task.intervals[input])
      return task.functions[0](row) != task.functions[0](other)
    }
    #expect(moved == !task.irrelevantInputs.contains(input), "input \(input)")
  }
}
