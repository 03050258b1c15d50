import CWorkbench
import Networks
import Numerics

/// What the host knows of one strategy in use: behind the context pointer of its `wb_host`.
///
/// A strategy may ask only while it is being called. Everything a call is given or says lives here
/// until the call has been judged, and is gone before the next.
final class Session {
  /// What the strategy is being asked to do.
  enum Activity: String {
    case idle = "between calls"
    case creating = "while it is created"
    case scoring = "while it scores"
    case proposing = "while it proposes"
    case beginningPeriod = "before a training period"
    case beginningStep = "before a training step"
    case endingStep = "after a training step"
  }

  let entry: StrategyEntry
  let memoryLimit: Int?
  /// Takes lines of the log, from any thread.
  let log: @Sendable (String) -> Void
  let conditions: CallConditions
  private(set) var activity = Activity.idle
  private(set) var model: ModelView?
  /// The edits of the present call, copied.
  var edits: [Edit] = [] { didSet { revision += 1 } }
  /// Differs whenever the edits do.
  private var revision = 0
  /// How much the strategy expects the edits of the present call to change the training loss.
  var prediction: Double?
  /// What the strategy gave as the reason of its failure.
  var failureText: String?
  /// The first thing the strategy did in this call that the interface does not allow.
  private(set) var violation: String?
  /// How the strategy's process ended, where it had one of its own.
  var end: StrategyFailure?
  /// Memory that the strategy's own process works on where it acts after training steps.
  var sharedMemory: SharedMemory?
  /// Whether the strategy wrote beside what it was lent in this call, as its own process saw.
  var wroteOutside = false
  /// Why the host last refused something it may well be asked for.
  private(set) var refusal: StrategyFailure?
  private var random: RandomStream
  /// Numbers that the strategy has drawn so far.
  private(set) var drawn = 0
  private var views: [ViewKey: UnsafeMutableBufferPointer<Float>] = [:]
  /// The memory of views where they are protected.
  private var pages: [GuardedPages] = []
  private var measured: (revision: Int, counts: Counts)?
  /// The models that were asked for with the edits so far applied, the last one last. All live until
  /// the call returns, as views belong to them.
  private var plannedModels: [(revision: Int, model: ModelView)] = []
  private var calls = 0
  /// Addresses that serve as handles, one a call in turn; nothing lies behind them.
  private let handles = UnsafeMutableRawPointer.allocate(
    byteCount: Session.handleCount, alignment: 1)
  private static let handleCount = 4096

  private struct ViewKey: Hashable {
    let model: ObjectIdentifier
    let layer: UInt64
    let signal: Signal
  }

  init(
    _ entry: StrategyEntry, random: RandomStream, memoryLimit: Int?,
    log: @escaping @Sendable (String) -> Void, conditions: CallConditions = CallConditions()
  ) {
    self.conditions = conditions
    self.entry = entry
    self.random = random
    self.memoryLimit = memoryLimit
    self.log = log
  }

  deinit {
    dropViews()
    handles.deallocate()
  }

  private var handle: OpaquePointer { OpaquePointer(handles + calls % Self.handleCount) }

  /// Lends the strategy a model for the time of `body`, in which it is called. Every call has a
  /// handle of its own, so one that is kept is known to be stale.
  func during<Result>(
    _ activity: Activity, model: ModelView?, _ body: (OpaquePointer) throws -> Result
  ) rethrows -> Result {
    self.activity = activity
    self.model = model
    edits = []
    prediction = nil
    failureText = nil
    violation = nil
    refusal = nil
    wroteOutside = false
    measured = nil
    plannedModels = []
    calls += 1
    defer {
      dropViews()
      plannedModels = []
      self.activity = .idle
      self.model = nil
    }
    return try body(handle)
  }

  /// The model behind a handle, or nil with a violation noted.
  ///
  /// - Parameter isPlanned: whether the model with the edits so far applied is meant; nil, too, with
  ///   a refusal where they cannot be.
  func model(
    for handle: OpaquePointer, asking what: String, planned isPlanned: Bool = false
  ) -> ModelView? {
    guard let model, handle == self.handle else {
      note("it asked for \(what) \(activity.rawValue), with a model it was not given there")
      return nil
    }
    return isPlanned && !edits.isEmpty ? planned(from: model) : model
  }

  private func planned(from model: ModelView) -> ModelView? {
    if let known = plannedModels.first(where: { $0.revision == revision }) { return known.model }
    guard let network = model.network else { return model }
    do throws(SurgeryError) {
      let network = try network.applying(edits).network
      let measurements = model.measurements.map {
        Measurements(
          network: network, samples: $0.samples, loss: $0.lossKind, knownMoments: $0.knownMoments)
      }
      let after = ModelView(network, measurements: measurements, closed: model.closed)
      plannedModels.append((revision, after))
      return after
    } catch {
      _ = refuse(
        error.kind == .collapsed ? .collapsed : .invalid,
        "the plan so far cannot be applied: \(error)")
      return nil
    }
  }

  /// Operations of measuring what the plan would have left, in the present call.
  var plannedOperations: Double {
    plannedModels.reduce(0) { $0 + $1.model.operations }
  }

  /// Takes the last edits back.
  func retract(_ count: UInt64) -> wb_status {
    guard activity == .proposing, count <= UInt64(edits.count) else {
      note("it took back \(count) edits of \(edits.count) \(activity.rawValue)")
      return WB_FAILED
    }
    edits.removeLast(Int(count))
    return WB_OK
  }

  /// Notes what the interface does not allow; the call then fails whatever status it ends with.
  func note(_ violation: String) {
    if self.violation == nil { self.violation = violation }
  }

  /// Refuses what the strategy may ask but cannot have.
  func refuse(_ status: StrategyFailure.Status, _ reason: String) -> wb_status {
    refusal = StrategyFailure(status, reason)
    return WB_FAILED
  }

  // MARK: - What the host gives

  /// The values of a signal, copied for the time of the call.
  func view(
    of signal: Signal, layer: ModelView.LayerPlace, in model: ModelView,
    _ values: () -> ArraySlice<Float>
  ) -> UnsafeBufferPointer<Float> {
    let key = ViewKey(model: ObjectIdentifier(model), layer: layer.id, signal: signal)
    if views[key] == nil {
      views[key] = copied(values())
    }
    return UnsafeBufferPointer(views[key] ?? UnsafeMutableBufferPointer(start: nil, count: 0))
  }

  private func copied(_ values: ArraySlice<Float>) -> UnsafeMutableBufferPointer<Float> {
    if conditions.protectsViews, let pages = GuardedPages(count: values.count, flush: .after) {
      let copy = UnsafeMutableBufferPointer(start: pages.start, count: values.count)
      _ = copy.initialize(from: values)
      pages.protect()
      self.pages.append(pages)
      return copy
    }
    let copy = UnsafeMutableBufferPointer<Float>.allocate(capacity: values.count)
    _ = copy.initialize(from: values)
    return copy
  }

  /// Ends all views. A strategy that kept one reads nonsense rather than a plausible old value.
  private func dropViews() {
    for view in views.values where pages.isEmpty {
      view.update(repeating: .nan)
      view.deallocate()
    }
    views = [:]
    pages = []
  }

  /// Counts of the model with the edits so far applied.
  func measure(_ network: Network) throws(SurgeryError) -> Counts {
    if let measured, measured.revision == revision { return measured.counts }
    let counts = try edits.isEmpty ? network.counts : network.applying(edits).network.counts
    measured = (revision, counts)
    return counts
  }

  /// Uniform in [0, 1), 24 bits.
  func fillRandom(_ values: UnsafeMutableBufferPointer<Float>) {
    drawn += values.count
    for index in values.indices { values[index] = Float(random.next() >> 40) * 0x1p-24 }
  }
}
