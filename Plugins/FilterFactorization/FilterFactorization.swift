import StrategyKit

/// Replaces a layer by two thinner ones that compute nearly the same on the training data.
///
///     separable: A = W[(i,y),(o,x)] = V U;  k×1 kernel V, then 1×k kernel U
///     small:     5×5 → 3×3, ReLU, 3×3
///     dense:     W = U V, two dense layers
///
/// each minimising E|W x − U V x|² at its width.
///
/// C. Szegedy, V. Vanhoucke, S. Ioffe, J. Shlens, Z. Wojna: Rethinking the Inception Architecture
/// for Computer Vision. CVPR 2016, doi:10.1109/CVPR.2016.308, section 3. The start values of
/// separable filters, by the weights and by the data: M. Jaderberg, A. Vedaldi, A. Zisserman:
/// Speeding up Convolutional Neural Networks with Low Rank Expansions. BMVC 2014, arXiv:1405.3866,
/// section 2.
///
/// Departs from the papers:
/// - They design the factorized network and train it anew. Here a trained layer is replaced by
///   factors that start close to it; at full rank, separable and dense factors equal it.
/// - The width between the factors follows from the budget, by `WidthBudget`, and a layer stays as
///   it is where factors would not have fewer weights.
/// - Factors alone reach no small size: those of LeNet-300-100 at 32× have five units of width, too
///   few to tell ten classes apart. So units go too, those of the layers between which nothing but
///   an activation lies. They are the factors of least cost: the first one picks inputs, has no
///   weights, and takes the row of the layer before along (`UnitElimination`).
/// - There is no non-linearity between separable or dense factors. Between two 3×3 filters there is
///   a ReLU, as the paper wants; `SmallFilters` says how it starts as a linear one. Where separable
///   filters of no more weights are closer to the layer on the data, they take its place instead.
/// - In later rounds a pair of linear factors gets the best factors of its second one at a lower
///   width, and a pair with a ReLU loses units. Other kernels than 5×5 are separated also with
///   `form=small`.
///
/// A network with neither a layer to factorize nor a unit to take away is skipped, and so is a goal
/// that is out of reach.
final class FilterFactorization: ProposingStrategy {
  enum Form: String, CaseIterable {
    case separable, small
  }

  static let info = StrategyInfo(
    id: "filter-factorization", name: "Filter Factorization",
    summary: "Replaces layers by two thinner ones that compute nearly the same.",
    citation: "Szegedy et al. 2016, doi:10.1109/CVPR.2016.308; Jaderberg et al. 2014, "
      + "arXiv:1405.3866",
    version: "1.2",
    reads: [.parameters, .mask, .inputMoment], emits: [.replace, .setWeights, .removeUnits],
    options: [
      .choice("form", "what a 5 by 5 convolution becomes", initial: Form.separable),
      .number(
        "rank", "the width between factors, whatever it costs; 0: by budget", initial: 0,
        in: 0...65535),
    ])

  private let form: Form
  private let forcedWidth: Int
  /// What the network looks like once the last plan is applied.
  private var expected: [ExpectedLayer] = []

  init(options: Options) throws {
    form = try options.choice("form")
    forcedWidth = try options.integer("rank")
  }

  func propose(_ round: Round, in network: NetworkView, plan: Plan) throws {
    // A width that was asked for is there after the first round, whatever it costs.
    let isForced = forcedWidth > 0
    guard isForced ? round.index == 0 : round.weightsToRemove > 0 else { return }
    let chain = try LinearChain(roles(in: network), form: form, in: network)
    guard chain.canChange else {
      throw SkipStrategy(
        round.index == 0
          ? "no layer may be replaced and no unit may go"
          : "every layer is as narrow as it can be: \(round.now.weights) weights are left, and the "
            + "goal is \(round.weightsGoal)")
    }
    var budget = chain.budget
    if isForced {
      budget.force(forcedWidth)
    } else if !budget.reach(round.weightsGoal) {
      throw SkipStrategy(
        "\(budget.weights) weights are left when all layers and factors are one unit wide, and the "
          + "goal is \(round.weightsGoal)")
    }
    expected = try chain.narrow(to: budget, plan: plan)
  }

  /// What an earlier plan made of each layer. Pairs are known by their place: a plan of this strategy
  /// is all that changes the layers.
  private func roles(in network: NetworkView) -> [LinearMap.Role?] {
    let layers = network.layers
    let isExpected =
      expected.count == layers.count && zip(expected, layers).allSatisfy { $0.matches($1) }
    return isExpected ? expected.map(\.role) : layers.map { _ in .whole }
  }
}

/// A layer as the next round should find it.
struct ExpectedLayer {
  var outputs: Int
  var inputs: Int
  /// Nil for the second factor of a pair.
  var role: LinearMap.Role?

  func matches(_ layer: Layer) -> Bool { outputs == layer.outputs && inputs == layer.inputs }
}
