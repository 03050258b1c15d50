package import Datasets

/// How papers name the data and the network of a benchmark.
package struct PublishedTask: Codable, Hashable, Sendable {
  package var dataset: String
  /// What their names of the network start with; the shape that was left, or a note, may follow.
  package var architectures: [String]

  package init(dataset: String, architectures: [String]) {
    self.dataset = dataset
    self.architectures = architectures
  }

  package func includes(_ result: PublishedResult) -> Bool {
    result.dataset == dataset && architectures.contains { result.architecture.hasPrefix($0) }
  }
}
