import Comparison
import Networks

extension Metric {
  /// What the numbers of a column of errors are, in a sentence's part.
  var explanation: String {
    switch self {
    case .errorPercent: "per cent of test samples put into the wrong class; lower is better"
    case .thresholdErrorPercent:
      "per cent of test samples with an output on the wrong side of one half; lower is better"
    case .normalisedSquaredError:
      "mean squared error on the test set over the variance of its targets; lower is better, 1 is "
        + "no better than their mean"
    }
  }

  var heading: String {
    switch self {
    case .errorPercent, .thresholdErrorPercent: "test error %"
    case .normalisedSquaredError: "test error"
    }
  }
}

/// What the column `effective` counts.
let effectiveRule = "effective are those weights on a live path from an input to an output"

/// What the columns `compact` and `FLOPs` count.
let compactRule =
  "compact is a dense network of the shapes left once units without effect are removed, zeros "
  + "counted; FLOPs take a multiply-add as 2, remaining weights only"

/// What the column `bits` counts.
let bitsRule =
  "bits are those of all live parameters: 1 for a weight of a binary layer; 1 for each weight and 32 "
  + "for the magnitude where those of a unit or of a layer have one, if that is less; and else 32"

extension Board {
  /// Nil where nothing was counted.
  var trainingRule: String? {
    guard tables.flatMap(\.rows).contains(where: { $0.result?.trainingCost != nil }) else {
      return nil
    }
    return "operations of all training and of measuring what strategies read, from the untrained "
      + "network on, over those of training the dense network; all courses are shown as many samples "
      + "before a row, the dense network's included; pruners share its training"
  }

  /// Nil where nothing was measured.
  var averageRule: String? {
    guard tables.flatMap(\.rows).contains(where: { $0.result?.averageError != nil }) else {
      return nil
    }
    return
      "the error on \(validatesOnTraining ? "training" : "validation") samples, averaged over all "
      + "samples shown from the untrained network on: what a run is worth that may be stopped any time"
  }

  var countingRule: String {
    (prunesBiases
      ? "weights and biases count, as in the papers on small networks"
      : "weights count, without biases and batch normalisation")
      + "; \(effectiveRule); \(compactRule)"
      + (tables.flatMap(\.rows).contains { $0.result?.savesBits ?? false } ? "; \(bitsRule)" : "")
  }
}
