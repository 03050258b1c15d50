/// Surgery that is not possible. Nothing was changed.
package struct SurgeryError: Error, Equatable, CustomStringConvertible {
  package enum Kind: Hashable, Sendable {
    /// The edit does not fit the network, or is not allowed.
    case invalid
    /// A layer would be left without a unit, or the network without a layer.
    case collapsed
  }

  package let kind: Kind
  /// The name of the layer or block the edit does not fit; `id 17` when there is none with that id.
  package let layer: String
  /// What was wanted and what was found, with the index of the offending position, unit or layer.
  package let reason: String
  /// The edit's index in the plan.
  package internal(set) var edit: Int?

  package var description: String {
    let place = "layer '\(layer)': \(reason)"
    return edit.map { "edit \($0), \(place)" } ?? place
  }

  init(_ kind: Kind, layer: String, _ reason: String) {
    self.kind = kind
    self.layer = layer
    self.reason = reason
  }
}
