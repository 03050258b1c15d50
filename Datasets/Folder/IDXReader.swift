import Foundation

/// Images and labels in the IDX format, compressed or not, by the names that MNIST's files have:
/// `train-images-idx3-ubyte.gz` and so on.
struct IDXReader: FolderReader {
  func files(
    among names: [String], of folder: URL
  ) throws(DatasetError) -> [(name: String, purpose: DataFolder.Purpose)]? {
    let files = names.filter { $0.contains("-idx") || $0.contains(".idx") }.sorted()
    guard !files.isEmpty else { return nil }
    var found: [(name: String, purpose: DataFolder.Purpose)] = []
    for (purpose, starts) in [
      (DataFolder.Purpose.training, ["train"]), (.test, ["t10k", "test"]),
    ] {
      for part in ["images", "labels"] {
        let file = files.first { name in
          starts.contains { name.hasPrefix($0) } && name.contains(part)
        }
        guard let file else {
          if purpose == .test,
            !files.contains(where: { $0.hasPrefix("t10k") || $0.hasPrefix("test") })
          {
            continue
          }
          throw .unreadable(
            file: folder.path,
            reason:
              "there is no file of \(starts[0])-\(part) among \(files.joined(separator: ", "))")
        }
        found.append((file, purpose))
      }
    }
    return found
  }

  func targets(
    of folder: DataFolder, wanted: DataFolder.Wanted
  ) throws(DatasetError) -> (target: String?, classes: [String]?) {
    var most = 0
    for file in folder.files where isLabels(file) {
      most = max(most, Int(try idx(file, folder, rank: 1).elements.max() ?? 0))
    }
    return (nil, (0...most).map { "\($0)" })
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
    let images = try idx(files.inputs, folder, rank: 3)
    let labels = try idx(files.targets, folder, rank: 1)
    let samples = RawSamples(
      shape: [1, images.dimensions[1], images.dimensions[2]],
      inputs: images.elements.map { Float($0) / 255 },
      targets: .labels(labels.elements.map { Int32($0) }))
    try samples.check(file: files.targets.name)
    return samples
  }

  private func isLabels(_ file: DataFolder.File) -> Bool { file.name.contains("labels") }

  private func idx(
    _ file: DataFolder.File, _ folder: DataFolder, rank: Int
  ) throws(DatasetError) -> IDX {
    let data = try folder.bytes(of: file)
    let bytes =
      file.name.hasSuffix(".gz")
      ? try Gzip.inflate(
        data, limit: min(mostInflatedBytes, 1100 * data.count + 64), file: file.name)
      : [UInt8](data)
    return try IDX(bytes, rank: rank, file: file.name)
  }
}
