package import Comparison
import Foundation
package import Networks

/// What a network that was trained elsewhere is worth as it came, in a line.
package func givenText(
  _ given: GivenNetwork, counts: Counts, evaluation: Evaluation, samples: Int, metric: Metric
) -> String {
  let error =
    switch metric {
    case .errorPercent, .thresholdErrorPercent:
      "\(NumberText.count(evaluation.wrong.count)) of \(NumberText.count(samples)) test samples wrong"
    case .normalisedSquaredError:
      "test error \(NumberText.significant(evaluation.score.error))"
    }
  let name = printable(URL(filePath: given.path).lastPathComponent)
  return "\(name) (SHA-256 \(given.sha256)): \(NumberText.count(counts.weights)) weights, "
    + "\(NumberText.count(counts.parameters)) parameters, \(error)"
}
