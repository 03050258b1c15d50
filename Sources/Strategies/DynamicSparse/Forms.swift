import StrategyKit

/// A published combination of the parts of ``DynamicSparse``: its name and its defaults.
protocol SparseForm: SendableMetatype {
  static var id: String { get }
  static var name: String { get }
  static var citation: String { get }
  static var defaults: SparseDefaults { get }
}

/// The options of dynamic sparse training as a form has them.
struct SparseDefaults {
  var drop = Drop.magnitude
  var grow = Grow.random
  var spread = Spread.er
  var every = 0.0
  var until = 1.0
  var fraction = 0.3
  var falling = Falling.cosine
  var begin = 0.0
}

/// Everything as the user says.
enum AnySparse: SparseForm {
  static let id = "dynamic-sparse"
  static let name = "Dynamic Sparse Training"
  static let citation =
    "Mocanu et al. 2018, doi:10.1038/s41467-018-04316-3; Evci et al. 2020, "
    + "arXiv:1911.11134"
  static let defaults = SparseDefaults()
}

/// D. C. Mocanu et al.: Scalable Training of Artificial Neural Networks with Adaptive Sparse
/// Connectivity. Nature Communications 9, 2018.
enum SET: SparseForm {
  static let id = "set"
  static let name = "Sparse Evolutionary Training"
  static let citation = "Mocanu et al. 2018, doi:10.1038/s41467-018-04316-3"
  static let defaults = SparseDefaults(drop: .signed, falling: .constant)
}

/// U. Evci, T. Gale, J. Menick, P. S. Castro, E. Elsen: Rigging the Lottery. ICML 2020.
enum RigL: SparseForm {
  static let id = "rigl"
  static let name = "RigL"
  static let citation = "Evci et al. 2020, arXiv:1911.11134"
  static let defaults = SparseDefaults(
    grow: .gradient, spread: .erk, every: 100, until: 0.75, fraction: 0.3)
}

/// T. Dettmers, L. Zettlemoyer: Sparse Networks from Scratch. 2019.
enum SparseMomentum: SparseForm {
  static let id = "sparse-momentum"
  static let name = "Sparse Momentum"
  static let citation = "Dettmers & Zettlemoyer 2019, arXiv:1907.04840"
  static let defaults = SparseDefaults(grow: .momentum, spread: .uniform, fraction: 0.5)
}

/// S. Liu et al.: Sparse Training via Boosting Pruning Plasticity with Neuroregeneration. 2021.
enum GraNet: SparseForm {
  static let id = "granet"
  static let name = "GraNet"
  static let citation = "Liu et al. 2021, arXiv:2106.10404"
  static let defaults = SparseDefaults(
    grow: .gradient, spread: .erk, every: 100, until: 0.75, fraction: 0.5, begin: 0.5)
}

/// M. Zhu, S. Gupta: To Prune, or Not to Prune. 2017.
enum GradualMagnitude: SparseForm {
  static let id = "gradual-magnitude"
  static let name = "Gradual Magnitude Pruning"
  static let citation = "Zhu & Gupta 2017, arXiv:1710.01878"
  static let defaults = SparseDefaults(every: 100, until: 0.75, fraction: 0, begin: 1)
}

/// The control: a random mask that never moves.
enum StaticSparse: SparseForm {
  static let id = "static"
  static let name = "Static Sparse"
  static let citation = "control of Evci et al. 2020, arXiv:1911.11134"
  static let defaults = SparseDefaults(spread: .erk, fraction: 0)
}
