import Foundation
import Numerics

/// The four files of a data set in the form of MNIST: 60,000 training and 10,000 test images of
/// 28×28 in 10 classes, compressed by gzip.
struct LabelledImageFiles: Sendable {
  var trainingImages: DataFile
  var trainingLabels: DataFile
  var testImages: DataFile
  var testLabels: DataFile
  /// Mean and standard deviation of the training pixels, of 0 to 1: inputs are normalised by them.
  var mean: Float
  var deviation: Float

  /// - Returns: inputs of the shape [1, 28, 28], in the order of the files.
  /// - Throws: ``DatasetError`` when a file is missing or not the original one.
  func load(from directory: URL) throws(DatasetError) -> (training: Samples, test: Samples) {
    (
      training: try samples(trainingImages, trainingLabels, count: 60_000, from: directory),
      test: try samples(testImages, testLabels, count: 10_000, from: directory)
    )
  }

  private func samples(
    _ images: DataFile, _ labels: DataFile, count: Int, from directory: URL
  ) throws(DatasetError) -> Samples {
    try MNIST.samples(
      images: read(images, count: count, itemShape: [28, 28], from: directory),
      labels: read(labels, count: count, itemShape: [], from: directory), mean: mean,
      deviation: deviation)
  }

  private func read(
    _ data: DataFile, count: Int, itemShape: [Int], from directory: URL
  ) throws(DatasetError) -> IDX {
    let rank = 1 + itemShape.count
    let limit = 4 + 4 * rank + itemShape.reduce(count, *)
    return try IDX(
      data.inflated(from: directory, limit: limit), rank: rank,
      file: directory.appending(path: data.path).path)
  }
}
