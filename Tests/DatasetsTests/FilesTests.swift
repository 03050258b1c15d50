import Datasets
import Foundation
import Numerics
import Testing

@Suite("Data files")
struct FilesTests {
  @Test("the digest is the published one of the standard's examples")
  func digest() {
    #expect(
      sha256Hex(of: Data("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      sha256Hex(of: [UInt8]())
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test("MNIST loads whole, with the known mean, deviation and class counts")
  func mnist() throws {
    let (training, test) = try MNIST.load(from: DataDirectory.locate())
    #expect(training.count == 60_000)
    #expect(test.count == 10_000)
    #expect(training.shape == [1, 28, 28])
    #expect(test.shape == [1, 28, 28])
    #expect(training.inputs.count == 60_000 * 784)

    let count = Double(training.inputs.count)
    let mean = training.inputs.reduce(0) { $0 + Double($1) } / count
    let square = training.inputs.reduce(0) { $0 + Double($1) * Double($1) } / count
    #expect(abs(mean) < 1e-3)
    #expect(abs(square - 1) < 1e-3)

    #expect(classCounts(training) == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
    #expect(classCounts(test) == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
  }

  @Test(
    "Fashion-MNIST loads whole where it is installed",
    .enabled(
      if: FileManager.default.fileExists(atPath: FashionMNIST.installed.path),
      "Debian's package dataset-fashion-mnist is not installed"))
  func fashionMNIST() throws {
    let (training, test) = try FashionMNIST.load(from: DataDirectory.locate())
    #expect(training.shape == [1, 28, 28] && test.shape == [1, 28, 28])
    let count = Double(training.inputs.count)
    #expect(abs(training.inputs.reduce(0) { $0 + Double($1) } / count) < 1e-3)
    #expect(classCounts(training) == [Int](repeating: 6000, count: 10))
    #expect(classCounts(test) == [Int](repeating: 1000, count: 10))
  }

  @Test("data that are not installed are named with the package that has them")
  func notInstalled() throws {
    try withTemporaryFolder { folder in
      let error = #expect(throws: DatasetError.self) {
        try FashionMNIST.load(from: folder, or: folder.appending(path: "nowhere"))
      }
      #expect(error?.description.contains("apt-get install dataset-fashion-mnist") == true)
    }
  }

  @Test("a file that is compressed anew is known by its contents")
  func contentsDigest() throws {
    try withTemporaryFolder { folder in
      // A file of the right name and other contents.
      let data = folder.appending(path: "fashion-mnist")
      try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        at: DataDirectory.locate().appending(path: "mnist/train-images-idx3-ubyte.gz"),
        to: data.appending(path: "train-images-idx3-ubyte.gz"))
      let error = #expect(throws: DatasetError.self) { try FashionMNIST.load(from: folder) }
      guard case .wrongDigest(_, let expected, _) = error else {
        Issue.record("expected a wrong digest, got \(String(describing: error))")
        return
      }
      #expect(expected.hasPrefix("c59f468a"))
    }
  }

  @Test("a changed file is refused by its digest, and named")
  func changed() throws {
    try withTemporaryFolder { folder in
      let original = try DataDirectory.locate().appending(path: "monks")
      let copy = folder.appending(path: "monks")
      try FileManager.default.copyItem(at: original, to: copy)
      let file = copy.appending(path: "monks-1.train")
      try (Data(contentsOf: file) + Data("\n".utf8)).write(to: file)

      let error = #expect(throws: DatasetError.self) {
        try Monks.load(problem: .first, from: folder)
      }
      guard case .wrongDigest(let path, let expected, let found) = error else {
        Issue.record("expected a wrong digest, got \(String(describing: error))")
        return
      }
      #expect(path == file.path)
      #expect(expected != found)
      _ = try Monks.load(problem: .second, from: folder)
    }
  }

  @Test("a missing file is named")
  func missing() throws {
    try withTemporaryFolder { folder in
      let error = #expect(throws: DatasetError.self) { try MNIST.load(from: folder) }
      #expect(
        error?.description.hasPrefix(
          "cannot read \(folder.path)/mnist/train-images-idx3-ubyte.gz: ") == true)
    }
  }

  private func classCounts(_ samples: Samples) -> [Int] {
    guard case .labels(let labels, let classes) = samples.targets else { return [] }
    var counts = [Int](repeating: 0, count: classes)
    for label in labels { counts[Int(label)] += 1 }
    return counts
  }
}

@Suite("Data directory")
struct DataDirectoryTests {
  @Test("the variable wins over the executable, which wins over the current directory")
  func order() throws {
    try withTemporaryFolder { folder in
      let named = try makeData(at: folder.appending(path: "elsewhere"))
      let above = try makeData(at: folder.appending(path: "package/Datasets"))
      let current = try makeData(at: folder.appending(path: "current/Datasets"))
      let executable = folder.appending(path: "package/.build/release/workbench")
      func locate(_ environment: [String: String], executable: URL) throws -> String {
        try DataDirectory.locate(
          environment: environment, executable: executable,
          currentDirectory: folder.appending(path: "current")
        ).standardizedFileURL.path
      }

      let variable = [DataDirectory.variable: named.path]
      #expect(try locate(variable, executable: executable) == named.path)
      #expect(try locate([:], executable: executable) == above.path)
      #expect(try locate([DataDirectory.variable: ""], executable: executable) == above.path)
      let lost = folder.appending(path: "bin/workbench")
      #expect(try locate([:], executable: lost) == current.path)
    }
  }

  @Test("a variable that names no data is an error, though data is elsewhere")
  func wrongVariable() throws {
    try withTemporaryFolder { folder in
      let data = try makeData(at: folder.appending(path: "Datasets"))
      let error = #expect(throws: DatasetError.self) {
        try DataDirectory.locate(
          environment: [DataDirectory.variable: "/nowhere"],
          executable: data, currentDirectory: folder)
      }
      #expect(error == .notFound(places: ["/nowhere (from WORKBENCH_DATASETS)"]))
    }
  }

  @Test("without data, the error lists the places and the remedy")
  func nothing() throws {
    try withTemporaryFolder { folder in
      let error = #expect(throws: DatasetError.self) {
        try DataDirectory.locate(
          environment: [:], executable: folder.appending(path: "bin/workbench"),
          currentDirectory: folder)
      }
      let text = try #require(error?.description)
      #expect(text.contains(folder.appending(path: "bin/Datasets").path))
      #expect(text.contains("/Datasets, "))
      #expect(text.contains("set WORKBENCH_DATASETS to"))
    }
  }

  private func makeData(at folder: URL) throws -> URL {
    try FileManager.default.createDirectory(
      at: folder.appending(path: "monks"), withIntermediateDirectories: true)
    return folder
  }
}
