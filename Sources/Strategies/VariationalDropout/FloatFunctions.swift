/// Eight values at a time: loops over all weights of a network cost a fraction then, and the results are
/// the same on every machine.
package typealias Lanes = SIMD8<Float>

/// Functions of single precision in arithmetic alone, to a few units in the last place.
///
/// Choices are made with bits: the standard library's minimum, root and replacement of lanes take one lane
/// after the other.
package enum FloatFunctions {
  /// Behind this addition nothing of a number is left but its nearest whole one, which is in the lowest bits.
  private static let shift: Float = 12_582_912
  private static let shiftBits: UInt32 = 0x4b40_0000

  /// e^x for x from −87 to 88, and what it is there beyond.
  @inline(__always)
  package static func exponential(_ x: Lanes) -> Lanes {
    let bounded = -larger(-larger(x, -87), -88)
    let shifted = bounded * 1.442_695_04 + shift
    let power = shifted - shift
    // ln 2 in two parts, so that the rest is exact.
    let rest = (bounded - power * 0.693_359_375) + power * 2.121_944_40e-4
    var series = Lanes(repeating: 1.987_569_15e-4)
    series = series * rest + 1.398_199_95e-3
    series = series * rest + 8.333_451_91e-3
    series = series * rest + 4.166_579_59e-2
    series = series * rest + 1.666_666_55e-1
    series = series * rest + 5.000_000_12e-1
    let value = series * rest * rest + rest + 1
    let exponent = (bits(shifted) &- shiftBits &+ 127) &<< 23
    return value * numbers(exponent)
  }

  /// The natural logarithm of positive, normal numbers.
  @inline(__always)
  package static func logarithm(_ x: Lanes) -> Lanes {
    // x = 2^power · mantissa with a mantissa from √½ to √2; 128 keeps the power above 0.
    let offset = bits(x) &- 0x3f35_04f3 &+ (128 << 23)
    let power = numbers((offset &>> 23) &+ shiftBits) - (shift + 128)
    let rest = numbers((offset & 0x007f_ffff) &+ 0x3f35_04f3) - 1
    var series = Lanes(repeating: 7.037_683_63e-2)
    series = series * rest - 1.151_461_03e-1
    series = series * rest + 1.167_699_87e-1
    series = series * rest - 1.242_014_08e-1
    series = series * rest + 1.424_932_28e-1
    series = series * rest - 1.666_805_77e-1
    series = series * rest + 2.000_071_48e-1
    series = series * rest - 2.499_999_40e-1
    series = series * rest + 3.333_333_12e-1
    let square = rest * rest
    let tail = series * rest * square - power * 2.121_944_40e-4 - square * 0.5
    return rest + tail + power * 0.693_359_375
  }

  /// The cosines and the sines of shares of the full turn, from 0 to 1.
  @inline(__always)
  package static func circle(_ turn: Lanes) -> (cosine: Lanes, sine: Lanes) {
    let shifted = turn * 4 + shift
    let angle = (turn - (shifted - shift) * 0.25) * 6.283_185_31
    let square = angle * angle
    var sine = square * -1.951_529_59e-4 + 8.332_160_87e-3
    sine = (sine * square - 1.666_665_46e-1) * square * angle + angle
    var cosine = square * 2.443_315_71e-5 - 1.388_731_63e-3
    cosine = (cosine * square + 4.166_664_57e-2) * square * square - square * 0.5 + 1
    let quadrant = bits(shifted) & 3
    let isOdd = 0 &- (quadrant & 1)
    let across = chosen(isOdd, bits(sine), bits(cosine)) ^ (((quadrant &+ 1) & 2) &<< 30)
    let up = chosen(isOdd, bits(cosine), bits(sine)) ^ ((quadrant & 2) &<< 30)
    return (numbers(across), numbers(up))
  }

  /// The square roots of numbers that are not negative.
  @inline(__always)
  package static func root(_ x: Lanes) -> Lanes {
    // 1 / √x by Newton's method, from a number whose exponent is half of the other's.
    var inverse = numbers(0x5f37_59df &- (bits(x) &>> 1))
    for _ in 0..<3 { inverse *= 1.5 - x * 0.5 * inverse * inverse }
    return x * inverse
  }

  /// The larger of each lane and a bound.
  @inline(__always)
  package static func larger(_ x: Lanes, _ bound: Float) -> Lanes {
    let isBelow = 0 &- (bits(x - bound) &>> 31)
    return numbers(chosen(isBelow, SIMD8(repeating: bound.bitPattern), bits(x)))
  }

  @inline(__always)
  private static func chosen(
    _ mask: SIMD8<UInt32>, _ first: SIMD8<UInt32>, _ second: SIMD8<UInt32>
  ) -> SIMD8<UInt32> {
    (first & mask) | (second & ~mask)
  }

  @inline(__always)
  private static func bits(_ x: Lanes) -> SIMD8<UInt32> {
    unsafeBitCast(x, to: SIMD8<UInt32>.self)
  }

  @inline(__always)
  private static func numbers(_ bits: SIMD8<UInt32>) -> Lanes {
    unsafeBitCast(bits, to: Lanes.self)
  }
}

/// Standard normal values, two from each two uniform ones (Box & Muller 1958).
///
/// - Parameter uniform: from 0 up to but not including 1, sixteen for each two lanes.
package func normals(from uniform: [Float]) -> [Lanes] {
  let pairs = uniform.count / 16
  var normals = [Lanes](repeating: .zero, count: 2 * pairs)
  uniform.withUnsafeBytes { uniform in
    for pair in 0..<pairs {
      let size = MemoryLayout<Lanes>.size
      let (first, second) = (
        uniform.loadUnaligned(fromByteOffset: 2 * pair * size, as: Lanes.self),
        uniform.loadUnaligned(fromByteOffset: (2 * pair + 1) * size, as: Lanes.self)
      )
      let radius = FloatFunctions.root(FloatFunctions.logarithm(1 - first) * -2)
      let (cosine, sine) = FloatFunctions.circle(second)
      normals[2 * pair] = radius * cosine
      normals[2 * pair + 1] = radius * sine
    }
  }
  return normals
}
