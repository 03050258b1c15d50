import StrategyKit

/// Candidates on their way into a hidden layer.
struct UnitInstallation {
  let hidden: HiddenLayer
  let units: [InstalledUnit]
  /// Whether the first of them takes the place of the silent unit; the others come behind all.
  let takesSilentPlace: Bool
  /// Whether training leaves what leads into them as it is.
  let freezes: Bool

  /// Adds the units to a plan.
  ///
  /// - Returns: how many edits were added.
  func emit(into plan: Plan, fanOutTimes scale: Float) throws -> Int {
    var added = units[...]
    var edits = 0
    if takesSilentPlace, let first = added.popFirst() {
      edits += try wake(first, fanOutTimes: scale, in: plan)
    }
    guard !added.isEmpty else { return edits }
    let (layer, reader) = (hidden.layer, hidden.reader)
    let columns = (0..<reader.outputs).flatMap { output in
      added.map { $0.fanOut[output] * scale }
    }
    try plan.widen(
      layer,
      by: NewUnits(
        fanIn: added.map { Array($0.fanIn.prefix(layer.fanIn)) },
        biases: layer.biasCount > 0 ? added.map { $0.fanIn[layer.fanIn] } : [],
        fanOut: [columns]))
    guard freezes else { return edits + 1 }
    let width = layer.unitCount + added.count
    try plan.freeze(
      (layer.unitCount..<width).flatMap { hidden.fanIn(of: $0, width: width) }, of: layer)
    return edits + 2
  }

  /// Puts a unit into the place of the silent one, whose fan-in and fan-out are frozen.
  ///
  /// - Returns: how many edits were added.
  private func wake(_ unit: InstalledUnit, fanOutTimes scale: Float, in plan: Plan) throws -> Int {
    let fanIn = hidden.fanIn(of: 0, width: 1)
    let fanOut = hidden.fanOut(of: 0, inputs: hidden.reader.inputs)
    try plan.setWeights(fanIn, of: hidden.layer, to: unit.fanIn)
    try plan.setWeights(fanOut, of: hidden.reader, to: unit.fanOut.map { $0 * scale })
    try plan.thaw(fanOut, of: hidden.reader)
    guard !freezes else { return 3 }
    try plan.thaw(fanIn, of: hidden.layer)
    return 4
  }
}
