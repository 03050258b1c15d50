import Numerics
package import Datasets
import Foundation

/// Where a benchmark's samples come from.
package enum BenchmarkData: Hashable, Sendable {
  case builtIn(BuiltInData)
  case folder(DataFolder)

  /// What the data are drawn from; nil where they are read from files or are a list of points.
  package var task: FunctionTask? {
    if case .builtIn(let data) = self { data.task } else { nil }
  }

  /// Whether ``splits(seed:_:)`` reads files of the program's data folder.
  var readsFiles: Bool {
    if case .builtIn(let data) = self { data.readsFiles } else { false }
  }

  /// The data of a user; nil for those of the program.
  package var folder: DataFolder? {
    if case .folder(let folder) = self { folder } else { nil }
  }

  /// How many training samples a replicate has.
  func trainingCount(seed: UInt64, _ directory: () throws -> URL) throws -> Int {
    if case .builtIn(let data) = self, let count = data.trainingCount { return count }
    return try splits(seed: seed, directory).training.count
  }

  func splits(seed: UInt64, _ directory: () throws -> URL) throws -> Splits {
    switch self {
    case .builtIn(let data): try data.splits(seed: seed, directory)
    case .folder(let folder): try folder.splits(seed: seed)
    }
  }
}

/// In files it is a name of the program's data, or what is known of a folder.
extension BenchmarkData: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let name = try? container.decode(String.self) {
      guard let data = BuiltInData(rawValue: name) else {
        throw DecodingError.dataCorrupted(
          .init(
            codingPath: decoder.codingPath,
            debugDescription: "there are no data '\(name)'; there are "
              + BuiltInData.allCases.map(\.rawValue).joined(separator: ", ")))
      }
      self = .builtIn(data)
    } else {
      self = .folder(try container.decode(DataFolder.self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .builtIn(let data): try container.encode(data.rawValue)
    case .folder(let folder): try container.encode(folder)
    }
  }
}
