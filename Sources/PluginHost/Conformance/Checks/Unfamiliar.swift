import CWorkbench
import Networks

extension ConformanceTest {
  /// What a strategy does where things are not as it may expect.
  static let unfamiliar = [
    ConformanceTest(
      "one-unit", [.failures, .skipping],
      "It acts on a network with one unit a layer, or refuses it in words.",
      .strategy { try play($0, .oneUnit()) }),
    ConformanceTest(
      "empty-masks", [.failures, .skipping],
      "It acts on a network of which a layer is masked whole, or refuses it in words.",
      .strategy { try play($0, .emptied()) }),
    ConformanceTest(
      "unseen-network", [.failures, .skipping],
      "It acts on a network of branches, shortcuts and smooth activations, or refuses it in words.",
      .strategy { try play($0, .branched()) }),
    ConformanceTest(
      "missing-parts", [.skipping, .failures],
      "It acts on networks without convolutions or blocks, or refuses them in words.",
      .strategy(missingPartsAreNoTrap)),
    ConformanceTest(
      "newer-host", [.unknownValues],
      "A host of a newer minor version changes nothing, and layers of unknown kinds end nothing.",
      .strategy(newerHostIsNoTrap)),
    ConformanceTest(
      "refusals", [.failures],
      "Where the host refuses what it asks, it goes on, or fails with a status and in words.",
      .strategy(refusalsAreNoTrap)),
  ]

  private static func play(_ subject: Subject, _ small: SmallNetwork) throws -> String? {
    let instance = try subject.instance()
    let acted = try subject.attempt { try Play(subject, instance).run(on: small) } != nil
    return acted ? nil : "it refused the network"
  }

  private static func missingPartsAreNoTrap(_ subject: Subject) throws -> String? {
    for small in try SmallNetwork.ordinary() {
      let instance = try subject.instance()
      let weights = small.network.counts.weights
      subject.witness.doing("asked for a plan on \(small.words)")
      // In the first round the host itself looks whether a network has what the descriptor names.
      _ = try subject.attempt {
        try instance.plan(
          Round(index: 1, total: 2, weightsGoal: subject.goal(of: weights)),
          network: small.network, measurements: small.measurements)
      }
    }
    return nil
  }

  private static func newerHostIsNoTrap(_ subject: Subject) throws -> String? {
    var conditions = CallConditions()
    conditions.adaptHost = { $0.abi_minor = 99 }
    try subject.withNetworks(SmallNetwork.ordinary()) { small in
      let usual = try Play(subject, subject.instance()).run(on: small)
      let newer = try Play(subject, subject.instance([:], conditions)).run(on: small)
      subject.witness.doing("compared its decisions under a host of minor version 99")
      guard newer == usual else { throw subject.witness.shortcoming("they are others") }
    }
    conditions.adaptHost = { host in
      host.layer_at = { host, model, index in unknownKind(host, model, index) }
    }
    for small in try SmallNetwork.ordinary() {
      let instance = try subject.instance([:], conditions)
      let words = try small.with("\(small.words) whose layers have kind 4711") { _ in }
      try subject.ignoringRefusals { _ = try Play(subject, instance).run(on: words) }
    }
    subject.witness.doing("asked for an extension that nobody knows")
    guard try !subject.instance().hasExtension("workbench.unknown/1") else {
      throw subject.witness.shortcoming("query gave something for 'workbench.unknown/1'")
    }
    return nil
  }

  private static func refusalsAreNoTrap(_ subject: Subject) throws -> String? {
    var conditions = CallConditions()
    conditions.adaptHost = { host in
      host.read = { host, _, _ in refuse(host) }
      host.inverse_hessian = { host, _, _, _, _, _ in refuse(host) }
      host.measure = { host, _, _ in refuse(host) }
      host.query = { _, _ in nil }
    }
    for small in try SmallNetwork.ordinary() {
      let instance = try subject.ignoringRefusals { try subject.instance([:], conditions) }
      guard let instance else { continue }
      let refused = try small.with("\(small.words), with every read refused") { _ in }
      try subject.ignoringRefusals { _ = try Play(subject, instance).run(on: refused) }
    }
    return nil
  }
}

extension Subject {
  /// Does what a strategy may well fail in, as long as it says so.
  @discardableResult
  fileprivate func ignoringRefusals<Result>(_ body: () throws -> Result) throws -> Result? {
    do {
      return try attempt(body)
    } catch let shortcoming as Shortcoming {
      guard shortcoming.isSilent else { return nil }
      throw shortcoming
    }
  }
}

extension StrategyInstance {
  fileprivate func hasExtension(_ id: String) -> Bool { table.query?(pointer, id) != nil }
}

/// A layer as the host has it, of a kind that no header names. The copy is never freed: nobody knows
/// for how long it is read, and the process is short.
private func unknownKind(
  _ host: UnsafePointer<wb_host>, _ model: OpaquePointer, _ index: UInt32
) -> UnsafePointer<wb_layer>? {
  guard let layer = Session.of(host)?.model(for: model, asking: "a layer")?.layer(at: index) else {
    return nil
  }
  let copy = UnsafeMutablePointer<wb_layer>.allocate(capacity: 1)
  copy.initialize(to: layer.pointee)
  copy.pointee.kind = 4711
  return UnsafePointer(copy)
}

private func refuse(_ host: UnsafePointer<wb_host>) -> wb_status {
  Session.of(host)?.refuse(.invalid, "it cannot be had in this test") ?? WB_FAILED
}
