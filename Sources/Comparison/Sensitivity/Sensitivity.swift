package import Networks
package import PluginHost

/// What it costs to prune each layer of trained networks alone, before any training that could make up for
/// it; or what it changes to grow each.
///
/// Everything is computed here; a report only renders. A layer's rises need not add up to what all layers
/// cost at once: ``Together`` holds the two against each other.
package struct Sensitivity: Sendable, Codable, Hashable {
  package var benchmark: String
  package var benchmarkSummary: String
  package var metric: Metric
  /// The strategy with its parameters.
  package var strategy: String
  /// Prune or grow.
  package var course: StrategyEntry.Course
  package var quick: Bool
  /// The variant of the numeric kernels.
  package var kernels: String
  package var seeds: [Int]
  /// Which shares of a layer's live prunable weights are left, or asked for; from 1 away.
  package var densities: [Double]
  /// By which factor a predicted rise may differ from the measured one, see ``Rise/holds(within:of:)``.
  package var tolerance: Double
  package var dense: Dense
  /// From the input on.
  package var layers: [Layer]
  /// One for each density.
  package var together: [Together]

  /// The trained networks, as they were.
  package struct Dense: Sendable, Codable, Hashable {
    package var weights: Int
    /// Mean over the training samples that strategies read.
    package var loss: Board.Estimate
    package var test: Board.Estimate
  }

  /// One layer, pruned alone to each density.
  package struct Layer: Sendable, Codable, Hashable {
    package var name: String
    /// Live prunable ones.
    package var weights: Int
    package var points: [Point]
    /// The last density, from 1 away, up to which the prediction holds at each one of the grid; nil where it
    /// does not at the first, or nothing is predicted.
    package var predictionHoldsTo: Double?
  }

  /// A layer at a density.
  package struct Point: Sendable, Codable, Hashable {
    package var density: Double
    /// Nil unless the strategy reached it in every seed.
    package var result: Result?
    /// Why there is no result.
    package var reason: String?
  }

  package struct Result: Sendable, Codable, Hashable {
    /// Live prunable weights left in the layer, the mean over seeds: units go whole.
    package var weights: Double
    /// On the training samples that strategies read.
    package var loss: Board.Estimate
    package var rise: Rise
    package var test: Board.Estimate
  }

  /// The rise of the loss by pruning.
  package struct Rise: Sendable, Codable, Hashable {
    package var measured: Board.Estimate
    /// Nil where the strategy says nothing of it in some seed.
    package var predicted: Board.Estimate?

    package init(measured: Board.Estimate, predicted: Board.Estimate?) {
      self.measured = measured
      self.predicted = predicted
    }

    /// The predicted rise over the measured one, of their means. Nil without a prediction, and where both
    /// are ``Sensitivity/negligible``: the quotient of two numbers next to nothing says nothing.
    ///
    /// - Parameter loss: Before pruning.
    package func predictedOverMeasured(of loss: Double) -> Double? {
      guard let predicted, !Sensitivity.areNegligible(predicted.mean, measured.mean, of: loss)
      else { return nil }
      return Sensitivity.quotient(predicted.mean, measured.mean)
    }

    /// Whether the prediction holds: both means are rises or both falls, at most the factor `tolerance` apart,
    /// or both are ``Sensitivity/negligible``. Nil without one.
    ///
    /// - Parameters:
    ///   - tolerance: The factor, at least 1.
    ///   - loss: Before pruning.
    package func holds(within tolerance: Double, of loss: Double) -> Bool? {
      predicted.map {
        Sensitivity.holds(
          predicted: $0.mean, measured: measured.mean, within: tolerance, of: loss)
      }
    }
  }

  static func areNegligible(_ one: Double, _ other: Double, of loss: Double) -> Bool {
    max(abs(one), abs(other)) <= negligible * loss
  }

  /// See ``Rise/holds(within:of:)``.
  static func holds(
    predicted: Double, measured: Double, within tolerance: Double, of loss: Double
  ) -> Bool {
    guard !areNegligible(predicted, measured, of: loss) else { return true }
    guard (measured < 0) == (predicted < 0) else { return false }
    return abs(measured) <= tolerance * abs(predicted)
      && abs(predicted) <= tolerance * abs(measured)
  }

  /// Nil where no number says it.
  fileprivate static func quotient(_ one: Double, _ other: Double) -> Double? {
    let quotient = one / other
    return quotient.isFinite ? quotient : nil
  }

  /// The share of the loss before pruning that a rise or a fall has to be above to be held against
  /// another: networks are not trained to the very bottom, so that a first weight may well lower the loss.
  package static let negligible = 0.01

  /// All layers at once at the same density, each changed as it was alone; those that reach no density of the
  /// grid stay as they are.
  package struct Together: Sendable, Codable, Hashable {
    package var density: Double
    /// Nil where some layer has no result at this density, or they cannot be put together.
    package var result: Result?
    package var reason: String?
    /// The sum over layers of their rises alone; nil where some layer has none.
    package var sumOfLayers: Rise?

    /// The measured rise over the sum of the layers', of their means: near 1 where layers do not feel each
    /// other's losses. Nil without one of the two.
    package var riseOverSum: Double? {
      guard let result, let sumOfLayers else { return nil }
      return Sensitivity.quotient(result.rise.measured.mean, sumOfLayers.measured.mean)
    }
  }

  /// Whether anything is predicted.
  package var predicts: Bool {
    layers.contains { $0.points.contains { $0.result?.rise.predicted != nil } }
  }
}
