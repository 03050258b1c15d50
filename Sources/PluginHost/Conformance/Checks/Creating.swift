import Foundation

extension ConformanceTest {
  /// How instances of a strategy come and go.
  static let creating = [
    ConformanceTest(
      "options", [.failures],
      "It is created with its defaults, and takes or refuses in words what its options allow.",
      .strategy(optionsAreTaken)),
    ConformanceTest(
      "instances", [.instances],
      "Hundreds of instances come and go, and two at a time decide what one alone does.",
      .strategy(instancesAreApart)),
  ]

  private static func optionsAreTaken(_ subject: Subject) throws -> String? {
    subject.witness.doing("created it with its defaults")
    _ = try subject.instance()
    for option in subject.entry.options {
      for text in option.trials {
        subject.witness.doing("created it with \(option.name)=\(text.prefix(40))")
        do {
          _ = try subject.instance([option.name: text])
        } catch let shortcoming as Shortcoming {
          guard shortcoming.isSilent else { continue }
          throw shortcoming
        }
      }
    }
    return nil
  }

  private static func instancesAreApart(_ subject: Subject) throws -> String? {
    subject.witness.doing("created and destroyed it 300 times")
    for _ in 0..<300 { _ = try subject.instance() }
    try subject.withNetworks(SmallNetwork.ordinary()) { small in
      let alone = try Play(subject, subject.instance()).run(on: small)
      let (first, second) = (try subject.instance(), try subject.instance(seed: 2))
      _ = try Play(subject, second).run(on: small)
      let beside = try Play(subject, first).run(on: small)
      subject.witness.doing(
        "compared what two instances decided, one after the other, on \(small.words)")
      guard beside == alone else {
        throw subject.witness.shortcoming(
          "an instance decides otherwise when another one has been used beside it")
      }
    }
    return nil
  }
}

extension StrategyOption {
  /// Values that a user may well write, at the bounds of what is allowed.
  fileprivate var trials: [String] {
    switch kind {
    case .number(let initial, let minimum, let maximum):
      [initial, minimum, maximum].map { text(of: .number($0)) }
    case .choice(_, let words): words
    case .text(let initial): [initial, "", "nonsense-4711", String(repeating: "9", count: 5000)]
    }
  }
}

extension Shortcoming {
  /// Whether a strategy failed without a word, or without a status.
  var isSilent: Bool {
    found.contains(StrategyInstance.silence) || found.contains(StrategyInstance.noStatus)
  }
}
