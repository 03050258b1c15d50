import Datasets
import Numerics
import Testing

/// Two images of 1×2 pixels.
private let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255, 51, 102]

private func complaint(_ contents: [UInt8], rank: Int = 3) -> String? {
  do {
    _ = try IDX(contents, rank: rank, file: "a-idx3")
    return nil
  } catch {
    return error.description
  }
}

private func labels(_ values: [UInt8]) throws -> IDX {
  try IDX([0, 0, 8, 1, 0, 0, 0, UInt8(values.count)] + values, rank: 1, file: "a-idx1")
}

@Suite("IDX")
struct IDXTests {
  @Test("reads dimensions and elements")
  func reads() throws {
    let idx = try IDX(images, rank: 3, file: "a-idx3")
    #expect(idx.dimensions == [2, 1, 2])
    #expect(idx.elements == [0, 255, 51, 102])
  }

  @Test("refuses a wrong magic number")
  func magic() {
    var contents = images
    contents[2] = 9
    #expect(
      complaint(contents) == "a-idx3: an IDX file of bytes starts with 0 0 8, this one with 0 0 9")
    contents = images
    contents[0] = 1
    #expect(complaint(contents)?.contains("this one with 1 0 8") == true)
  }

  @Test("refuses another number of dimensions")
  func rank() {
    #expect(complaint(images, rank: 1) == "a-idx3: expected 1 dimensions, found 3")
  }

  @Test("refuses a file cut anywhere")
  func short() throws {
    for length in 0..<images.count {
      #expect(complaint(Array(images.prefix(length))) != nil, "cut to \(length) bytes")
    }
    #expect(complaint([0, 0]) == "a-idx3: 2 bytes are too short for an IDX header")
    #expect(complaint(Array(images.prefix(9))) == "a-idx3: 9 bytes are too short for 3 dimensions")
    #expect(
      complaint(images.dropLast()) == "a-idx3: dimensions [2, 1, 2] need 4 bytes of data, found 3")
  }

  @Test("refuses a file that goes on")
  func long() {
    #expect(
      complaint(images + [7]) == "a-idx3: dimensions [2, 1, 2] need 4 bytes of data, found 5")
  }

  @Test("refuses dimensions whose product is no number")
  func absurd() {
    let contents: [UInt8] = [0, 0, 8, 3] + [UInt8](repeating: 255, count: 12)
    #expect(complaint(contents)?.hasSuffix("are absurd") == true)
  }
}

@Suite("Images and labels")
struct LabelledImagesTests {
  @Test("normalises pixels and keeps labels")
  func samples() throws {
    let samples = try MNIST.samples(
      images: IDX(images, rank: 3, file: "a-idx3"), labels: labels([9, 0]))
    #expect(samples.shape == [1, 1, 2])
    #expect(samples.targets == .labels([9, 0], classes: 10))
    let expected: [Float] = [0, 1, 0.2, 0.4].map { ($0 - 0.1307) / 0.3081 }
    for (found, expected) in zip(samples.inputs, expected) {
      #expect(abs(found - expected) < 1e-6)
    }
    #expect(samples.inputs.count == expected.count)
  }

  @Test("refuses counts that disagree, naming both files")
  func counts() throws {
    let images = try IDX(images, rank: 3, file: "a-idx3")
    let labels = try labels([9, 0, 1])
    let error = #expect(throws: DatasetError.self) {
      try MNIST.samples(images: images, labels: labels)
    }
    #expect(
      error?.description == "a-idx1: labels [3] do not fit the images [2, 1, 2] of a-idx3")
  }

  @Test("refuses arrays of the wrong rank")
  func ranks() throws {
    let labels = try labels([9, 0])
    #expect(throws: DatasetError.self) { try MNIST.samples(images: labels, labels: labels) }
  }

  @Test("refuses a label that is no digit")
  func label() throws {
    let images = try IDX(images, rank: 3, file: "a-idx3")
    let labels = try labels([9, 10])
    let error = #expect(throws: DatasetError.self) {
      try MNIST.samples(images: images, labels: labels)
    }
    #expect(error?.description == "a-idx1: label 10 is not in 0..<10")
  }

  @Test("refuses images without pixels")
  func empty() throws {
    let images = try IDX([0, 0, 8, 3] + [UInt8](repeating: 0, count: 12), rank: 3, file: "a-idx3")
    let labels = try labels([])
    #expect(throws: DatasetError.self) { try MNIST.samples(images: images, labels: labels) }
  }
}
