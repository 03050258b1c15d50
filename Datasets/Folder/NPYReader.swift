import Foundation

/// Arrays of NumPy: `x_train.npy`, `y_train.npy`, `x_test.npy` and `y_test.npy`, or `x.npy` and `y.npy`, of which the
/// test samples are drawn. Inputs are vectors [n, f], images [n, height, width] or [n, channels, height, width]; targets are
/// [n] or [n, values].
struct NPYReader: FolderReader {
  func files(
    among names: [String], of folder: URL
  ) throws(DatasetError) -> [(name: String, purpose: DataFolder.Purpose)]? {
    let files = names.filter { $0.lowercased().hasSuffix(".npy") }.sorted()
    guard !files.isEmpty else { return nil }
    func named(_ name: String) -> String? { files.first { $0.lowercased() == name } }
    if let x = named("x_train.npy"), let y = named("y_train.npy") {
      guard let testX = named("x_test.npy"), let testY = named("y_test.npy") else {
        return [(x, .training), (y, .training)]
      }
      return [(x, .training), (y, .training), (testX, .test), (testY, .test)]
    }
    guard let x = named("x.npy"), let y = named("y.npy") else {
      throw .unreadable(
        file: folder.path,
        reason:
          "\(files.joined(separator: ", ")) are not x_train.npy and y_train.npy, with x_test.npy and "
          + "y_test.npy where there are, or x.npy and y.npy")
    }
    return [(x, .training), (y, .training)]
  }

  func targets(
    of folder: DataFolder, wanted: DataFolder.Wanted
  ) throws(DatasetError) -> (target: String?, classes: [String]?) {
    var most: Float = 0
    var areClasses = true
    for (index, file) in folder.files.enumerated() where index % 2 == 1 {
      let array = try array(file, folder)
      areClasses =
        areClasses && array.isWhole && array.shape.count == 1 && array.values.allSatisfy { $0 >= 0 }
      most = max(most, array.values.max() ?? 0)
    }
    let isClassification = wanted.isClassification ?? areClasses
    guard isClassification else { return (nil, nil) }
    guard areClasses, most < 1000 else {
      throw .malformed(
        file: folder.files.count > 1 ? folder.files[1].name : folder.path,
        reason: "classes are whole numbers from 0 to 999, one a sample")
    }
    return (nil, (0...Int(most)).map { "\($0)" })
  }

  func samples(
    of folder: DataFolder
  ) throws(DatasetError) -> (training: RawSamples, test: RawSamples?) {
    try folder.parts { purpose throws(DatasetError) in try samples(of: folder, purpose) }
  }

  private func samples(
    of folder: DataFolder, _ purpose: DataFolder.Purpose
  ) throws(DatasetError) -> RawSamples? {
    guard let files = folder.pair(purpose) else { return nil }
    let inputs = try array(files.inputs, folder)
    let targets = try array(files.targets, folder)
    guard let count = inputs.shape.first, count > 0, !inputs.shape.contains(0),
      let shape = Self.shape(of: Array(inputs.shape.dropFirst()))
    else {
      throw .malformed(
        file: files.inputs.name,
        reason: "inputs of the shape \(inputs.shape) are neither vectors [n, values] nor images "
          + "[n, height, width] or [n, channels, height, width]")
    }
    guard targets.shape.count <= 2, targets.shape.first == count else {
      throw .malformed(
        file: files.targets.name,
        reason: "targets of the shape \(targets.shape) do not fit \(count) inputs")
    }
    let samples = RawSamples(
      shape: shape, inputs: inputs.values,
      targets: folder.classes == nil
        ? .values(targets.values, width: targets.shape.count == 2 ? targets.shape[1] : 1)
        : .labels(targets.values.map { Int32($0) }))
    try samples.check(file: files.inputs.name)
    return samples
  }

  private static func shape(of rest: [Int]) -> [Int]? {
    switch rest.count {
    case 1: [rest[0], 1, 1]
    case 2: [1, rest[0], rest[1]]
    case 3: rest
    default: nil
    }
  }

  private func array(_ file: DataFolder.File, _ folder: DataFolder) throws(DatasetError) -> NPY {
    try NPY(try folder.bytes(of: file), file: file.name)
  }
}
