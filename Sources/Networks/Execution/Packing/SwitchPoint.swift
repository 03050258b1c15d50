/// The density of live weights below which a layer's sparse products take less time than its dense
/// ones.
///
/// Tabled, not measured at start-up: the bits of a result must not depend on what else the machine
/// did in the meantime. `workbench bench --filter switch/` measures both sides.
enum SwitchPoint {
  /// A weighted layer of `rows` × `columns` weights, `live` of which are not masked.
  static func runsSparse(_ operation: Operation, live: Int, of weights: Int) -> Bool {
    let density = Double(live) / Double(max(weights, 1))
    switch operation {
    case .dense: return density < 0.3
    case .convolution: return density < 0.35
    default: return false
    }
  }
}
