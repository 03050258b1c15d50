import StrategyKit

/// Replaces a layer by two thinner ones that compute nearly the same.
///
///     separable: W[(i,y),(o,x)] = L · diag(σ) · R;  k×1 kernel L √σ, then 1×k kernel √σ R
///     small:     5×5 → 3×3, ReLU, 3×3, minimising E|W x − U∗V x|²
///     dense:     W = L · diag(σ) · R, two dense layers
///
/// C. Szegedy, V. Vanhoucke, S. Ioffe, J. Shlens, Z. Wojna: Rethinking the Inception Architecture
/// for Computer Vision. CVPR 2016, doi:10.1109/CVPR.2016.308, section 3. The start values of
/// separable filters: M. Jaderberg, A. Vedaldi, A. Zisserman: Speeding up Convolutional Neural
/// Networks with Low Rank Expansions. BMVC 2014, arXiv:1405.3866, section 2.
///
/// Departs from the papers:
/// - They design the factorized network and train it anew. Here a trained layer is replaced by
///   factors that start close to it; at full rank, separable and dense factors equal it.
/// - The width between the factors follows from the budget, by `WidthBudget`, and a layer stays as
///   it is where factors would not have fewer weights.
/// - There is no non-linearity between separable or dense factors. Between two 3×3 filters there is
///   a ReLU, as the paper wants; `SmallFilters` says how it starts as a linear one.
/// - In later rounds a pair of linear factors gets the best factors of their product at a lower
///   width, and a pair with a ReLU loses its middle units of least weight. Other kernels than
///   5×5 are separated also with `form=small`.
final class FilterFactorization: ProposingStrategy {
  enum Form: String, CaseIterable {
    case separable, small
  }

  static let info = StrategyInfo(
    id: "filter-factorization", name: "Filter Factorization",
    summary: "Replaces layers by two thinner ones that compute nearly the same.",
    citation: "Szegedy et al. 2016, doi:10.1109/CVPR.2016.308; Jaderberg et al. 2014, "
      + "arXiv:1405.3866",
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
    guard forcedWidth > 0 || round.weightsToRemove > 0 else { return }
    let sites = try sites(in: network)
    guard !sites.isEmpty else { throw SkipStrategy("no layer may be replaced") }

    var budget = WidthBudget(sites.map(\.choices))
    if forcedWidth > 0 {
      budget.force(forcedWidth)
    } else if !budget.save(round.weightsToRemove) {
      network.log(
        "filter-factorization: all factors are one unit wide and the goal of "
          + "\(round.weightsGoal) weights is not reached", isWarning: true)
    }

    var next = network.layers.map { [ExpectedLayer($0)] }
    let algebra = try network.linearAlgebra()
    for (site, width) in zip(sites, budget.widths) {
      guard let width, width != site.choices.width else {
        site.keep(in: &next)
        continue
      }
      try site.narrow(to: width, in: network, algebra: algebra, plan: plan, expecting: &next)
    }
    expected = next.flatMap { $0 }
  }

  /// Everything whose width can be lowered, from the input on.
  private func sites(in network: NetworkView) throws -> [any Site] {
    let layers = network.layers
    let algebra = try network.linearAlgebra()
    // Pairs are known by their place: a plan of this strategy is all that changes the layers.
    let isExpected =
      expected.count == layers.count && zip(expected, layers).allSatisfy { $0.matches($1) }
    var sites: [any Site] = []
    var index = 0
    while index < layers.count {
      if isExpected, case .first(let isRectified) = expected[index].role, index + 1 < layers.count {
        if layers[index].hasRemovableUnits {
          sites.append(
            try FactorPair(index, isRectified: isRectified, in: network, algebra: algebra))
        }
        index += 2
      } else {
        if let site = try WholeLayer(index, form: form, in: network, algebra: algebra) {
          sites.append(site)
        }
        index += 1
      }
    }
    return sites
  }
}

/// A place in the network whose width can be lowered.
protocol Site {
  /// What widths it can have and what they cost.
  var choices: WidthChoices { get }

  /// Says that the next round finds it as it is.
  func keep(in next: inout [[ExpectedLayer]])

  /// Adds the edits that give it a width.
  func narrow(
    to width: Int, in network: NetworkView, algebra: LinearAlgebra, plan: Plan,
    expecting next: inout [[ExpectedLayer]]) throws
}

/// A layer as the next round should find it.
struct ExpectedLayer {
  enum Role {
    case plain
    case first(isRectified: Bool)
    case second
  }

  var outputs: Int
  var inputs: Int
  var role = Role.plain

  init(_ layer: Layer, role: Role = .plain) {
    outputs = layer.outputs
    inputs = layer.inputs
    self.role = role
  }

  init(outputs: Int, inputs: Int, role: Role) {
    self.outputs = outputs
    self.inputs = inputs
    self.role = role
  }

  func matches(_ layer: Layer) -> Bool { outputs == layer.outputs && inputs == layer.inputs }
}
