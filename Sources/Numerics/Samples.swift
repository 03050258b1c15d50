/// Samples with their targets, sample-major: what a data set gives and a network is trained on.
package struct Samples: Sendable, Equatable {
  /// What a network is to produce for each sample.
  package enum Targets: Sendable, Equatable {
    /// A class in 0 ..< `classes` for each sample.
    case labels([Int32], classes: Int)
    /// `width` values for each sample, sample-major.
    case values([Float], width: Int)
  }

  /// Channels, height, width of one input; height and width are 1 for plain vectors.
  package let shape: [Int]
  /// `count` rows of `features` values.
  package let inputs: [Float]
  package let targets: Targets
  package let count: Int

  /// The values in one input.
  package var features: Int { shape.reduce(1, *) }

  /// The width of the network's output: classes or target values.
  package var outputs: Int {
    switch targets {
    case .labels(_, let classes): classes
    case .values(_, let width): width
    }
  }

  /// - Throws: ``SamplesError`` when the counts disagree or a label is out of range.
  package init(shape: [Int], inputs: [Float], targets: Targets) throws(SamplesError) {
    let features = shape.reduce(1, *)
    guard shape.count == 3, features > 0, inputs.count.isMultiple(of: features) else {
      throw SamplesError(reason: "\(inputs.count) input values do not make rows of \(shape)")
    }
    let count = inputs.count / features
    switch targets {
    case .labels(let labels, let classes):
      guard labels.count == count else {
        throw SamplesError(reason: "\(count) inputs but \(labels.count) labels")
      }
      if let wrong = labels.first(where: { $0 < 0 || $0 >= classes }) {
        throw SamplesError(reason: "label \(wrong) is not in 0..<\(classes)")
      }
    case .values(let values, let width):
      guard width > 0, values.count == count * width else {
        throw SamplesError(
          reason: "\(count) inputs of \(width) targets but \(values.count) target values")
      }
    }
    self.shape = shape
    self.inputs = inputs
    self.targets = targets
    self.count = count
  }

  /// The samples at `rows`, in that order.
  ///
  /// - Precondition: each row is in 0 ..< `count`.
  package func selecting(_ rows: some Sequence<Int>) -> Samples {
    let rows = Array(rows)
    var inputs: [Float] = []
    inputs.reserveCapacity(rows.count * features)
    for row in rows {
      inputs.append(contentsOf: self.inputs[row * features..<(row + 1) * features])
    }
    let targets: Targets =
      switch self.targets {
      case .labels(let labels, let classes):
        .labels(rows.map { labels[$0] }, classes: classes)
      case .values(let values, let width):
        .values(rows.flatMap { values[$0 * width..<($0 + 1) * width] }, width: width)
      }
    return Samples(unchecked: shape, inputs: inputs, targets: targets, count: rows.count)
  }

  private init(unchecked shape: [Int], inputs: [Float], targets: Targets, count: Int) {
    self.shape = shape
    self.inputs = inputs
    self.targets = targets
    self.count = count
  }
}

/// Samples whose parts disagree.
package struct SamplesError: Error, CustomStringConvertible {
  package let reason: String
  package var description: String { reason }
}
