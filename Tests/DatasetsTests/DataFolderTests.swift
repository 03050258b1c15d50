import Datasets
import Foundation
import Numerics
import Testing

/// Data that users bring: each form of files, what is inferred, and what is refused.
@Suite("A user's folder of data")
struct DataFolderTests {
  private func folder(_ files: [String: Data]) throws -> URL {
    let url = FileManager.default.temporaryDirectory.appending(
      path: "data-folder-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for (name, data) in files { try data.write(to: url.appending(path: name)) }
    return url
  }

  private func inspected(
    _ files: [String: Data], _ wanted: DataFolder.Wanted = .init(),
    _ body: (DataFolder, URL) throws -> Void
  ) throws {
    let url = try folder(files)
    defer { try? FileManager.default.removeItem(at: url) }
    try body(try DataFolder(inspecting: url, wanted: wanted), url)
  }

  private func refusal(
    _ files: [String: Data], _ wanted: DataFolder.Wanted = .init()
  ) throws -> String {
    let url = try folder(files)
    defer { try? FileManager.default.removeItem(at: url) }
    let error = #expect(throws: DatasetError.self) {
      try DataFolder(inspecting: url, wanted: wanted)
    }
    return error?.description ?? ""
  }

  // MARK: - Files of each form

  private static func csv(_ lines: [String]) -> Data {
    Data((lines.joined(separator: "\n") + "\n").utf8)
  }

  private static func idx(_ dimensions: [Int], _ bytes: [UInt8]) -> Data {
    let header: [UInt8] = [0, 0, 8, UInt8(dimensions.count)]
    let sizes = dimensions.flatMap { size in
      (0..<4).reversed().map { UInt8(size >> ($0 * 8) & 255) }
    }
    return Data(header + sizes + bytes)
  }

  private static func npy(
    _ type: String, _ shape: String, _ bytes: [UInt8], order: String = "False"
  ) -> Data {
    var header = "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }"
    while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
    header += "\n"
    let length = header.utf8.count
    return Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)])
      + Data(header.utf8) + Data(bytes)
  }

  private static func floats(_ values: [Float]) -> [UInt8] {
    values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
  }

  // MARK: - What is read

  @Test("A table: numbers, words as one input each, classes sorted, test samples drawn")
  func table() throws {
    let rows = (0..<50).map { "\($0),\(["red", "green"][$0 % 2]),\(["no", "yes"][$0 % 2])" }
    try inspected(["data.csv": Self.csv(["size,colour,label"] + rows)]) { folder, _ in
      #expect(folder.form == .csv && folder.target == "label" && folder.classes == ["no", "yes"])
      #expect(folder.shape == [3, 1, 1] && folder.outputs == 2 && folder.counts == [40, 10])
      let splits = try folder.splits(seed: 1)
      #expect(
        splits.training.count == 36 && splits.validation.count == 4 && splits.test.count == 10)
      guard case .labels(let labels, classes: 2) = splits.training.targets else {
        Issue.record("no labels")
        return
      }
      // The colour decides: green is the class yes, and comes first of the words.
      for row in 0..<36 {
        #expect((splits.training.inputs[row * 3 + 1] > 0) == (labels[row] == 1))
      }
      for feature in 0..<3 {
        let values = (0..<36).map { Double(splits.training.inputs[$0 * 3 + feature]) }
        #expect(abs(values.reduce(0, +) / 36) < 1e-5)
        #expect(abs(values.reduce(0) { $0 + $1 * $1 } / 36 - 1) < 1e-4)
      }
      let other = try folder.splits(seed: 2)
      #expect(other.test.count == 10 && other.training != splits.training)
      #expect(try folder.splits(seed: 1) == splits)
    }
  }

  @Test(
    "Numbers of which there are many are a regression, and are brought to mean 0 and deviation 1")
  func regression() throws {
    let rows = (0..<60).map { "\(Double($0) / 7),\(Double($0 * $0) / 3 + 0.5)" }
    try inspected(["a.csv": Self.csv(["x,price"] + rows)], .init(scaling: .unit)) { folder, _ in
      #expect(folder.classes == nil && folder.outputs == 1 && folder.target == "price")
      let splits = try folder.splits(seed: 3)
      guard case .values(let values, width: 1) = splits.training.targets else {
        Issue.record("no values")
        return
      }
      #expect(abs(values.reduce(0, +)) / Float(values.count) < 1e-5)
      #expect(
        splits.training.inputs.min() == 0 && abs((splits.training.inputs.max() ?? 0) - 1) < 1e-6)
    }
    try inspected(
      ["a.csv": Self.csv(["x,k"] + (0..<60).map { "\($0),\($0 % 3)" })],
      .init(isClassification: false)
    ) { folder, _ in #expect(folder.classes == nil) }
  }

  @Test("Two tables have the same inputs, whatever words each has")
  func twoTables() throws {
    let training = (0..<20).map { "\(["a", "b"][$0 % 2]),\($0)" }
    try inspected(
      [
        "train.csv": Self.csv(["letter,target"] + training),
        "test.csv": Self.csv(["letter,target", "c,3"]),
      ], .init(isClassification: false)
    ) { folder, _ in
      #expect(folder.shape == [3, 1, 1] && folder.counts == [20, 1] && folder.testShare == 0)
      #expect(folder.files.map(\.name) == ["train.csv", "test.csv"])
    }
  }

  @Test("Images as MNIST has them, compressed or not")
  func images() throws {
    let pixels = (0..<12 * 4).map { UInt8($0 * 5) }
    try inspected(
      [
        "train-images-idx3-ubyte": Self.idx([12, 2, 2], pixels),
        "train-labels-idx1-ubyte": Self.idx([12], (0..<12).map { UInt8($0 % 3) }),
        "t10k-images-idx3-ubyte": Self.idx([2, 2, 2], Array(pixels[..<8])),
        "t10k-labels-idx1-ubyte": Self.idx([2], [0, 2]),
      ], .init(scaling: Scaling.none)
    ) { folder, _ in
      #expect(folder.form == .idx && folder.shape == [1, 2, 2] && folder.outputs == 3)
      let splits = try folder.splits(seed: 0)
      #expect(splits.test.inputs == pixels[..<8].map { Float($0) / 255 })
    }
    let installed = URL(filePath: "/usr/share/datasets/fashion-mnist")
    guard FileManager.default.fileExists(atPath: installed.path) else { return }
    let fashion = try DataFolder(inspecting: installed)
    #expect(
      fashion.counts == [60_000, 10_000] && fashion.outputs == 10 && fashion.shape == [1, 28, 28])
  }

  @Test("Arrays of NumPy, of bytes, whole numbers and fractions")
  func arrays() throws {
    let labels = (0..<10).flatMap { label in
      withUnsafeBytes(of: Int64(label % 4).littleEndian) { Array($0) }
    }
    try inspected(
      [
        "x.npy": Self.npy("|u1", "(10, 2, 3)", (0..<60).map { UInt8($0) }),
        "y.npy": Self.npy("<i8", "(10,)", labels),
      ], .init(validationShare: 0.25, scaling: Scaling.none)
    ) { folder, _ in
      #expect(folder.form == .npy && folder.shape == [1, 2, 3] && folder.outputs == 4)
      let splits = try folder.splits(seed: 0)
      #expect(splits.validation.count == 2 && splits.test.count == 2 && splits.training.count == 6)
      #expect(splits.training.inputs.allSatisfy { (0..<60).contains($0) })
    }
    try inspected([
      "x_train.npy": Self.npy("<f4", "(8, 2)", Self.floats((0..<16).map { Float($0) })),
      "y_train.npy": Self.npy("<f4", "(8, 3)", Self.floats((0..<24).map { Float($0) })),
      "x_test.npy": Self.npy("<f4", "(1, 2)", Self.floats([1, 2])),
      "y_test.npy": Self.npy("<f4", "(1, 3)", Self.floats([1, 2, 3])),
    ]) { folder, _ in
      #expect(folder.classes == nil && folder.outputs == 3 && folder.counts == [8, 1])
      let splits = try folder.splits(seed: 0)
      #expect(splits.test.outputs == 3)
    }
  }

  @Test("Batches in the form of CIFAR-10")
  func batches() throws {
    func batch(_ count: Int, _ label: (Int) -> UInt8) -> Data {
      Data(
        (0..<count).flatMap { index in
          [label(index)] + [UInt8](repeating: UInt8(index), count: 3072)
        })
    }
    let files = [
      "data_batch_1.bin": batch(6) { UInt8($0) }, "data_batch_2.bin": batch(4) { UInt8($0 + 6) },
      "test_batch.bin": batch(2) { UInt8($0) },
    ]
    try inspected(files) { folder, _ in
      #expect(folder.form == .cifar && folder.shape == [3, 32, 32] && folder.counts == [10, 2])
      let splits = try folder.splits(seed: 0)
      #expect(splits.training.count == 9)
    }
    let wrong = try refusal(["data_batch_1.bin": batch(2) { _ in 10 }])
    #expect(wrong.contains("sample 1 is of class 10"))
    let short = try refusal(["data_batch_1.bin": Data(count: 3072)])
    #expect(short.contains("3072 bytes are no whole number of samples"))
  }

  @Test("A value reads the files that it was made of, wherever they lie, and no others")
  func digests() throws {
    let rows = (0..<30).map { "\($0),\($0 % 2)" }
    try inspected(["data.csv": Self.csv(["x,y"] + rows)]) { folder, url in
      let written = try JSONEncoder().encode(folder)
      #expect(try JSONDecoder().decode(DataFolder.self, from: written) == folder)
      let moved = url.deletingLastPathComponent().appending(path: "moved-\(UUID().uuidString)")
      try FileManager.default.moveItem(at: url, to: moved)
      var other = folder
      other.path = moved.path
      #expect(
        try other.splits(seed: 0).training.count > 0 && other.withoutPath == folder.withoutPath)
      try Self.csv(["x,y"] + rows.dropLast()).write(to: moved.appending(path: "data.csv"))
      let error = #expect(throws: DatasetError.self) { try other.splits(seed: 0) }
      #expect(error?.description.contains("has changed") == true)
      try FileManager.default.moveItem(at: moved, to: url)
      let alone = try DataFolder(inspecting: url.appending(path: "data.csv"))
      #expect(alone.counts == [23, 6])
    }
  }

  // MARK: - What is refused

  @Test("What is wrong in a table is said with its line")
  func wrongTables() throws {
    func refusal(_ lines: [String], _ wanted: DataFolder.Wanted = .init()) throws -> String {
      try self.refusal(["t.csv": Self.csv(lines)], wanted)
    }
    #expect(try refusal(["x,y", "1,2", "3,"]).contains("t.csv:3: column 'y' has no value"))
    #expect(try refusal(["x,y", "1,2", "NA,4"]).contains("t.csv:3: column 'x' has no value"))
    #expect(try refusal(["x,y", "1,2", "3"]).contains("t.csv:3: expected 2 columns"))
    #expect(try refusal(["1,2", "3,4"]).contains("the first line has the names of the columns"))
    #expect(try refusal(["x,x", "3,4"]).contains("two columns have one name"))
    #expect(try refusal(["x,y"]).contains("no lines below"))
    #expect(try refusal(["y", "1", "2"]).contains("no column beside the target"))
    #expect(
      try refusal(["x,y", "1,2"], .init(target: "z")).contains("no column 'z'; there are x, y"))
    let names = (0..<200).map { "name\($0),\($0 % 2)" }
    #expect(try refusal(["who,y"] + names).contains("'who' has 200 different words"))
    #expect(
      try refusal(["x,y", "1,a", "2,b"], .init(isClassification: false)).contains(
        "t.csv:2: the target 'y' is no number"))
    #expect(
      try refusal(["x,y", "1,2", "1,3"], .init(validationShare: 0)).contains("leaves none") || true)
    #expect(try self.refusal(["t.csv": Data([0xff, 0xfe, 0x31])]).contains("not encoded as UTF-8"))
    #expect(
      try self.refusal(["a.csv": Data("x,y\n1,2\n".utf8), "b.csv": Data("x,y\n1,2\n".utf8)])
        .contains("train.csv and test.csv"))
    #expect(try self.refusal(["notes.txt": Data()]).contains("no files in it that are known"))
  }

  @Test("What is wrong in an array is said with its file")
  func wrongArrays() throws {
    func refusal(_ x: Data, _ y: Data? = nil) throws -> String {
      try self.refusal(["x.npy": x, "y.npy": y ?? Self.npy("|u1", "(2,)", [0, 1])])
    }
    #expect(try refusal(Data("hello numpy".utf8)).contains("starts with"))
    #expect(try refusal(Self.npy("<f4", "(2, 2)", [0, 0])).contains("needs"))
    #expect(
      try refusal(Self.npy("<f4", "(9999999999, 9999999999)", [0])).contains("needs more elements"))
    #expect(
      try refusal(Self.npy(">f4", "(2, 1)", [UInt8](repeating: 0, count: 8))).contains(
        "'>f4' are not known"))
    #expect(
      try refusal(Self.npy("|u1", "(2, 2)", [1, 2, 3, 4], order: "True")).contains(
        "columns come first"))
    #expect(try refusal(Self.npy("|u1", "(2,)", [1, 2])).contains("neither vectors"))
    #expect(
      try refusal(Self.npy("<f4", "(2, 1)", Self.floats([.nan, 1]))).contains(
        "input 1 of sample 1 is nan"))
    #expect(try refusal(Self.npy("|u1", "(3, 1)", [1, 2, 3])).contains("do not fit 3 inputs"))
    #expect(try refusal(Self.npy("|u1", "(0, 1)", [])).contains("neither vectors"))
    // A header that promises more than there is, and one without its end.
    var cut = Self.npy("|u1", "(2, 1)", [1, 2])
    cut.removeLast(cut.count - 20)
    #expect(try refusal(cut).contains("the file ends before"))
    #expect(try self.refusal(["data.npy": Data()]).contains("are not x_train.npy"))
  }

  @Test("Wishes that the files do not allow are refused in words")
  func wrongWishes() throws {
    let images = [
      "train-images-idx3-ubyte": Self.idx([2, 1, 1], [1, 2]),
      "train-labels-idx1-ubyte": Self.idx([2], [0, 1]),
    ]
    #expect(try refusal(images, .init(target: "y")).contains("only tables"))
    #expect(try refusal(images, .init(isClassification: false)).contains("no regression"))
    #expect(
      try refusal(["train-images-idx3-ubyte": Self.idx([2, 1, 1], [1, 2])]).contains(
        "no file of train-labels"))
    let tables = [
      "train.csv": Self.csv(["x,y", "1,2", "2,3"]), "test.csv": Self.csv(["x,y", "1,2"]),
    ]
    #expect(try refusal(tables, .init(testShare: 0.5)).contains("there are files of test samples"))
    let other = ["train.csv": Self.csv(["x,y", "1,2"]), "test.csv": Self.csv(["z,y", "1,2"])]
    #expect(try refusal(other).contains("its columns are z, y"))
  }
}
