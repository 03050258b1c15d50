import Datasets
package import Foundation

extension Store {
  /// The result in the folder of this name.
  ///
  /// - Throws: ``StoreError`` that says why it cannot be trusted.
  func result(in name: String) throws(StoreError) -> CellResult {
    let folder = place(of: name)
    let file = folder.appending(path: Self.resultName)
    let result = try StoredResult.decode(
      PlainFile.read(file, atMost: Self.longestResult), file: file.path)
    guard result.key.hash == name else {
      throw StoreError("\(file.path) is the result of another cell, '\(result.key.hash)'")
    }
    for (other, limit) in Self.otherFiles.sorted(by: { $0.key < $1.key }) {
      // A file that somebody removed to save space takes nothing from the result; one that was
      // changed is nobody's.
      guard let digest = result.files[other], Self.holds(other, in: folder) else { continue }
      let file = folder.appending(path: other)
      guard sha256Hex(of: try PlainFile.read(file, atMost: limit)) == digest else {
        throw StoreError("\(file.path) is not the file that its result was stored with")
      }
    }
    guard result.status == .done else { return result }
    if result.key.isDense {
      guard result.dense != nil, result.files[Self.modelName] != nil,
        Self.holds(Self.modelName, in: folder)
      else { throw StoreError("\(folder.path) lacks the trained network of a cell that is done") }
    } else if result.points.map(\.ratioRequested) != result.key.ratios {
      throw StoreError("\(file.path) lacks ratios of a cell that is done")
    }
    return result
  }

  /// The dense network to start from, as the bytes of its file, each of which is the one that was
  /// trained.
  ///
  /// - Throws: ``StoreError`` when it is not there or not trusted.
  package func start(for key: CellKey) throws(StoreError) -> (result: DenseResult, model: Data) {
    let (result, model) = try file(Self.modelName, of: key)
    guard let dense = result.dense else {
      throw StoreError("\(place(of: key.hash).path) has no result of a dense network")
    }
    return (dense, model)
  }

  /// What a strategy did in a cell, in order; none where nothing was kept.
  package func rounds(of key: CellKey) -> [RoundRecord] {
    guard let data = try? file(Self.changesName, of: key).data else { return [] }
    return data.split(separator: UInt8(ascii: "\n")).compactMap {
      try? CanonicalJSON.decode(RoundRecord.self, from: $0)
    }
  }

  /// The benchmarks of users that results are of, each once, those of the program before them: what boards of
  /// all results need. One that is not whole is left out.
  package func catalogue(of results: [CellResult]) -> [Benchmark] {
    var own: [String: Benchmark] = [:]
    for result in results {
      guard let digest = result.key.benchmarkSHA256, own[digest] == nil,
        let data = try? file(Self.benchmarkName, of: result.key).data,
        let benchmark = try? BenchmarkFile.decode(data, file: Self.benchmarkName),
        benchmark.digest == digest
      else { continue }
      own[digest] = benchmark
    }
    return Benchmark.catalogue
      + own.values.sorted { ($0.name, $0.digest ?? "") < ($1.name, $1.digest ?? "") }
  }

  /// One of the files beside a cell's result, as the bytes that were stored.
  ///
  /// - Throws: ``StoreError`` when it is not there or not trusted.
  func file(
    _ name: String, of key: CellKey
  ) throws(StoreError) -> (result: CellResult, data: Data) {
    let result = try result(in: key.hash)
    let file = place(of: key.hash).appending(path: name)
    guard let digest = result.files[name] else {
      throw StoreError("\(file.path) was not stored with its result; --force makes it anew")
    }
    let data = try PlainFile.read(file, atMost: Self.otherFiles[name] ?? 0)
    // Again, of the very bytes that are used.
    guard sha256Hex(of: data) == digest else {
      throw StoreError("\(file.path) is not the file that its result was stored with")
    }
    return (result, data)
  }
}
