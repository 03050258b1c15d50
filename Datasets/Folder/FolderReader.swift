import Foundation

/// Reads one form of files.
protocol FolderReader {
  /// The files of this form among the names of a folder; nil where it is not of this form.
  ///
  /// - Throws: ``DatasetError`` where it is, and something is missing.
  func files(
    among names: [String], of folder: URL
  ) throws(DatasetError) -> [(name: String, purpose: DataFolder.Purpose)]?

  /// The samples of a folder, by what they are for.
  func samples(of folder: DataFolder) throws(DatasetError) -> (
    training: RawSamples, test: RawSamples?
  )

  /// The names of the classes and the name of the target; nil classes for a regression.
  func targets(
    of folder: DataFolder, wanted: DataFolder.Wanted
  ) throws(DatasetError) -> (target: String?, classes: [String]?)
}

extension DataFolder {
  /// What a user asks of data; nil for what is to be inferred.
  package struct Wanted: Sendable {
    package var target: String?
    /// Whether targets are classes.
    package var isClassification: Bool?
    package var validationShare: Double?
    package var testShare: Double?
    package var scaling: Scaling?

    package init(
      target: String? = nil, isClassification: Bool? = nil, validationShare: Double? = nil,
      testShare: Double? = nil, scaling: Scaling? = nil
    ) {
      self.target = target
      self.isClassification = isClassification
      self.validationShare = validationShare
      self.testShare = testShare
      self.scaling = scaling
    }
  }

  /// The samples that `read` finds for each purpose.
  ///
  /// - Throws: ``DatasetError`` where there is nothing to train on, or what `read` throws.
  func parts(
    _ read: (Purpose) throws(DatasetError) -> RawSamples?
  ) throws(DatasetError) -> (training: RawSamples, test: RawSamples?) {
    guard let training = try read(.training) else {
      throw .malformed(file: path, reason: "there are no training samples")
    }
    return (training, try read(.test))
  }

  /// The file of inputs and that of targets for a purpose, in a form that has one of each.
  func pair(_ purpose: Purpose) -> (inputs: File, targets: File)? {
    let files = files.filter { $0.purpose == purpose }
    return files.count == 2 ? (files[0], files[1]) : nil
  }

  /// The samples of the files for a purpose, one behind the other; nil where there are none.
  func joined(
    _ purpose: Purpose, _ read: (File) throws(DatasetError) -> RawSamples
  ) throws(DatasetError) -> RawSamples? {
    var all: RawSamples?
    for file in files where file.purpose == purpose {
      let samples = try read(file)
      guard let before = all else {
        all = samples
        continue
      }
      all = try before.followed(by: samples, file: file.name)
    }
    return all
  }
}

extension RawSamples {
  func followed(by other: RawSamples, file: String) throws(DatasetError) -> RawSamples {
    guard shape == other.shape else {
      throw .malformed(
        file: file, reason: "its samples are \(other.shape), those of the file before \(shape)")
    }
    var joined = self
    joined.inputs += other.inputs
    switch (targets, other.targets) {
    case (.labels(let first), .labels(let second)): joined.targets = .labels(first + second)
    case (.values(let first, let width), .values(let second, let other)) where width == other:
      joined.targets = .values(first + second, width: width)
    default: throw .malformed(file: file, reason: "its targets are of another kind")
    }
    return joined
  }
}

/// The most bytes that a compressed file may hold.
let mostInflatedBytes = 1 << 31
