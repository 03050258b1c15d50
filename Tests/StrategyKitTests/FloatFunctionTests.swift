import Glibc
import Strategies
import Testing

/// Functions of eight values at a time, against the C library's.
struct FloatFunctionTests {
  @Test func exponentialsAndLogarithms() {
    for step in 0..<4000 {
      let x = Float(step - 2000) / 23
      let found = FloatFunctions.exponential(Lanes(repeating: x))[step % 8]
      let wanted = Glibc.exp(Double(min(88, max(-87, x))))
      #expect(abs(Double(found) / wanted - 1) < 3e-7)
      let positive = Float(wanted)
      let logarithm = FloatFunctions.logarithm(Lanes(repeating: positive))[step % 8]
      #expect(abs(Double(logarithm) - Glibc.log(Double(positive))) < 1e-6 * max(1, abs(Double(x))))
    }
    #expect(FloatFunctions.logarithm(Lanes(repeating: 1)) == .zero)
    #expect(FloatFunctions.exponential(.zero) == Lanes(repeating: 1))
  }

  @Test func circlesAndRoots() {
    for step in 0...4000 {
      let turn = Float(step) / 4000
      let (cosine, sine) = FloatFunctions.circle(Lanes(repeating: turn))
      #expect(abs(Double(cosine[3]) - Glibc.cos(2 * .pi * Double(turn))) < 1e-6)
      #expect(abs(Double(sine[5]) - Glibc.sin(2 * .pi * Double(turn))) < 1e-6)
      let x = turn * turn * turn * 1e6
      let root = FloatFunctions.root(Lanes(repeating: x))[step % 8]
      #expect(abs(root - x.squareRoot()) <= 1e-6 * x.squareRoot())
    }
    #expect(
      FloatFunctions.larger(Lanes(0, -1, 2, -3, 4, -5, 6, -7), 1) == Lanes(1, 1, 2, 1, 4, 1, 6, 1))
  }

  @Test func normalValuesAreBoxAndMullers() {
    var random = SplitMix(state: 77)
    let uniform = (0..<160_000).map { _ in Float.random(in: 0..<1, using: &random) }
    let normals = normals(from: uniform)
    #expect(normals.count == 20_000)
    for index in 0..<8 {
      let radius = Glibc.sqrt(-2 * Glibc.log(1 - Double(uniform[index])))
      let angle = 2 * Double.pi * Double(uniform[8 + index])
      #expect(abs(Double(normals[0][index]) - radius * Glibc.cos(angle)) < 1e-5)
      #expect(abs(Double(normals[1][index]) - radius * Glibc.sin(angle)) < 1e-5)
    }
    let values = normals.flatMap { lanes in (0..<8).map { Double(lanes[$0]) } }
    func moment(_ power: Int) -> Double {
      values.reduce(0) { $0 + Glibc.pow($1, Double(power)) } / Double(values.count)
    }
    #expect(abs(moment(1)) < 0.01 && abs(moment(2) - 1) < 0.015 && abs(moment(4) - 3) < 0.15)
    let within = values.count { abs($0) < 1 }
    #expect(abs(Double(within) / Double(values.count) - 0.6827) < 0.005)
  }
}
