package import Foundation

/// A result that a paper, or code that came with one, reports of a pruned network.
///
/// Papers count and train each in their own way: these numbers stand beside measured ones and are
/// not ranked with them.
package struct PublishedResult: Codable, Hashable, Sendable {
  package var method: String
  package var year: Int
  /// Who reported it, and where.
  package var paper: String
  package var dataset: String
  package var architecture: String
  /// What the errors are of, as the paper calls it.
  package var metric: String
  /// Parameters of the dense network and of the pruned one, as the paper counts them; nil where it
  /// gives none.
  package var denseParameters: Int?
  package var parametersLeft: Int?
  /// Parameters of the dense network over those left; nil where there is none, or a range.
  package var ratio: Double?
  /// Per cent.
  package var denseError: Double?
  package var prunedError: Double?
  /// What else is to be known of it.
  package var remark: String
  /// Where the numbers were read.
  package var source: String
  /// Whether they were read there, or are from memory.
  package var isVerified: Bool
  /// Passes over the training data, several stages joined by `+`; nil where nobody says.
  package var epochs: String?
  /// By what the training images were distorted; nil where nobody says.
  package var augmentation: String?
  /// Of which network of the training the error is; nil where nobody says.
  package var checkpoint: Checkpoint?

  /// A network that an error may be of.
  package enum Checkpoint: String, Codable, Hashable, Sendable {
    /// The one at the end of training.
    case last
    /// The one with the least test error that was seen, which nobody can choose without the test set.
    case best
  }

  package init(
    method: String, year: Int, paper: String, dataset: String, architecture: String, metric: String,
    denseParameters: Int?, parametersLeft: Int?, ratio: Double?, denseError: Double?,
    prunedError: Double?, remark: String, source: String, isVerified: Bool,
    epochs: String? = nil, augmentation: String? = nil, checkpoint: Checkpoint? = nil
  ) {
    self.method = method
    self.year = year
    self.paper = paper
    self.dataset = dataset
    self.architecture = architecture
    self.metric = metric
    self.denseParameters = denseParameters
    self.parametersLeft = parametersLeft
    self.ratio = ratio
    self.denseError = denseError
    self.prunedError = prunedError
    self.remark = remark
    self.source = source
    self.isVerified = isVerified
    self.epochs = epochs
    self.augmentation = augmentation
    self.checkpoint = checkpoint
  }

  /// All published results, in the order of the file.
  ///
  /// - Parameter directory: The data folder, see ``DataDirectory``.
  /// - Throws: ``DatasetError`` when the file is missing or not the original one.
  package static func load(from directory: URL) throws(DatasetError) -> [PublishedResult] {
    let text = String(decoding: try file.read(from: directory), as: UTF8.self)
    return try parse(text, file: directory.appending(path: file.path).path)
  }

  /// The results of a file's text: a line of column names, then a line a result.
  ///
  /// - Throws: ``DatasetError`` for the first line that is wrong.
  package static func parse(
    _ text: String, file: String
  ) throws(DatasetError) -> [PublishedResult] {
    let rows = try CSV(text, file: file).rows
    guard rows[0].fields == columns else {
      throw .malformedLine(
        file: file, line: 1, text: String(rows[0].fields.joined(separator: ",").prefix(60)),
        reason: "expected the columns \(columns.joined(separator: ","))")
    }
    var results: [PublishedResult] = []
    for row in rows.dropFirst() { results.append(try PublishedResult(row, file: file)) }
    return results
  }

  private static let file = DataFile(
    path: "published/published.csv",
    sha256: "3f95ccdb892da6fa760ad271078a1b63686f30e140ba1135692c96b826b091cc")

  private static let columns = [
    "method", "year", "paper", "dataset", "architecture", "metric", "dense_params", "params_left",
    "compression_ratio", "dense_error_pct", "pruned_error_pct", "extra", "source", "verified",
    "epochs", "augmentation", "checkpoint",
  ]

  private init(_ row: CSV.Row, file: String) throws(DatasetError) {
    /// The value of a column, and what is wrong with it when it is none.
    func value<Value>(
      _ column: Int, _ wanted: String, _ read: (String) -> Value?
    ) throws(DatasetError) -> Value {
      guard let value = read(row.fields[column]) else {
        throw .malformedLine(
          file: file, line: row.line, text: String(row.fields[column].prefix(60)),
          reason: "expected \(wanted) as \(Self.columns[column])")
      }
      return value
    }
    func text(_ column: Int) throws(DatasetError) -> String {
      try value(column, "a text") { $0.isEmpty ? nil : $0 }
    }
    func count(_ column: Int) throws(DatasetError) -> Int? {
      try value(column, "a count or nothing") {
        $0.isEmpty ? .some(nil) : Int($0).map { .some($0) }
      }
    }
    func number(_ column: Int) throws(DatasetError) -> Double? {
      try value(column, "a number or nothing") {
        $0.isEmpty ? .some(nil) : finite($0).map { .some($0) }
      }
    }
    method = try text(0)
    year = try value(1, "a year") { Int($0) }
    paper = try text(2)
    dataset = try text(3)
    architecture = try text(4)
    metric = try text(5)
    denseParameters = try count(6)
    parametersLeft = try count(7)
    ratio = try value(8, "a ratio, a range of them or nothing", ratioText)
    denseError = try number(9)
    prunedError = try number(10)
    remark = row.fields[11]
    source = try text(12)
    isVerified = try value(13, "yes or no") { ["yes": true, "no": false][$0] }
    epochs = try value(14, "numbers joined by ' + ' or nothing", epochsText)
    augmentation = row.fields[15].isEmpty ? nil : row.fields[15]
    checkpoint = try value(16, "last, best or nothing") {
      $0.isEmpty ? .some(nil) : Checkpoint(rawValue: $0).map { .some($0) }
    }
  }
}

private func finite(_ text: String) -> Double? {
  Double(text).flatMap { $0.isFinite ? $0 : nil }
}

/// A positive ratio; the inner nil for nothing and for a range such as 2.5-4.5.
private func ratioText(_ text: String) -> Double?? {
  guard !text.isEmpty else { return .some(nil) }
  let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    .map { finite(String($0)) }
  guard parts.count <= 2, parts.allSatisfy({ ($0 ?? 0) > 0 }) else { return nil }
  return .some(parts.count == 1 ? parts[0] : nil)
}

/// Such as `200 + 280`; the inner nil for nothing.
private func epochsText(_ text: String) -> String?? {
  guard !text.isEmpty else { return .some(nil) }
  let stages = text.components(separatedBy: " + ").map { Int($0) ?? 0 }
  return stages.allSatisfy { $0 > 0 } ? .some(text) : nil
}
