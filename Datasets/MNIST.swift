package import Foundation
package import Numerics

/// The handwritten digits of LeCun, Cortes and Burges: 60,000 training and 10,000 test images of
/// 28×28 in 10 classes.
package enum MNIST {
  /// The labelled images of the data folder's `mnist`.
  ///
  /// Inputs have the shape [1, 28, 28] and are normalised by the mean and standard deviation of the
  /// training pixels, (x / 255 − 0.1307) / 0.3081.
  ///
  /// - Parameter directory: The data folder, see ``DataDirectory``.
  /// - Returns: 60,000 training samples and 10,000 test samples, in the order of the files.
  /// - Throws: ``DatasetError`` when a file is missing or not the original one.
  package static func load(
    from directory: URL
  ) throws(DatasetError) -> (training: Samples, test: Samples) {
    try files.load(from: directory)
  }

  /// Images with their labels, normalised.
  ///
  /// - Parameters:
  ///   - images: Three dimensions: count, height, width.
  ///   - labels: One dimension: count; each label in 0 ..< 10.
  ///   - mean: Of the training pixels, of 0 to 1.
  ///   - deviation: Their standard deviation.
  /// - Returns: As many samples as there are images.
  /// - Throws: ``DatasetError`` when the counts disagree or a label is out of range.
  package static func samples(
    images: IDX, labels: IDX, mean: Float = mean, deviation: Float = deviation
  ) throws(DatasetError) -> Samples {
    guard images.dimensions.count == 3, labels.dimensions.count == 1,
      images.dimensions[0] == labels.dimensions[0]
    else {
      throw .malformed(
        file: labels.file,
        reason: "labels \(labels.dimensions) do not fit the images \(images.dimensions)"
          + " of \(images.file)")
    }
    do {
      return try Samples(
        shape: [1, images.dimensions[1], images.dimensions[2]],
        inputs: normalised(images.elements, mean, deviation),
        targets: .labels(labels.elements.map { Int32($0) }, classes: 10))
    } catch {
      throw .malformed(file: labels.file, reason: error.reason)
    }
  }

  /// Pixels to inputs through a table of the 256 values, without a check per element: 55 million
  /// of them are read at each start.
  private static func normalised(
    _ pixels: ArraySlice<UInt8>, _ mean: Float, _ deviation: Float
  ) -> [Float] {
    let table = (0..<256).map { (Float($0) / 255 - mean) / deviation }
    return pixels.withUnsafeBufferPointer { pixels in
      table.withUnsafeBufferPointer { table in
        [Float](unsafeUninitializedCapacity: pixels.count) { inputs, count in
          for index in 0..<pixels.count {
            inputs.initializeElement(at: index, to: table[Int(pixels[index])])
          }
          count = pixels.count
        }
      }
    }
  }

  package static let mean: Float = 0.1307
  package static let deviation: Float = 0.3081

  private static let files = LabelledImageFiles(
    trainingImages: DataFile(
      path: "mnist/train-images-idx3-ubyte.gz",
      sha256: "0b367032e93c5d0cea0925647cfdb18614af8ee15f83e6f2fc2ad904a6835971"),
    trainingLabels: DataFile(
      path: "mnist/train-labels-idx1-ubyte.gz",
      sha256: "1787548bbe0bff1ec2ecdc0ef292b02df999e2d1a6002d27500982c652b17203"),
    testImages: DataFile(
      path: "mnist/t10k-images-idx3-ubyte.gz",
      sha256: "1a1a05eab793c14bb050b398624a11b0ffd1a2953baed553b1b9bd079e2a20be"),
    testLabels: DataFile(
      path: "mnist/t10k-labels-idx1-ubyte.gz",
      sha256: "b91679a0acfe4ba0e50a2437a903084cba1f5f92592b016a25a7dfd00455798b"),
    mean: mean, deviation: deviation)
}
