import Networks
import Numerics
import TestSupport
import Testing

/// A family of random networks and a seed, as an argument of a property test.
struct Draw: Sendable, CustomTestStringConvertible {
  let family: RandomNetwork.Family
  let seed: UInt64

  var testDescription: String { "\(family.rawValue) \(seed)" }

  static func all(seeds: Range<UInt64>) -> [Draw] {
    RandomNetwork.Family.allCases.flatMap { family in seeds.map { Draw(family: family, seed: $0) } }
  }

  func network() throws -> Network { try RandomNetwork.make(family, seed: seed) }

  func random(_ name: String) -> RandomStream { RandomStream(seed: seed, name: name) }
}

/// Expects the outputs of two networks to agree on random samples, to `tolerance` of their scale.
func expectSameFunction(
  _ first: Network, _ second: Network, tolerance: Double = 1e-5, samples: Int = 4,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  for input in RandomNetwork.inputs(for: first, count: samples, seed: 7) {
    let outputs = (ReferenceForward(first).output(input), ReferenceForward(second).output(input))
    let scale = max(1, outputs.0.map(abs).max() ?? 0)
    let distance = zip(outputs.0, outputs.1).map { abs($0 - $1) }.max() ?? .infinity
    #expect(outputs.0.count == outputs.1.count, sourceLocation: sourceLocation)
    #expect(
      distance <= tolerance * scale, "\(outputs.0) and \(outputs.1)",
      sourceLocation: sourceLocation)
  }
}

/// Expects what holds after any plan: origins in range and none twice, values followed unless
/// `changed`, masked values exactly 0.
func expectConsistent(
  _ surgery: Surgery, of old: Network, valuesFollow: Bool = true,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let new = surgery.network
  #expect(surgery.origin.count == new.values.count, sourceLocation: sourceLocation)
  let origins = surgery.origin.filter { $0 >= 0 }.map(Int.init)
  #expect(Set(origins).count == origins.count, "an origin twice", sourceLocation: sourceLocation)
  #expect(origins.allSatisfy { $0 < old.values.count }, sourceLocation: sourceLocation)
  var wrongValues = 0
  var wrongMasked = 0
  for (index, origin) in surgery.origin.enumerated() {
    if valuesFollow, origin >= 0, new.mask[index] != 0 {
      wrongValues += new.values[index] == old.values[Int(origin)] ? 0 : 1
    }
    if new.mask[index] == 0, new.values[index] != 0 || new.values[index].sign == .minus {
      wrongMasked += 1
    }
  }
  #expect(wrongValues == 0, sourceLocation: sourceLocation)
  #expect(wrongMasked == 0, sourceLocation: sourceLocation)
}

extension Network {
  func id(_ name: String) throws -> UInt64 {
    try #require(graph.nodes.first { $0.name == name }).id
  }

  func place(_ name: String) throws -> Int {
    try #require(graph.nodes.firstIndex { $0.name == name })
  }
}
