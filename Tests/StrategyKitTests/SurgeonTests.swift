import CWorkbench
import Strategies
import Testing

@Suite struct SurgeonTests {
  private static let damping = 0.01

  private func surgeon(_ method: Double, _ host: FakeHost) throws -> Entrant {
    try #require(
      Entrant(
        builtInPlugin(), "obs",
        options: ["method": .number(method), "damping": .number(Self.damping)], host: host))
  }

  /// The weights of a layer after the plan, or nil where it masks them.
  private func outcome(_ layer: FakeLayer, _ host: FakeHost) -> [Float?] {
    var values = layer.parameters.map { Optional($0) }
    for edit in host.edits where edit.target == layer.id {
      switch edit.kind {
      case WB_EDIT_MASK_OFF: for index in edit.indices { values[index] = nil }
      case WB_EDIT_SET_WEIGHTS:
        for (index, value) in zip(edit.indices, edit.values) { values[index] = value }
      default: Issue.record("edit \(edit.kind)")
      }
    }
    return values
  }

  private func expect(_ found: [Float?], _ wanted: [Double?], line: Int = #line) {
    #expect(found.count == wanted.count)
    for (index, (found, wanted)) in zip(found, wanted).enumerated() {
      guard let found, let wanted else {
        #expect((found == nil) == (wanted == nil), "position \(index), line \(line)")
        continue
      }
      #expect(abs(Double(found) - wanted) <= 1e-6 * max(1, abs(wanted)), "position \(index)")
    }
  }

  @Test(arguments: [1, 2, 5])
  func exactRemovalAgreesWithSolvingForEveryChoice(goal: Int) throws {
    var random = SplitMix(state: 21)
    var layers = [
      FakeLayer.random(1, 2, 3, using: &random), FakeLayer.random(2, 1, 2, using: &random),
    ]
    layers[0].masked = [1]
    layers[1].prunesBiases = true
    let host = FakeHost(layers)
    host.hessian = random.moment(8)
    #expect(try surgeon(1, host).propose(goal: goal) == WB_OK)
    #expect(host.log.contains { $0.contains("obs: exact") })

    let weights = layers.flatMap { layer in layer.live.map { Double(layer.parameters[$0]) } }
    let wanted = PlainSurgeon.inSteps(
      host.hessian, weights, goal: goal, damping: Self.damping, PlainSurgeon.bruteForce)
    #expect(host.inverses == 8 - goal)
    expect(
      outcome(layers[0], host),
      [wanted[0], Double(layers[0].parameters[1])]
        + Array(wanted[1..<5]) + layers[0].parameters.suffix(2).map { Double($0) })
    expect(outcome(layers[1], host), Array(wanted[5...]))
  }

  @Test func exactRemovalHoldsThroughCompactions() throws {
    var random = SplitMix(state: 22)
    let layer = FakeLayer.random(1, 10, 30, hasBiases: false, using: &random)
    let host = FakeHost([layer])
    host.hessian = random.moment(300)
    #expect(try surgeon(1, host).propose(goal: 60) == WB_OK)

    let wanted = PlainSurgeon.inSteps(
      host.hessian, layer.parameters.map { Double($0) }, goal: 60, damping: Self.damping
    ) { h, weights, removals in
      let trace = PlainSurgeon.trace(h, weights, candidates: Set(weights.indices))
      return PlainSurgeon.solved(h, weights, without: Set(trace.prefix(removals).map(\.index)))
    }
    expect(outcome(layer, host), wanted)
  }

  /// A quarter of the weights moves nothing and is large; the others matter and are small. The
  /// damping alone would have the needed ones go first.
  @Test(arguments: [24, 10])
  func whatHasNoCurvatureGoesFirstAndCostsNothing(goal: Int) throws {
    var random = SplitMix(state: 30)
    var layer = FakeLayer.random(1, 4, 8, hasBiases: false, using: &random)
    let silent = Set((0..<8).map { 4 * $0 + 1 })
    layer.parameters = layer.parameters.enumerated().map { silent.contains($0) ? 100 : $1 }
    let host = FakeHost([layer])
    host.hessian = random.moment(32, silent: silent)
    #expect(try surgeon(1, host).propose(goal: goal) == WB_OK, "\(host.failures)")

    let needed = (0..<32).filter { !silent.contains($0) }
    let wanted = PlainSurgeon.inSteps(
      needed.flatMap { row in needed.map { host.hessian[row * 32 + $0] } },
      needed.map { Double(layer.parameters[$0]) }, goal: goal, damping: Self.damping,
      // The mean of the diagonal is over the silent ones, too, as long as they are there.
      dampedAtFirstBy: goal == 24 ? nil : Self.damping * 24 / 32, firstStep: 2,
      PlainSurgeon.bruteForce)
    let found = outcome(layer, host)
    #expect(silent.allSatisfy { found[$0] == nil })
    expect(needed.map { found[$0] }, wanted)
    #expect(host.inverses == (goal == 24 ? 0 : 13), "nothing is inverted for what costs nothing")
  }

  @Test func aRoundIsQuickByItsOperations() {
    #expect(ExactSurgery(damping: 0.01, removals: 420, of: 840).isQuick(parameters: 881))
    #expect(ExactSurgery(damping: 0.01, removals: 44, of: 58).isQuick(parameters: 58))
    // LeNet-300-100 at 64 times, and at a thousand.
    #expect(!ExactSurgery(damping: 0.01, removals: 1500, of: 4159).isQuick(parameters: 266_610))
    #expect(!ExactSurgery(damping: 0.01, removals: 133, of: 266).isQuick(parameters: 266_610))
    #expect(!ExactSurgery(damping: 0.01, removals: 1, of: 1 << 40).isQuick(parameters: .max))
    // One weight needs one inverse, half of them many.
    #expect(ExactSurgery(damping: 0.01, removals: 1, of: 2500).isQuick(parameters: 3000))
    #expect(!ExactSurgery(damping: 0.01, removals: 1250, of: 2500).isQuick(parameters: 3000))
  }

  /// The memory says whether it can be exact, and never chooses between exact and row-wise.
  @Test(arguments: [0.0, 1])
  func exactSurgeryNeedsItsMemory(method: Double) throws {
    var random = SplitMix(state: 23)
    let layer = FakeLayer.random(1, 10, 10, hasBiases: false, using: &random)
    let host = FakeHost([layer], memoryLimit: 120_000)
    host.hessian = random.moment(100)
    #expect(try surgeon(method, host).propose(goal: 50) == WB_SKIPPED)
    #expect(host.failures.first?.contains("needs 240.0 kB") == true)
    #expect(host.failures.first?.contains("there are 120.0 kB: use method=row") == true)
    #expect(host.edits.isEmpty && host.inverses == 0)

    let larger = FakeHost([layer], memoryLimit: 24 * 100 * 100)
    larger.hessian = host.hessian
    #expect(try surgeon(method, larger).propose(goal: 50) == WB_OK)
    #expect(larger.log.contains { $0.contains("obs: exact") })
  }

  @Test func wherePruningWouldTakeLongItIsRowWise() throws {
    var random = SplitMix(state: 29)
    let host = FakeHost([FakeLayer.random(1, 60, 60, hasBiases: false, using: &random)])
    // Row-wise needs signals that this host lacks: it was chosen, and says so.
    #expect(try surgeon(0, host).propose(goal: 1800) == WB_UNSUPPORTED)
    #expect(host.log.contains { $0.contains("obs: row-wise") })
  }

  /// The method, its layers and its bytes are said when they change, not round by round.
  @Test func theMethodIsSaidOnceUntilItChanges() throws {
    var random = SplitMix(state: 28)
    let layer = rowLayer(1, 4, 6, curvature: 1, using: &random)
    let host = FakeHost([layer])
    host.hessian = random.moment(24)
    let exact = try surgeon(1, host)
    for goal in [20, 16, 12] { #expect(exact.propose(goal: goal) == WB_OK) }
    #expect(host.log == ["obs: exact over 24 weights, in 13.8 kB"])

    let silent = FakeHost([layer, rowLayer(2, 1, 4, curvature: 1, using: &random)])
    let byRow = try surgeon(2, silent)
    for goal in [20, 16, 12] { #expect(byRow.propose(goal: goal) == WB_OK) }
    #expect(
      silent.log == [
        "obs: row-wise over 2 layers; exact over all 28 weights would take "
          + "18.8 kB"
      ])
  }

  /// A moment that rounding made indefinite is damped until it has an inverse. What is kept starts
  /// from where it was all the same: a weight that nothing depended on moves no other.
  @Test func moreDampingMovesNoWeightByItself() throws {
    var layer = FakeLayer(id: 1, name: "fc", outputs: 1, inputs: 3)
    layer.hasBiases = false
    layer.parameters = [1, 2, 0.001]
    layer.signals[WB_SIGNAL_INPUT_MOMENT] = [1, 1.05, 0, 1.05, 1, 0, 0, 0, 1]
    layer.signals[WB_SIGNAL_OUTPUT_CURVATURE] = [1]
    let host = FakeHost([layer])
    #expect(try surgeon(2, host).propose(goal: 2) == WB_OK, "\(host.failures)")
    #expect(outcome(layer, host) == [1, 2, nil])
  }

  @Test func aCurvatureThatIsNotFiniteIsRefused() throws {
    var random = SplitMix(state: 24)
    var layer = FakeLayer.random(1, 2, 2, hasBiases: false, using: &random)
    layer.parameters[2] = .nan
    let host = FakeHost([layer])
    host.hessian = random.moment(4)
    #expect(try surgeon(1, host).propose(goal: 1) == WB_FAILED)
    #expect(host.failures.first?.contains("damping") == true)
    #expect(host.edits.isEmpty)
  }

  @Test func aGoalThatIsMetNeedsNoEdit() throws {
    var random = SplitMix(state: 25)
    let host = FakeHost([FakeLayer.random(1, 2, 2, using: &random)])
    #expect(try surgeon(0, host).propose(goal: 4) == WB_OK)
    #expect(try surgeon(0, host).propose(goal: 9) == WB_OK)
    #expect(host.edits.isEmpty)
  }

  /// A layer with its input moment and output curvature.
  private func rowLayer(
    _ id: UInt64, _ outputs: Int, _ inputs: Int, silent: Set<Int> = [], curvature: Float,
    using random: inout SplitMix
  ) -> FakeLayer {
    var layer = FakeLayer.random(id, outputs, inputs, using: &random)
    layer.signals[WB_SIGNAL_INPUT_MOMENT] = random.moment(inputs + 1, silent: silent)
      .map { Float($0) }
    layer.signals[WB_SIGNAL_OUTPUT_CURVATURE] = random.floats(outputs)
      .map { curvature * abs($0) }
    return layer
  }

  @Test(arguments: [300, 150, 20])
  func rowWiseAgreesWithPlainEliminationAndLeastSquares(keptOf400: Int) throws {
    var random = SplitMix(state: 26)
    var layers = [
      rowLayer(1, 3, 100, silent: [4, 50], curvature: 1, using: &random),
      rowLayer(2, 4, 6, curvature: 30, using: &random),
    ]
    layers[0].masked = Set((0..<80).map { 2 * $0 })
    layers[1].prunesBiases = true
    let live = layers.reduce(0) { $0 + $1.live.count }
    let removals = live - keptOf400 * live / 400
    let host = FakeHost(layers)
    #expect(try surgeon(2, host).propose(goal: live - removals) == WB_OK, "\(host.failures)")
    #expect(host.log.contains { $0.contains("obs: row-wise") })

    let rows = layers.indices.flatMap { index in
      (0..<layers[index].outputs).map { PlainRow(layers[index], index, $0, Self.damping) }
    }
    let entries = rows.indices.flatMap { row in rows[row].losses.map { (loss: $0, row: row) } }
    let cheapest = entries.sorted { $0.loss < $1.loss }.prefix(removals)
    var wanted = layers.map { layer in layer.parameters.map { Optional(Double($0)) } }
    for (index, row) in rows.enumerated() {
      row.apply(cheapest.count { $0.row == index }, to: &wanted[row.layer])
    }
    for (layer, wanted) in zip(layers, wanted) { expect(outcome(layer, host), wanted) }
    let left = layers.reduce(0) { sum, layer in
      sum + layer.live.count { outcome(layer, host)[$0] != nil }
    }
    #expect(left == live - removals)
  }

  @Test func silentInputsGoFirst() throws {
    var random = SplitMix(state: 27)
    var layer = rowLayer(1, 2, 6, silent: [1, 5], curvature: 1, using: &random)
    layer.parameters = layer.parameters.enumerated().map { $0 % 6 == 1 ? 100 : $1 }
    let host = FakeHost([layer])
    #expect(try surgeon(2, host).propose(goal: 8) == WB_OK)
    #expect(host.edits.map(\.kind) == [WB_EDIT_MASK_OFF])
    #expect(host.edits.first?.indices == [1, 5, 7, 11])
  }
}

/// The quadratic form of one row, eliminated without any of the strategy's shortcuts.
private struct PlainRow {
  let layer: Int
  let losses: [Double]
  private let positions: [Int]
  private let order: [Int]
  private let moment: [Double]
  private let weights: [Double]

  init(_ layer: FakeLayer, _ index: Int, _ row: Int, _ damping: Double) {
    self.layer = index
    let size = layer.fanIn + 1
    let all = (layer.signals[WB_SIGNAL_INPUT_MOMENT] ?? []).map { Double($0) }
    let curvature = Double(layer.signals[WB_SIGNAL_OUTPUT_CURVATURE]?[row] ?? 0)
    let diagonal = (0..<size).map { all[$0 * size + $0] }.filter { $0 > 0 }
    let ridge = damping * diagonal.reduce(0, +) / Double(diagonal.count)
    func position(_ column: Int) -> Int {
      column == layer.fanIn ? layer.weightCount + row : row * layer.fanIn + column
    }
    let columns = (0..<size).filter { !layer.masked.contains(position($0)) }
    let count = columns.count
    let positions = columns.map(position)
    self.positions = positions
    weights = positions.map { Double(layer.parameters[$0]) }
    // A silent input keeps no ridge: it costs nothing, by definition.
    moment = (0..<count * count).map { index in
      let (row, column) = (columns[index / count], columns[index % count])
      let silent = all[row * size + row] == 0
      return all[row * size + column] + (row == column ? (silent ? 1e-30 : ridge) : 0)
    }
    let prunable = Set(columns.indices.filter { positions[$0] < layer.prunableCount })
    let trace = PlainSurgeon.trace(moment, weights, candidates: prunable)
    order = trace.map(\.index)
    var worst = 0.0
    var losses: [Double] = []
    for removal in trace {
      worst = max(worst, removal.loss * curvature)
      losses.append(worst)
    }
    self.losses = losses
  }

  func apply(_ count: Int, to parameters: inout [Double?]) {
    guard count > 0 else { return }
    let solved = PlainSurgeon.solved(moment, weights, without: Set(order.prefix(count)))
    for (position, value) in zip(positions, solved) { parameters[position] = value }
  }
}

/// Optimal Brain Surgeon in the plainest form, to compare with.
private enum PlainSurgeon {
  static func damped(_ h: [Double], _ n: Int, by ridge: Double) -> [Double] {
    h.enumerated().map { $0 % (n + 1) == 0 ? $1 + ridge : $1 }
  }

  /// The minimum of (w − w₀)ᵀ H (w − w₀) with some weights at zero, which come out as nil.
  static func solved(_ h: [Double], _ weights: [Double], without gone: Set<Int>) -> [Double?] {
    let n = weights.count
    let kept = (0..<n).filter { !gone.contains($0) }
    let block = kept.flatMap { row in kept.map { h[row * n + $0] } }
    let right = kept.map { row in (0..<n).reduce(0) { $0 + h[row * n + $1] * weights[$1] } }
    guard let inverse = PlainAlgebra.inverse(block, kept.count) else { return [] }
    let solution = PlainAlgebra.product(inverse, right, kept.count, kept.count, 1)
    var result = [Double?](repeating: nil, count: n)
    for (position, value) in zip(kept, solution) { result[position] = value }
    return result
  }

  private static func loss(_ h: [Double], _ from: [Double], _ to: [Double?]) -> Double {
    let n = from.count
    let change = zip(from, to).map { ($1 ?? 0) - $0 }
    return (0..<n * n).reduce(0) { $0 + h[$1] * change[$1 / n] * change[$1 % n] } / 2
  }

  /// Removes one weight after the other, each time the one that leaves the least loss when
  /// everything else is solved for again.
  static func bruteForce(_ h: [Double], _ weights: [Double], removals: Int) -> [Double?] {
    var gone: Set<Int> = []
    for _ in 0..<removals {
      let best = weights.indices.filter { !gone.contains($0) }.min { a, b in
        loss(h, weights, solved(h, weights, without: gone.union([a])))
          < loss(h, weights, solved(h, weights, without: gone.union([b])))
      }
      if let best { gone.insert(best) }
    }
    return solved(h, weights, without: gone)
  }

  /// Removal with the damping and the inverse taken anew each time a sixteenth of the weights, but at
  /// least one, is gone.
  ///
  /// - Parameters:
  ///   - first: the ridge over the mean of the diagonal in the first step, if it is another.
  ///   - firstStep: what goes in the first step, if it is not a sixteenth.
  ///   - removing: takes a number of weights from a quadratic form.
  static func inSteps(
    _ h: [Double], _ weights: [Double], goal: Int, damping: Double,
    dampedAtFirstBy first: Double? = nil, firstStep: Int? = nil,
    _ removing: (_ h: [Double], _ weights: [Double], _ removals: Int) -> [Double?]
  ) -> [Double?] {
    let n = weights.count
    var all = weights.map(Optional.some)
    var step = 0
    while true {
      let left = all.indices.filter { all[$0] != nil }
      guard left.count > goal else { return all }
      let block = left.flatMap { row in left.map { h[row * n + $0] } }
      let mean = left.reduce(0) { $0 + h[$1 * (n + 1)] } / Double(left.count)
      let ridge = (step == 0 ? first : nil) ?? damping
      let share = (step == 0 ? firstStep : nil) ?? max(1, left.count / 16)
      let after = removing(
        damped(block, left.count, by: ridge * mean), left.compactMap { all[$0] },
        min(left.count - goal, share))
      for (index, value) in zip(left, after) { all[index] = value }
      step += 1
    }
  }

  /// The order of removals and their losses, with the inverse kept whole.
  static func trace(
    _ h: [Double], _ weights: [Double], candidates: Set<Int>
  ) -> [(index: Int, loss: Double)] {
    let n = weights.count
    guard var inverse = PlainAlgebra.inverse(h, n) else { return [] }
    var weights = weights
    var left = candidates
    var trace: [(index: Int, loss: Double)] = []
    while !left.isEmpty {
      let losses = left.sorted().map {
        ($0, weights[$0] * weights[$0] / (2 * inverse[$0 * n + $0]))
      }
      guard let best = losses.min(by: { $0.1 < $1.1 }) else { break }
      let q = best.0
      trace.append((q, best.1))
      left.remove(q)
      let column = (0..<n).map { inverse[$0 * n + q] }
      let factor = weights[q] / column[q]
      for row in 0..<n {
        weights[row] -= factor * column[row]
        for other in 0..<n { inverse[row * n + other] -= column[row] * column[other] / column[q] }
      }
    }
    return trace
  }
}
