package import Foundation
package import Numerics

/// The articles of clothing of Xiao, Rasul and Vollgraf in the form of MNIST: 60,000 training and
/// 10,000 test images of 28×28 in 10 classes. arXiv:1708.07747.
///
/// Nothing here is chosen by what comes out on it: it shows what recipes and strategies do on data
/// that nobody tuned them to.
package enum FashionMNIST {
  /// Where Debian's package `dataset-fashion-mnist` puts the files.
  package static let installed = URL(filePath: "/usr/share/datasets/fashion-mnist")

  /// The labelled images of the data folder's `fashion-mnist` if there is one, else of Debian's
  /// package.
  ///
  /// - Parameters:
  ///   - directory: The data folder, see ``DataDirectory``.
  ///   - installed: Where else to look.
  /// - Returns: 60,000 training samples and 10,000 test samples, in the order of the files.
  /// - Throws: ``DatasetError`` when a file is missing or not the original one.
  package static func load(
    from directory: URL, or installed: URL = installed
  ) throws(DatasetError) -> (training: Samples, test: Samples) {
    let places = [directory.appending(path: "fashion-mnist"), installed]
    guard let place = places.first(where: { FileManager.default.fileExists(atPath: $0.path) })
    else {
      throw .notInstalled(
        data: "Fashion-MNIST", package: "dataset-fashion-mnist", places: places.map(\.path))
    }
    return try files.load(from: place)
  }

  /// Packages compress the files anew: what is known is the contents' digest.
  private static let files = LabelledImageFiles(
    trainingImages: DataFile(
      path: "train-images-idx3-ubyte.gz",
      sha256: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
      isOfContents: true),
    trainingLabels: DataFile(
      path: "train-labels-idx1-ubyte.gz",
      sha256: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
      isOfContents: true),
    testImages: DataFile(
      path: "t10k-images-idx3-ubyte.gz",
      sha256: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
      isOfContents: true),
    testLabels: DataFile(
      path: "t10k-labels-idx1-ubyte.gz",
      sha256: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
      isOfContents: true),
    mean: 0.2860, deviation: 0.3530)
}
