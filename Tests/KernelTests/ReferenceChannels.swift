import Testing

/// A tensor [blocks][channels][plane][lanes] of which `valid` samples are real.
struct ChannelCase: CustomTestStringConvertible, Sendable {
  var blocks: Int
  var channels: Int
  var plane: Int
  var lanes: Int
  var valid: Int

  var count: Int { blocks * channels * plane * lanes }
  var testDescription: String { "\(blocks)×\(channels)×\(plane)×\(lanes), \(valid) valid" }

  func channel(of index: Int) -> Int { index / (plane * lanes) % channels }
  func sample(of index: Int) -> Int {
    index / (channels * plane * lanes) * lanes + index % lanes
  }
  func isValid(_ index: Int) -> Bool { sample(of: index) < valid }

  /// Sums `term` of each element of a channel.
  func sums(_ elements: (Int) -> Bool = { _ in true }, _ term: (Int) -> Double) -> [Sum] {
    var sums = [Sum](repeating: Sum(), count: channels)
    for i in 0..<count where elements(i) { sums[channel(of: i)].add(term(i)) }
    return sums
  }

  /// Sums over samples of the squared sum over the plane.
  func squaredSums(_ x: [Float]) -> [Sum] {
    var samples = [[Double]](
      repeating: [Double](repeating: 0, count: blocks * lanes), count: channels)
    for i in 0..<count { samples[channel(of: i)][sample(of: i)] += Double(x[i]) }
    var magnitudes = [[Double]](
      repeating: [Double](repeating: 0, count: blocks * lanes), count: channels)
    for i in 0..<count { magnitudes[channel(of: i)][sample(of: i)] += abs(Double(x[i])) }
    return zip(samples, magnitudes).map { values, magnitudes in
      Sum(
        value: values.reduce(0) { $0 + $1 * $1 },
        magnitude: magnitudes.reduce(0) { $0 + $1 * $1 })
    }
  }
}

/// Batch normalisation in double precision, from the formulas.
struct ReferenceBatchNorm {
  var mean: [Double]
  var variance: [Double]
  var inverse: [Double]

  init(_ shape: ChannelCase, _ x: [Float], epsilon: Double) {
    let count = Double(shape.valid * shape.plane)
    let mean = shape.sums(shape.isValid) { Double(x[$0]) }.map { $0.value / count }
    let squares = shape.sums(shape.isValid) {
      let deviation = Double(x[$0]) - mean[shape.channel(of: $0)]
      return deviation * deviation
    }
    self.mean = mean
    self.variance = squares.map { $0.value / count }
    self.inverse = variance.map { 1 / ($0 + epsilon).squareRoot() }
  }
}
