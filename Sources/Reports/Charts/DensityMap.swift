import Comparison

/// How dense each layer was after each round, as a table of colours with its numbers in it: a figure that is its
/// own text.
struct DensityMap {
  let title: String
  let densities: LayerDensities

  var html: HTML {
    guard !densities.layers.isEmpty, !densities.weights.isEmpty else { return .nothing }
    let head = HTML.element(
      .tr, [],
      [.element(.th, [.init(.scope, "col")], .text("layer"))]
        + densities.weights.map { weights in
          .element(
            .th, [.init(.scope, "col"), .init(.class, "number")], .text(NumberText.short(weights)))
        })
    let rows = densities.layers.map { layer in
      HTML.element(
        .tr, [],
        [
          .element(
            .th, [.init(.scope, "row")],
            .text(
              printable(layer.name)
                + (layer.isNew ? " (new)" : "")))
        ] + layer.shares.map(cell))
    }
    return .element(
      .div,
      [
        .init(.class, "scroll"), .init(.role, "region"), .init(.tabindex, 0),
        .init(.label, title),
      ],
      .element(
        .table, [.init(.class, "density")],
        .element(.caption, [], .text(title)), .element(.thead, [], head),
        .element(.tbody, [], rows)))
  }

  private func cell(_ share: Double?) -> HTML {
    guard let share else { return .element(.td, [.init(.class, "h-none")], .text("–")) }
    return .element(
      .td, [.init(.class, "number h\(Self.step(share))")], .text(Self.text(share)))
  }

  /// Shares fall by factors, and so do the steps: 0 for none, 10 for a whole layer.
  private static func step(_ share: Double) -> Int {
    guard share > 0 else { return 0 }
    // A thousandth and less is the lightest that is something.
    let scale = Scale(.logarithmic, spanning: [0.001, 1])
    return max(1, min(10, Int((10 * scale.clampedPlace(share)).rounded(.up))))
  }

  private static func text(_ share: Double) -> String {
    let percent = 100 * share
    return NumberText.fixed(percent, decimals: percent >= 9.95 ? 0 : percent >= 0.995 ? 1 : 2)
  }
}
