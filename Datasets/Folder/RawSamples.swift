import Numerics

/// What the files of a user say, before anything is split or scaled.
struct RawSamples {
  enum Targets {
    /// Places in the names of the classes.
    case labels([Int32])
    case values([Float], width: Int)

    var count: Int {
      switch self {
      case .labels(let labels): labels.count
      case .values(let values, let width): width == 0 ? 0 : values.count / width
      }
    }
  }

  /// Channels, height, width of one input.
  var shape: [Int]
  var inputs: [Float]
  var targets: Targets

  var features: Int { shape.reduce(1, *) }
  var count: Int { features == 0 ? 0 : inputs.count / features }

  func selecting(_ rows: [Int]) -> RawSamples {
    var inputs: [Float] = []
    inputs.reserveCapacity(rows.count * features)
    for row in rows { inputs += self.inputs[row * features..<(row + 1) * features] }
    let targets: Targets =
      switch self.targets {
      case .labels(let labels): .labels(rows.map { labels[$0] })
      case .values(let values, let width):
        .values(rows.flatMap { values[$0 * width..<($0 + 1) * width] }, width: width)
      }
    return RawSamples(shape: shape, inputs: inputs, targets: targets)
  }

  /// - Throws: ``DatasetError`` that names the file where a value is not finite or counts disagree.
  func check(file: String) throws(DatasetError) {
    guard count > 0, targets.count == count else {
      throw .malformed(
        file: file, reason: "\(count) inputs and \(targets.count) targets make no samples")
    }
    if let index = inputs.firstIndex(where: { !$0.isFinite }) {
      throw .malformed(
        file: file,
        reason: "input \(index % features + 1) of sample \(index / features + 1) is "
          + "\(inputs[index]); leave the sample out or fill the value in")
    }
    if case .values(let values, let width) = targets,
      let index = values.firstIndex(where: { !$0.isFinite })
    {
      throw .malformed(
        file: file, reason: "the target of sample \(index / width + 1) is \(values[index])")
    }
  }
}

/// How inputs are brought to a scale: by what the training samples are, for all splits alike.
package enum Scaling: String, Codable, Hashable, Sendable, CaseIterable {
  /// Mean 0 and deviation 1: of each value of a vector, of each channel of an image.
  case standard
  /// From 0 to 1, likewise.
  case unit
  case none

  /// The shift and factor of each group of values.
  func affine(of samples: RawSamples) -> [(shift: Float, factor: Float)] {
    let groups = samples.groups
    return (0..<groups).map { group in
      var (sum, squares, least, most) = (0.0, 0.0, Double.infinity, -Double.infinity)
      samples.forEach(of: group) { value in
        let value = Double(value)
        sum += value
        squares += value * value
        least = min(least, value)
        most = max(most, value)
      }
      let count = Double(max(1, samples.inputs.count / groups))
      let mean = sum / count
      let spread =
        self == .unit ? most - least : max(0, squares / count - mean * mean).squareRoot()
      // What never changes stays as it is, but for its shift.
      return (
        Float(self == .unit ? least : mean), Float(spread > 1e-12 * abs(mean) ? 1 / spread : 1)
      )
    }
  }
}

extension RawSamples {
  /// One for each value of a vector and each channel of an image.
  fileprivate var groups: Int { shape[0] }

  private var plane: Int { shape[1] * shape[2] }

  fileprivate func forEach(of group: Int, _ body: (Float) -> Void) {
    inputs.withUnsafeBufferPointer { inputs in
      for sample in 0..<count {
        let start = sample * features + group * plane
        for index in start..<start + plane { body(inputs[index]) }
      }
    }
  }

  func scaled(by affine: [(shift: Float, factor: Float)]) -> RawSamples {
    var scaled = self
    let plane = plane
    scaled.inputs.withUnsafeMutableBufferPointer { values in
      for sample in 0..<count {
        for (group, scale) in affine.enumerated() {
          let start = sample * features + group * plane
          for index in start..<start + plane {
            values[index] = (values[index] - scale.shift) * scale.factor
          }
        }
      }
    }
    return scaled
  }
}
