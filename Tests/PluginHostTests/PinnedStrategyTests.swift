import CKernels
import Networks
import PluginHost
import Testing

/// What each built-in strategy leaves of one small network, beside its version.
///
/// A result is stored under the version of its strategy. Whoever changes what a strategy does gives it
/// a new version, or old rows stand for it; this test is where one is reminded.
@Suite struct PinnedStrategyTests {
  private struct Pin: Equatable {
    let version: String
    /// Of the mask.
    let digest: String
  }

  private static let pins: [String: Pin] = [
    "none": Pin(version: "1.0", digest: "c537658d93d5470e"),
    "random": Pin(version: "1.2", digest: "42f30e17dd8cccd1"),
    "magnitude": Pin(version: "1.0", digest: "6a540f31d1a356bb"),
    "magnitude[scope=layer]": Pin(version: "1.0", digest: "30989c1b84aceb33"),
    "lamp": Pin(version: "1.0", digest: "b3f4e670c6cc4d6d"),
    "obd": Pin(version: "1.0", digest: "b408e170cdaf0b21"),
    "obd[curvature=lecun]": Pin(version: "1.0", digest: "97e2551711b956ff"),
    "obd[curvature=fisher]": Pin(version: "1.0", digest: "1ff2f6c645a8b5e1"),
    "obs": Pin(version: "1.2", digest: "4a56bb9782b44c29"),
    "obs[method=row]": Pin(version: "1.2", digest: "797332e6adaa37d9"),
    "taylor": Pin(version: "1.0", digest: "e8b261a8cd48e1f9"),
    "taylor-units": Pin(version: "1.0", digest: "8eae179da7784da0"),
    "filter-norm": Pin(version: "1.0", digest: "3fdf07b01a5c3016"),
    "binarize": Pin(version: "1.0", digest: "6a540f31d1a356bb"),
    "group-brain-damage": Pin(version: "1.0", digest: "c537658d93d5470e"),
  ]

  @Test func aChangedMaskNeedsANewVersion() throws {
    #expect(wbk_select_variant("portable") == 0)
    defer { wbk_release_variant() }
    let catalogue = try StrategyCatalogue()
    let network = try Fixtures.perceptron(9)
    var found: [String: Pin] = [:]
    for text in Self.pins.keys {
      let reference = try #require(try StrategyReference.list(text).first)
      let entry = try catalogue.entry(named: reference.id)
      let plan = try Fixtures.plan(entry, network, goal: 40, parameters: reference.values)
      found[text] = Pin(version: entry.version, digest: digest(plan.surgery.network.mask))
    }
    #expect(found == Self.pins)
    let ids = Set(try Self.pins.keys.compactMap { try StrategyReference.list($0).first?.id })
    let pruning = catalogue.entries.filter { $0.course == .prune }
    #expect(ids == Set(pruning.map(\.id)), "every built-in strategy that prunes is pinned")
  }

  /// Fowler, Noll and Vo's hash of a mask's bits.
  private func digest(_ mask: [Float]) -> String {
    let hash = mask.reduce(into: UInt64(0xcbf2_9ce4_8422_2325)) { hash, value in
      hash = (hash ^ (value == 0 ? 0 : 1)) &* 0x100_0000_01b3
    }
    return String(hash, radix: 16)
  }
}
