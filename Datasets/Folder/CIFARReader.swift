import Foundation

/// CIFAR-10's binary files: `data_batch_1.bin` and on, `test_batch.bin`. A sample is a byte for the class and 3 × 32 × 32
/// bytes, channels first.
struct CIFARReader: FolderReader {
  private static let pixels = 3 * 32 * 32

  func files(
    among names: [String], of folder: URL
  ) throws(DatasetError) -> [(name: String, purpose: DataFolder.Purpose)]? {
    let training = names.filter { $0.hasPrefix("data_batch") && $0.hasSuffix(".bin") }.sorted()
    guard !training.isEmpty else { return nil }
    let test = names.filter { $0.hasPrefix("test_batch") && $0.hasSuffix(".bin") }.sorted()
    return training.map { ($0, .training) } + test.map { ($0, .test) }
  }

  func targets(
    of folder: DataFolder, wanted: DataFolder.Wanted
  ) throws(DatasetError) -> (target: String?, classes: [String]?) {
    (nil, (0..<10).map { "\($0)" })
  }

  func samples(
    of folder: DataFolder
  ) throws(DatasetError) -> (training: RawSamples, test: RawSamples?) {
    func read(_ file: DataFolder.File) throws(DatasetError) -> RawSamples {
      try samples([UInt8](try folder.bytes(of: file)), file: file.name)
    }
    return try folder.parts { purpose throws(DatasetError) in try folder.joined(purpose, read) }
  }

  private func samples(_ bytes: [UInt8], file: String) throws(DatasetError) -> RawSamples {
    let length = 1 + Self.pixels
    guard !bytes.isEmpty, bytes.count.isMultiple(of: length) else {
      throw .malformed(
        file: file, reason: "\(bytes.count) bytes are no whole number of samples of \(length) bytes"
      )
    }
    var inputs: [Float] = []
    inputs.reserveCapacity(bytes.count / length * Self.pixels)
    var labels: [Int32] = []
    for start in stride(from: 0, to: bytes.count, by: length) {
      guard bytes[start] < 10 else {
        throw .malformed(
          file: file,
          reason: "sample \(start / length + 1) is of class \(bytes[start]), and there are 10")
      }
      labels.append(Int32(bytes[start]))
      for index in start + 1..<start + length { inputs.append(Float(bytes[index]) / 255) }
    }
    return RawSamples(shape: [3, 32, 32], inputs: inputs, targets: .labels(labels))
  }
}
