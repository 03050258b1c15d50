/// Something that the host measures on a network for a strategy to read.
///
/// The set is open: a host that does not offer a signal says so when it is read.
public struct Signal: RawRepresentable, Hashable, Sendable {
  /// The number in the C header.
  public let rawValue: wb_signal

  /// The signal of a number in the C header.
  ///
  /// - Parameter rawValue: one of the header's `WB_SIGNAL_` values.
  public init(rawValue: wb_signal) { self.rawValue = rawValue }

  /// The parameters of a layer: weights in the order of its dimensions, then biases.
  public static let parameters = Signal(rawValue: WB_SIGNAL_PARAMETERS)
  /// 1 for a live parameter, 0 for a masked one.
  public static let mask = Signal(rawValue: WB_SIGNAL_MASK)
  /// The mean gradient of the loss, at masked positions too.
  public static let gradient = Signal(rawValue: WB_SIGNAL_GRADIENT)
  /// The mean of squared gradients.
  public static let fisherDiagonal = Signal(rawValue: WB_SIGNAL_FISHER_DIAGONAL)
  /// The exact diagonal of the Gauss-Newton matrix.
  public static let gaussNewtonDiagonal = Signal(rawValue: WB_SIGNAL_GAUSS_NEWTON_DIAGONAL)
  /// The diagonal second derivative by the recursion of LeCun, Denker and Solla.
  public static let lecunDiagonal = Signal(rawValue: WB_SIGNAL_LECUN_DIAGONAL)
  /// The share of zeros among each unit's activations.
  public static let activationZeroRate = Signal(rawValue: WB_SIGNAL_ACTIVATION_ZERO_RATE)
  /// The mean of each unit's activations.
  public static let activationMean = Signal(rawValue: WB_SIGNAL_ACTIVATION_MEAN)
  /// The variance of each unit's activations.
  public static let activationVariance = Signal(rawValue: WB_SIGNAL_ACTIVATION_VARIANCE)
  /// The Gauss-Newton curvature of the loss in each unit's pre-activation.
  public static let outputCurvature = Signal(rawValue: WB_SIGNAL_OUTPUT_CURVATURE)
  /// The second moment of a layer's inputs, a symmetric matrix; of patches for a convolution, with
  /// a last 1 for the bias when the layer has biases.
  public static let inputMoment = Signal(rawValue: WB_SIGNAL_INPUT_MOMENT)
  /// The inverse of the Gauss-Newton matrix, see ``NetworkView/inverseHessian(size:damping:)``.
  public static let inverseHessian = Signal(rawValue: WB_SIGNAL_INVERSE_HESSIAN)
  /// What momentum has gathered of the gradient, at update points, at masked positions too.
  public static let momentum = Signal(rawValue: WB_SIGNAL_MOMENTUM)
  /// What goes into a dense layer: a matrix, a row a sample.
  public static let inputs = Signal(rawValue: WB_SIGNAL_INPUTS)
  /// The gradient of each sample's own loss in a dense layer's pre-activations: a matrix, a row a
  /// sample.
  public static let outputGradients = Signal(rawValue: WB_SIGNAL_OUTPUT_GRADIENTS)
  /// The gradient in a linear layer that leads past a layer's units, from its inputs to the
  /// pre-activations of the only layer that reads them: a matrix, a row an output of that layer and
  /// in it a kernel for each input. A read is refused where no such layer can be, as behind pools.
  public static let bypassGradient = Signal(rawValue: WB_SIGNAL_BYPASS_GRADIENT)
  /// The Hessian of the mean loss times its gradient in the live parameters, at masked positions too,
  /// over the first 256 samples at most.
  public static let hessianGradient = Signal(rawValue: WB_SIGNAL_HESSIAN_GRADIENT)
  /// The gradient of each sample's own loss in a convolution's parameters: a matrix, a row a sample, for
  /// the first 256 at most. That of a dense layer is ``outputGradients`` times ``inputs``.
  public static let sampleGradients = Signal(rawValue: WB_SIGNAL_SAMPLE_GRADIENTS)
}

extension Signal: CustomStringConvertible {
  /// The signal in words, as messages have it.
  public var description: String {
    switch self {
    case .parameters: "parameters"
    case .mask: "mask"
    case .gradient: "gradient"
    case .fisherDiagonal: "Fisher diagonal"
    case .gaussNewtonDiagonal: "Gauss-Newton diagonal"
    case .lecunDiagonal: "LeCun diagonal"
    case .activationZeroRate: "activation zero rate"
    case .activationMean: "activation mean"
    case .activationVariance: "activation variance"
    case .outputCurvature: "output curvature"
    case .inputMoment: "input moment"
    case .inverseHessian: "inverse Hessian"
    case .momentum: "momentum"
    case .inputs: "inputs"
    case .outputGradients: "output gradients"
    case .bypassGradient: "bypass gradient"
    case .hessianGradient: "Hessian times gradient"
    case .sampleGradients: "sample gradients"
    default: "signal \(rawValue)"
    }
  }
}

/// A kind of change that a plan may hold.
public struct EditKind: RawRepresentable, Hashable, Sendable {
  /// The number in the C header.
  public let rawValue: wb_edit_kind

  /// The edit of a number in the C header.
  ///
  /// - Parameter rawValue: one of the header's `WB_EDIT_` values.
  public init(rawValue: wb_edit_kind) { self.rawValue = rawValue }

  /// Weights become zero and stay zero.
  public static let maskOff = EditKind(rawValue: WB_EDIT_MASK_OFF)
  /// Masked weights come back.
  public static let maskOn = EditKind(rawValue: WB_EDIT_MASK_ON)
  /// Weights get new values.
  public static let setWeights = EditKind(rawValue: WB_EDIT_SET_WEIGHTS)
  /// Units go, with everything that only they feed.
  public static let removeUnits = EditKind(rawValue: WB_EDIT_REMOVE_UNITS)
  /// Units come behind those that a layer has.
  public static let widen = EditKind(rawValue: WB_EDIT_WIDEN)
  /// Other layers take a layer's place.
  public static let replace = EditKind(rawValue: WB_EDIT_REPLACE)
  /// Layers come behind a layer and its activation.
  public static let insertAfter = EditKind(rawValue: WB_EDIT_INSERT_AFTER)
  /// A residual block comes there.
  public static let insertBlock = EditKind(rawValue: WB_EDIT_INSERT_BLOCK)
  /// Units come beside what a dense layer reads, and read it.
  public static let insertBeside = EditKind(rawValue: WB_EDIT_INSERT_BESIDE)
  /// A layer goes, with its activation.
  public static let removeLayer = EditKind(rawValue: WB_EDIT_REMOVE_LAYER)
  /// Training leaves parameters alone.
  public static let freeze = EditKind(rawValue: WB_EDIT_FREEZE)
  /// Training changes them again.
  public static let thaw = EditKind(rawValue: WB_EDIT_THAW)
  /// A residual branch gets another factor at evaluation.
  public static let scaleBlock = EditKind(rawValue: WB_EDIT_SCALE_BLOCK)
  /// A residual block becomes its skip.
  public static let dropBlock = EditKind(rawValue: WB_EDIT_DROP_BLOCK)
}

extension EditKind: CustomStringConvertible {
  /// The edit in words, as messages have it.
  public var description: String {
    switch self {
    case .maskOff: "mask off"
    case .maskOn: "mask on"
    case .setWeights: "set weights"
    case .removeUnits: "remove units"
    case .widen: "widen"
    case .replace: "replace"
    case .insertAfter: "insert after"
    case .insertBlock: "insert block"
    case .insertBeside: "insert beside"
    case .removeLayer: "remove layer"
    case .freeze: "freeze"
    case .thaw: "thaw"
    case .scaleBlock: "scale block"
    case .dropBlock: "drop block"
    default: "edit \(rawValue)"
    }
  }
}
