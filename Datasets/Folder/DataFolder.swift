import Foundation
import Numerics

/// Data of a user: the files of a folder, and how they become splits.
///
/// It is a value that can be written down. The files are known by their digests, so that the same value is the same
/// data wherever the folder lies.
package struct DataFolder: Codable, Hashable, Sendable {
  /// The form of the files.
  package enum Form: String, Codable, Hashable, Sendable {
    /// Images and labels as MNIST has them.
    case idx
    case csv
    case npy
    /// Batches of a label and 3,072 pixels.
    case cifar
  }

  /// What a file has samples for.
  package enum Purpose: String, Codable, Hashable, Sendable {
    case training, test
  }

  package struct File: Codable, Hashable, Sendable {
    package var name: String
    package var purpose: Purpose
    /// Of the file as it lies there.
    package var sha256: String
  }

  /// The folder, or the only file, absolute.
  package var path: String
  package var form: Form
  /// Training first. Where inputs and targets lie in files of their own, the inputs come first.
  package var files: [File]
  /// The column of the target, of CSV.
  package var target: String?
  /// The names of the classes; nil for a regression.
  package var classes: [String]?
  /// Channels, height and width of an input.
  package var shape: [Int]
  /// The values of a target; classes, where it is a class.
  package var outputs: Int
  /// Training samples, those for validation among them, and test samples.
  package var counts: [Int]
  /// Of the training samples, drawn by the replicate.
  package var validationShare: Double
  /// Of all samples, drawn once and for all replicates; 0 where there are files for it.
  package var testShare: Double
  package var scaling: Scaling

  /// The same data wherever it lies.
  package var withoutPath: DataFolder {
    var other = self
    other.path = ""
    return other
  }
}

extension DataFolder {
  /// The splits of a replicate: inputs scaled by the training samples, targets of a regression brought to mean 0 and
  /// deviation 1 by them.
  ///
  /// - Throws: ``DatasetError`` where a file is gone, another one or wrong, and where a split would have no sample.
  package func splits(seed: UInt64) throws(DatasetError) -> Splits {
    let read = try read()
    var random = RandomStream(seed: seed, name: "validation split")
    let order = random.permutation(read.training.count).map { Int($0) }
    let held = Int((validationShare * Double(order.count)).rounded())
    guard held >= 1, held < order.count else {
      throw .invalidRequest(
        task: path,
        reason:
          "of \(order.count) training samples a share of \(validationShare) leaves none to validate or to train on"
      )
    }
    let training = read.training.selecting(order[held...].sorted())
    let validation = read.training.selecting(order[..<held].sorted())
    let inputs = scaling == .none ? nil : scaling.affine(of: training)
    let targets = training.targetScales
    return Splits(
      training: try made(training, inputs, targets),
      validation: try made(validation, inputs, targets),
      test: try made(read.test, inputs, targets))
  }

  private func made(
    _ raw: RawSamples, _ inputs: [(shift: Float, factor: Float)]?,
    _ targets: [(shift: Float, factor: Float)]
  ) throws(DatasetError) -> Samples {
    let raw = inputs.map { raw.scaled(by: $0) } ?? raw
    do {
      switch raw.targets {
      case .labels(let labels):
        return try Samples(
          shape: raw.shape, inputs: raw.inputs, targets: .labels(labels, classes: outputs))
      case .values(let values, let width):
        let scaled = values.indices.map { index in
          (values[index] - targets[index % width].shift) * targets[index % width].factor
        }
        return try Samples(
          shape: raw.shape, inputs: raw.inputs, targets: .values(scaled, width: width))
      }
    } catch { throw .malformed(file: path, reason: error.reason) }
  }

  /// The files' samples, the test samples drawn from all where no file has them.
  func read() throws(DatasetError) -> (training: RawSamples, test: RawSamples) {
    let parts = try reader().samples(of: self)
    guard let test = parts.test else {
      var random = RandomStream(seed: 0, name: "test split")
      let order = random.permutation(parts.training.count).map { Int($0) }
      let held = Int((testShare * Double(order.count)).rounded())
      guard held >= 1, held < order.count else {
        throw .invalidRequest(
          task: path,
          reason:
            "of \(order.count) samples a share of \(testShare) leaves none to test or to train on")
      }
      return (
        parts.training.selecting(order[held...].sorted()),
        parts.training.selecting(order[..<held].sorted())
      )
    }
    return (parts.training, test)
  }

  func reader() -> any FolderReader {
    switch form {
    case .idx: IDXReader()
    case .csv: CSVReader()
    case .npy: NPYReader()
    case .cifar: CIFARReader()
    }
  }

  /// The bytes of a file, which are those that the value was made of.
  func bytes(of file: File) throws(DatasetError) -> Data {
    let url = url(of: file.name)
    let data = try Self.contents(of: url)
    let found = sha256Hex(of: data)
    guard found == file.sha256 else {
      throw .changed(file: url.path, expected: file.sha256, found: found)
    }
    return data
  }

  private func url(of name: String) -> URL {
    let url = URL(filePath: path)
    return url.lastPathComponent == name && !url.isFolder ? url : url.appending(path: name)
  }

  static func contents(of url: URL) throws(DatasetError) -> Data {
    do {
      return try Data(contentsOf: url)
    } catch {
      throw .unreadable(file: url.path, reason: error.localizedDescription)
    }
  }
}

extension RawSamples {
  /// The shift and factor of each target of a regression.
  fileprivate var targetScales: [(shift: Float, factor: Float)] {
    guard case .values(let values, let width) = targets else { return [] }
    return Scaling.standard.affine(
      of: RawSamples(shape: [width, 1, 1], inputs: values, targets: .labels([])))
  }
}

extension URL {
  var isFolder: Bool {
    (try? resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false
  }
}
