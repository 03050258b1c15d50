import Foundation
import Reports
import Testing

/// Places and ticks of axes.
@Suite struct ScaleTests {
  @Test(
    "Ticks are round, rising and within the scale",
    arguments: [
      [0.0, 1], [1.38, 9.51], [2662, 266_200], [0.0416, 0.0423], [17, 550], [-3, 5], [5, 5],
      [0, 0],
      [1e-9, 1e9], [0.1, 0.9],
    ])
  func ticks(_ values: [Double]) {
    for kind in [Scale.Kind.linear, .logarithmic]
    where kind == .linear || values.allSatisfy({ $0 > 0 }) {
      for count in 3...9 {
        let scale = Scale(kind, spanning: values)
        let ticks = scale.ticks(atMost: count)
        #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0 < $1 })
        #expect(
          !ticks.isEmpty && ticks.count <= 2 * count + 2, "\(values) \(kind) \(count): \(ticks)")
        for tick in ticks { #expect((-1e-6...1 + 1e-6).contains(scale.place(tick) ?? .nan)) }
        // Each text says its own value.
        #expect(Set(TickText.texts(ticks)).count == ticks.count)
      }
    }
  }

  @Test func texts() {
    #expect(TickText.texts([100, 1000, 10_000, 1e6]) == ["100", "1k", "10k", "1M"])
    #expect(TickText.texts([0, 0.5, 1, 1.5]) == ["0", "0.5", "1", "1.5"])
    #expect(TickText.texts([0.0416, 0.0418]) == ["0.0416", "0.0418"])
  }

  @Test func placesKeepTheirOrder() {
    let scale = Scale(.logarithmic, spanning: [1, 100])
    #expect((scale.place(1) ?? 0) < (scale.place(10) ?? 0))
    #expect(abs((scale.place(10) ?? 0) - 0.5) < 1e-9)
    #expect(scale.place(0) == nil && scale.place(-1) == nil && scale.place(.nan) == nil)
    #expect(scale.clampedPlace(1e9) == 1 && scale.clampedPlace(1e-9) == 0)
    #expect(Scale(.linear, spanning: []).place(0.5) != nil)
  }
}
