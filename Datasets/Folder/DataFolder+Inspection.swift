package import Foundation

extension DataFolder {
  /// Reads a folder, or one file of a table, and says what is in it.
  ///
  /// - Parameters:
  ///   - path: Absolute.
  ///   - wanted: What was asked for by name.
  /// - Throws: ``DatasetError`` where nothing is known, is missing or wrong.
  package init(inspecting path: URL, wanted: Wanted = Wanted()) throws(DatasetError) {
    let names: [String]
    if path.isFolder {
      do {
        names = try FileManager.default.contentsOfDirectory(atPath: path.path).sorted()
      } catch {
        throw .unreadable(file: path.path, reason: error.localizedDescription)
      }
    } else {
      guard FileManager.default.fileExists(atPath: path.path) else {
        throw .unreadable(file: path.path, reason: "there is no such file or folder")
      }
      names = [path.lastPathComponent]
    }
    for form in [Form.idx, .cifar, .npy, .csv] {
      var folder = DataFolder(
        path: path.path, form: form, files: [], shape: [], outputs: 0, counts: [],
        validationShare: wanted.validationShare ?? 0.1, testShare: 0,
        scaling: wanted.scaling ?? .standard)
      guard let found = try folder.reader().files(among: names, of: path) else { continue }
      let base = path.isFolder ? path : path.deletingLastPathComponent()
      for file in found {
        folder.files.append(
          File(
            name: file.name, purpose: file.purpose,
            sha256: sha256Hex(of: try Self.contents(of: base.appending(path: file.name)))))
      }
      try folder.fill(wanted)
      self = folder
      return
    }
    throw .unreadable(
      file: path.path,
      reason:
        "there are no files in it that are known: train-images-idx3-ubyte and so on (IDX), a table with "
        + "a header (.csv), x_train.npy and y_train.npy, or data_batch_1.bin and so on (CIFAR-10)")
  }

  private mutating func fill(_ wanted: Wanted) throws(DatasetError) {
    if wanted.target != nil, form != .csv {
      throw .invalidRequest(task: path, reason: "only tables (.csv) have columns to name a target")
    }
    if wanted.isClassification == false, form == .idx || form == .cifar {
      throw .invalidRequest(task: path, reason: "labels of images are classes, and no regression")
    }
    if !files.contains(where: { $0.purpose == .test }) {
      testShare = wanted.testShare ?? 0.2
    } else if wanted.testShare != nil {
      throw .invalidRequest(
        task: path, reason: "there are files of test samples, and no share of the others is taken")
    }
    (target, classes) = try reader().targets(of: self, wanted: wanted)
    let samples = try read()
    shape = samples.training.shape
    guard samples.test.shape == shape else {
      throw .malformed(
        file: path, reason: "test samples are \(samples.test.shape), training samples \(shape)")
    }
    counts = [samples.training.count, samples.test.count]
    switch samples.training.targets {
    case .labels: outputs = max(2, classes?.count ?? 0)
    case .values(_, let width): outputs = width
    }
  }
}
