import CWorkbench
import Networks
import Numerics

/// A strategy under test, in the process of the test.
struct Subject {
  let entry: StrategyEntry
  let witness: Witness

  /// An instance of it.
  ///
  /// - Throws: ``Shortcoming`` when it cannot be created.
  func instance(
    seed: UInt64 = 1, _ parameters: [String: String] = [:], memoryLimit: Int? = nil,
    _ conditions: CallConditions = CallConditions()
  ) throws -> StrategyInstance {
    let session = Session(
      entry, random: RandomStream(seed: seed, name: "strategy"), memoryLimit: memoryLimit,
      log: { _ in }, conditions: conditions)
    do {
      return try StrategyInstance(entry, parameters: parameters, session)
    } catch {
      throw witness.shortcoming("\(error)")
    }
  }

  /// Does something in which a strategy may refuse a network as the interface has it.
  ///
  /// - Returns: Nil when it refused.
  /// - Throws: ``Shortcoming`` when it failed.
  func attempt<Result>(_ body: () throws -> Result) throws -> Result? {
    do {
      return try body()
    } catch let failure as StrategyFailure {
      switch failure.status {
      case .skipped, .collapsed, .memory: return nil
      default: throw witness.shortcoming(failure.reason)
      }
    } catch let error as TrainingError {
      throw witness.shortcoming("\(error)")
    }
  }

  /// Does something with each of some networks, but for those that the strategy refuses.
  ///
  /// - Throws: ``NotApplicable`` when it refuses all of them.
  func withNetworks(_ networks: [SmallNetwork], _ body: (SmallNetwork) throws -> Void) throws {
    var isRefused = true
    // The host itself refuses those without what the descriptor names.
    for small in networks where entry.unsuitability(for: small.network.graph) == nil {
      if try attempt({ try body(small) }) != nil { isRefused = false }
    }
    if isRefused {
      let words = networks.map(\.words).joined(separator: ", ")
      throw NotApplicable(reason: "it refuses \(words)")
    }
  }

  /// The weights that a round is to leave of `weights`, as the strategy's course has it.
  func goal(of weights: Int, round: Int = 0) -> Int {
    switch entry.course {
    case .prune, .sparse: max(1, weights * (round == 0 ? 7 : 5) / 10)
    case .grow, .free: weights * (round == 0 ? 3 : 4) / 2
    }
  }
}
