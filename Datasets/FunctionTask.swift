import Foundation
package import Numerics

/// A regression task whose targets are known functions of uniform inputs plus Gaussian noise.
package struct FunctionTask: Sendable {
  package let name: String
  /// The interval each input is drawn from, in the function's own units.
  package let intervals: [Range<Double>]
  /// Indices of the inputs that no function reads.
  package let irrelevantInputs: [Int]
  /// Standard deviation of the noise on each target, in the function's own units.
  package var noise: Double
  /// One a target: its value without noise at one row of inputs, both in the function's own units.
  package let functions: [@Sendable ([Double]) -> Double]

  /// The number of inputs.
  package var inputs: Int { intervals.count }

  package init(
    name: String, intervals: [Range<Double>], irrelevantInputs: [Int] = [], noise: Double,
    functions: [@Sendable ([Double]) -> Double]
  ) {
    self.name = name
    self.intervals = intervals
    self.irrelevantInputs = irrelevantInputs
    self.noise = noise
    self.functions = functions
  }

  /// A task with one target.
  package init(
    name: String, intervals: [Range<Double>], irrelevantInputs: [Int] = [], noise: Double,
    function: @escaping @Sendable ([Double]) -> Double
  ) {
    self.init(
      name: name, intervals: intervals, irrelevantInputs: irrelevantInputs, noise: noise,
      functions: [function])
  }

  /// `count` samples with inputs scaled to [−1, 1] and targets in the function's own units.
  ///
  /// Inputs and noise come from streams of their own, so that the noise never moves an input, and
  /// splits of different names share no sample.
  ///
  /// - Throws: ``DatasetError/invalidRequest(task:reason:)`` when `count` is negative.
  package func samples(
    count: Int, seed: UInt64, split: String
  ) throws(DatasetError) -> Samples {
    guard count >= 0 else {
      throw .invalidRequest(task: name, reason: "cannot draw \(count) samples")
    }
    var inputStream = RandomStream(seed: seed, name: "\(name)/\(split)/inputs")
    var noiseStream = RandomStream(seed: seed, name: "\(name)/\(split)/noise")
    var scaled: [Float] = []
    scaled.reserveCapacity(count * inputs)
    var targets: [Float] = []
    targets.reserveCapacity(count * functions.count)
    var row = [Double](repeating: 0, count: inputs)
    for _ in 0..<count {
      for (index, interval) in intervals.enumerated() {
        let position = inputStream.uniform()
        row[index] = interval.lowerBound + (interval.upperBound - interval.lowerBound) * position
        scaled.append(Float(2 * position - 1))
      }
      for function in functions {
        targets.append(Float(function(row) + noise * noiseStream.normal()))
      }
    }
    do {
      return try Samples(
        shape: [inputs, 1, 1], inputs: scaled, targets: .values(targets, width: functions.count))
    } catch {
      throw .invalidRequest(task: name, reason: error.reason)
    }
  }

  /// The normalised error that the functions themselves have on noisy targets: the variance of the
  /// noise over that of the targets, in the mean over the targets; 0 without noise.
  ///
  /// The variance of a function is that of 50,000 samples, always the same ones, and so known to
  /// about half a per cent.
  package var noiseFloor: Double {
    functions.reduce(0) { $0 + noiseFloor(of: $1) } / Double(functions.count)
  }

  private func noiseFloor(of function: ([Double]) -> Double) -> Double {
    guard noise > 0 else { return 0 }
    var stream = RandomStream(seed: 0, name: "\(name)/variance")
    var (sum, squares) = (0.0, 0.0)
    let count = 50_000
    for _ in 0..<count {
      let value = function(
        intervals.map { $0.lowerBound + ($0.upperBound - $0.lowerBound) * stream.uniform() })
      sum += value
      squares += value * value
    }
    let mean = sum / Double(count)
    let variance = squares / Double(count) - mean * mean
    return noise * noise / (variance + noise * noise)
  }

  /// Three independent splits with each target standardised by its mean and standard deviation among
  /// the training samples, so that a mean squared error is a normalised one: predicting the mean
  /// scores 1.
  ///
  /// All three carry noise, validation and test too: the error is that on fresh data, and no model
  /// is expected below ``Splits/noiseFloor``.
  ///
  /// - Throws: ``DatasetError/invalidRequest(task:reason:)`` when there are fewer than two training
  ///   samples or a count is negative.
  package func splits(
    seed: UInt64, training: Int, validation: Int, test: Int
  ) throws(DatasetError) -> Splits {
    guard training >= 2 else {
      throw .invalidRequest(
        task: name, reason: "\(training) training samples have no spread; ask for 2 or more")
    }
    let raw = try samples(count: training, seed: seed, split: "training")
    let scale = Standardisation(raw)
    return Splits(
      training: try scale.applied(to: raw, of: name),
      validation: try scale.applied(
        to: samples(count: validation, seed: seed, split: "validation"), of: name),
      test: try scale.applied(to: samples(count: test, seed: seed, split: "test"), of: name),
      noiseFloor: scale.share(of: noise))
  }
}

/// The shifts and scales that give each target the mean 0 and the standard deviation 1.
private struct Standardisation {
  /// One a target.
  private var scales: [Scale] = []

  private struct Scale {
    var mean = 0.0
    var deviation = 1.0

    init(_ values: [Double]) {
      guard !values.isEmpty else { return }
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
      self.mean = mean
      // Constant targets have no scale to take out.
      if variance > 0 { deviation = variance.squareRoot() }
    }
  }

  init(_ samples: Samples) {
    guard case .values(let values, let width) = samples.targets else { return }
    scales = (0..<width).map { target in
      Scale(stride(from: target, to: values.count, by: width).map { Double(values[$0]) })
    }
  }

  /// The variance of the noise over that of a target, in the mean over the targets.
  func share(of noise: Double) -> Double {
    let shares = scales.map { (noise / $0.deviation) * (noise / $0.deviation) }
    return shares.reduce(0, +) / Double(max(1, shares.count))
  }

  func applied(to samples: Samples, of task: String) throws(DatasetError) -> Samples {
    guard case .values(let values, let width) = samples.targets else { return samples }
    let targets = values.enumerated().map { index, value in
      let scale = scales[index % width]
      return Float((Double(value) - scale.mean) / scale.deviation)
    }
    do {
      return try Samples(
        shape: samples.shape, inputs: samples.inputs, targets: .values(targets, width: width))
    } catch {
      throw .invalidRequest(task: task, reason: error.reason)
    }
  }
}
