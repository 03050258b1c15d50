/// A CSV file with a header as columns of numbers or words.
///
/// What a column is, is inferred from all files of a folder together, so that training and test samples have the
/// same inputs.
struct Table {
  let file: String
  let names: [String]
  /// The rows below the header, with the line each begins in.
  let rows: [CSV.Row]

  /// - Throws: ``DatasetError`` where the file is no table, a column has no name or one twice, or a value is missing.
  init(_ text: String, file: String) throws(DatasetError) {
    let all = try CSV(text, file: file).rows
    names = all[0].fields.map(Self.trimmed)
    self.file = file
    rows = Array(all.dropFirst())
    for (column, name) in names.enumerated() where name.isEmpty || Double(name) != nil {
      throw .malformedLine(
        file: file, line: all[0].line, text: name,
        reason: "the first line has the names of the columns, and column \(column + 1) has none")
    }
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw .malformedLine(
        file: file, line: all[0].line, text: twice, reason: "two columns have one name")
    }
    guard !rows.isEmpty else {
      throw .malformed(file: file, reason: "there are no lines below the names of the columns")
    }
    for row in rows {
      for (column, field) in row.fields.enumerated() where Self.isMissing(Self.trimmed(field)) {
        throw .malformedLine(
          file: file, line: row.line, text: field,
          reason: "column '\(names[column])' has no value; leave the line out or fill it in")
      }
    }
  }

  private static func isMissing(_ field: String) -> Bool {
    ["", "?", "na", "n/a", "nan", "null", "none", "inf", "-inf", "infinity", "-infinity"]
      .contains(field.lowercased())
  }

  private static func trimmed(_ field: String) -> String {
    field.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  func column(_ index: Int) -> [String] { rows.map { Self.trimmed($0.fields[index]) } }

  func line(_ row: Int) -> Int { rows[row].line }
}

/// How a column becomes inputs.
enum ColumnKind: Equatable {
  case number
  /// One input for each of the words, which are sorted.
  case words([String])

  /// More would be names or dates, and no classes.
  static let mostWords = 100

  var width: Int {
    switch self {
    case .number: 1
    case .words(let words): words.count
    }
  }

  /// - Throws: ``DatasetError`` for words of which there are too many.
  init(of values: [String], named name: String, file: String) throws(DatasetError) {
    if values.allSatisfy({ Float($0)?.isFinite == true }) {
      self = .number
      return
    }
    let words = Set(values)
    guard words.count <= Self.mostWords else {
      throw .malformed(
        file: file,
        reason: "column '\(name)' has \(words.count) different words, such as "
          + "'\(values[0])', and at most \(Self.mostWords) can be told apart; take the column out")
    }
    self = .words(words.sorted())
  }
}

extension [Table] {
  /// Inputs and targets of each table.
  ///
  /// - Parameters:
  ///   - target: The place of the target's column.
  ///   - classes: The names of the classes; nil for a regression.
  func samples(target: Int, classes: [String]?) throws(DatasetError) -> [RawSamples] {
    guard let first else { return [] }
    for other in dropFirst() where other.names != first.names {
      throw .malformed(
        file: other.file,
        reason: "its columns are \(other.names.joined(separator: ", ")), and those of "
          + "\(first.file) are \(first.names.joined(separator: ", "))")
    }
    var kinds: [(column: Int, kind: ColumnKind)] = []
    for column in first.names.indices where column != target {
      let values = flatMap { $0.column(column) }
      kinds.append(
        (column, try ColumnKind(of: values, named: first.names[column], file: first.file)))
    }
    guard !kinds.isEmpty else {
      throw .malformed(file: first.file, reason: "there is no column beside the target")
    }
    var samples: [RawSamples] = []
    for table in self {
      samples.append(try table.samples(kinds: kinds, target: target, classes: classes))
    }
    return samples
  }
}

extension Table {
  fileprivate func samples(
    kinds: [(column: Int, kind: ColumnKind)], target: Int, classes: [String]?
  ) throws(DatasetError) -> RawSamples {
    let width = kinds.reduce(0) { $0 + $1.kind.width }
    var inputs = [Float](repeating: 0, count: rows.count * width)
    var place = 0
    for (index, kind) in kinds {
      for (row, value) in column(index).enumerated() {
        switch kind {
        case .number: inputs[row * width + place] = Float(value) ?? .nan
        case .words(let words):
          if let word = words.firstIndex(of: value) { inputs[row * width + place + word] = 1 }
        }
      }
      place += kind.width
    }
    return RawSamples(
      shape: [width, 1, 1], inputs: inputs, targets: try targets(target, classes: classes))
  }

  private func targets(
    _ index: Int, classes: [String]?
  ) throws(DatasetError) -> RawSamples.Targets {
    let values = column(index)
    if let classes {
      let places = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices))
      var labels: [Int32] = []
      for (row, value) in values.enumerated() {
        guard let place = places[value] else {
          throw .malformedLine(
            file: file, line: line(row), text: value,
            reason: "there is no such class; there are \(classes.joined(separator: ", "))")
        }
        labels.append(Int32(place))
      }
      return .labels(labels)
    }
    var numbers: [Float] = []
    for (row, value) in values.enumerated() {
      guard let number = Float(value), number.isFinite else {
        throw .malformedLine(
          file: file, line: line(row), text: value,
          reason: "the target '\(names[index])' is no number")
      }
      numbers.append(number)
    }
    return .values(numbers, width: 1)
  }
}
