import GrowthKit
import StrategyKit

/// A published combination of the switches of ``NeuronAddition``: its name and its defaults.
protocol AdditionForm: SendableMetatype {
  static var id: String { get }
  static var name: String { get }
  static var citation: String { get }
  static var defaults: AdditionDefaults { get }
}

/// The options of neuron addition as a form has them.
struct AdditionDefaults {
  var metric = UnitMetric.identity
  var target = UnitTarget.raw
  var zero = SilentSide.fanIn
  var pick = UnitSource.singular
  var scale = 1.0
  /// Random units and sums of entries overlap, so that their worths do not add up to a layer's.
  var place: GrowthPlace { pick == .singular ? .worth : .proportion }
}

/// Everything as the user says.
enum AnyAddition: AdditionForm {
  static let id = "neuron-addition"
  static let name = "Neuron Addition"
  static let citation = "Verbockhaven et al. 2024, TMLR; Evci et al. 2022, arXiv:2201.05125"
  static let defaults = AdditionDefaults()
}

/// U. Evci, B. van Merriënboer, T. Unterthiner, M. Vladymyrov, F. Pedregosa: GradMax: Growing Neural
/// Networks using Gradient Information. ICLR 2022. The scale is that of its CIFAR experiments.
enum GradMax: AdditionForm {
  static let id = "gradmax"
  static let name = "GradMax"
  static let citation = "Evci et al. 2022, arXiv:2201.05125"
  static let defaults = AdditionDefaults(scale: 0.5)
}

/// M. Verbockhaven, T. Rudkiewicz, S. Chevallier, G. Charpiat: Growing Tiny Networks: Spotting
/// Expressivity Bottlenecks and Fixing Them Optimally. TMLR 2024.
enum TINY: AdditionForm {
  static let id = "tiny"
  static let name = "TINY"
  static let citation = "Verbockhaven et al. 2024, TMLR, openreview hbtG6s6e7r"
  static let defaults = AdditionDefaults(
    metric: .covariance, target: .residual, zero: .none, scale: 0)
}

/// R. Mitchell, R. Menzenbach, K. Kersting, M. Mundt: Self-Expanding Neural Networks. 2023. The inputs'
/// side of its metric, with the best linear unit in place of a search among candidates.
enum SENN: AdditionForm {
  static let id = "senn"
  static let name = "Self-Expanding"
  static let citation = "after Mitchell et al. 2023, arXiv:2307.04526"
  static let defaults = AdditionDefaults(metric: .covariance, target: .residual, zero: .fanOut)
}

/// X. Dai, H. Yin, N. K. Jha: NeST: A Neural Network Synthesis Tool Based on a Grow-and-Prune Paradigm.
/// 2017. Its bridging units alone.
enum NeST: AdditionForm {
  static let id = "nest"
  static let name = "NeST growth"
  static let citation = "after Dai, Yin & Jha 2017, arXiv:1711.02017"
  static let defaults = AdditionDefaults(zero: .none, pick: .entries, scale: 0.5)
}

/// X. Yuan, P. Savarese, M. Maire: Accelerated Training via Incrementally Growing Neural Networks using
/// Variance Transfer and Learning Rate Adaptation. NeurIPS 2023. Its pairs alone: the host owns the
/// learning rate, and old weights are not rescaled, which would change the function.
enum VarianceTransfer: AdditionForm {
  static let id = "variance-transfer"
  static let name = "Variance Transfer"
  static let citation = "after Yuan et al. 2023, NeurIPS"
  static let defaults = AdditionDefaults(zero: .pair, pick: .random)
}
