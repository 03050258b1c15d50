import StrategyKit

/// Trains the seed network and never grows it: what every grower has to beat.
///
/// It is shown as many samples as they are. It has no paper.
struct Ungrown: Strategy {
  static let info = StrategyInfo(
    id: "ungrown", name: "Ungrown", summary: "Trains the seed network that growers start from.",
    citation: "control, no publication", course: .grow)

  init(options: Options) {}
}
