import Datasets
import Numerics
import Testing

/// A row of the problems: the class and the six attributes, decoded from the one-hot inputs.
private struct Robot: Hashable {
  let attributes: [Int]
  let memberOfClass: Bool

  /// The class the rule of `problem` gives.
  func obeys(_ problem: Monks.Problem) -> Bool {
    let a = [0] + attributes  // Attributes are counted from 1.
    let rule =
      switch problem {
      case .first: a[1] == a[2] || a[5] == 1
      case .second: attributes.filter { $0 == 1 }.count == 2
      case .third: (a[5] == 3 && a[4] == 1) || (a[5] != 4 && a[2] != 3)
      }
    return rule == memberOfClass
  }
}

private func robots(_ samples: Samples) throws -> [Robot] {
  guard case .values(let classes, width: 1) = samples.targets else {
    Issue.record("the targets are not single values")
    return []
  }
  return try (0..<samples.count).map { row in
    var start = row * 17
    let attributes = try Monks.attributeValues.map { values in
      let slots = samples.inputs[start..<start + values]
      start += values
      #expect(slots.filter { $0 == 1 }.count == 1)
      #expect(slots.filter { $0 == 0 }.count == values - 1)
      return try #require(slots.firstIndex(of: 1)) - slots.startIndex + 1
    }
    #expect(classes[row] == 0 || classes[row] == 1)
    return Robot(attributes: attributes, memberOfClass: classes[row] == 1)
  }
}

private func complaint(_ text: String) -> String? {
  do {
    _ = try Monks.parse(text, file: "monks-1.train")
    return nil
  } catch {
    return error.description
  }
}

@Suite("MONK's problems")
struct MonksTests {
  @Test("the files hold the published robots, and the rules", arguments: Monks.Problem.allCases)
  func files(problem: Monks.Problem) throws {
    let (training, test) = try Monks.load(problem: problem, from: DataDirectory.locate())
    #expect(training.shape == [17, 1, 1])
    #expect(training.count == [.first: 124, .second: 169, .third: 122][problem])

    let every = try robots(test)
    #expect(Set(every.map(\.attributes)).count == 432)
    #expect(every.count == 432)
    #expect(every.allSatisfy { $0.obeys(problem) })

    let wrong = try robots(training).filter { !$0.obeys(problem) }
    #expect(wrong.count == (problem == .third ? 6 : 0))
  }

  @Test("a line becomes a one-hot row")
  func line() throws {
    let samples = try Monks.parse(" 1 2 3 1 1 4 2 data_7\n", file: "monks-1.train")
    #expect(samples.inputs == [0, 1, 0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1])
    #expect(samples.targets == .values([1], width: 1))
  }

  @Test("a wrong line is named, numbered and quoted")
  func malformed() {
    let good = " 1 1 1 1 1 3 1 data_5\n"
    #expect(
      complaint(good + "garbage\n")
        == "monks-1.train:2: expected a class, six attributes and a name, found \"garbage\"")
    #expect(
      complaint(good + good + " 2 1 1 1 1 3 1 data_5")
        == "monks-1.train:3: expected class 0 or 1, found \" 2 1 1 1 1 3 1 data_5\"")
    #expect(
      complaint(" 1 1 1 3 1 3 1 data_5\n")
        == "monks-1.train:1: expected attribute 3 in 1...2, found \" 1 1 1 3 1 3 1 data_5\"")
    #expect(
      complaint(" 0 x 1 1 1 3 1 data_5\n")
        == "monks-1.train:1: expected attribute 1 in 1...3, found \" 0 x 1 1 1 3 1 data_5\"")
    #expect(complaint(good + "\n" + good)?.hasPrefix("monks-1.train:2: ") == true)
    #expect(complaint("") == "monks-1.train: the file is empty")
  }

  @Test("a long wrong line is quoted in part, control characters escaped")
  func longLine() throws {
    let text = try #require(complaint("\u{1B}[31m" + String(repeating: "x", count: 10_000)))
    #expect(text.count < 200)
    #expect(!text.contains("\u{1B}"))
  }
}
