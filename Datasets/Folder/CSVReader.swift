import Foundation

/// Tables with a header: `train.csv` and `test.csv`, or one file of which the test samples are drawn.
struct CSVReader: FolderReader {
  func files(
    among names: [String], of folder: URL
  ) throws(DatasetError) -> [(name: String, purpose: DataFolder.Purpose)]? {
    let files = names.filter { $0.lowercased().hasSuffix(".csv") }.sorted()
    guard !files.isEmpty else { return nil }
    if files.count == 1 { return [(files[0], .training)] }
    guard let training = files.first(where: { $0.lowercased().contains("train") }),
      let test = files.first(where: { $0.lowercased().contains("test") }), training != test
    else {
      throw .unreadable(
        file: folder.path,
        reason: "of \(files.joined(separator: ", ")) it is not clear which is for what; "
          + "name them train.csv and test.csv, or name the one file")
    }
    return [(training, .training), (test, .test)]
  }

  func targets(
    of folder: DataFolder, wanted: DataFolder.Wanted
  ) throws(DatasetError) -> (target: String?, classes: [String]?) {
    let tables = try tables(of: folder)
    let names = tables[0].names
    let index: Int
    if let target = wanted.target {
      guard let found = names.firstIndex(of: target) else {
        throw .malformed(
          file: tables[0].file,
          reason: "there is no column '\(target)'; there are \(names.joined(separator: ", "))")
      }
      index = found
    } else {
      let usual = ["target", "label", "class", "y"]
      index = names.firstIndex { usual.contains($0.lowercased()) } ?? names.count - 1
    }
    let values = tables.flatMap { $0.column(index) }
    let words = Set(values)
    let areNumbers = values.allSatisfy { Float($0) != nil }
    let areFewIntegers = words.count <= 20 && values.allSatisfy { Int($0) != nil }
    let isClassification = wanted.isClassification ?? (!areNumbers || areFewIntegers)
    guard isClassification else { return (names[index], nil) }
    guard words.count <= Self.mostClasses else {
      throw .malformed(
        file: tables[0].file,
        reason: "the target '\(names[index])' has \(words.count) different values, and at most "
          + "\(Self.mostClasses) classes are told apart; another column is named by --target")
    }
    let sorted = words.sorted { one, other in
      if let first = Double(one), let second = Double(other), first != second {
        return first < second
      }
      return one < other
    }
    return (names[index], sorted)
  }

  private static let mostClasses = 1000

  func samples(
    of folder: DataFolder
  ) throws(DatasetError) -> (training: RawSamples, test: RawSamples?) {
    let tables = try tables(of: folder)
    guard let target = tables[0].names.firstIndex(where: { $0 == folder.target }) else {
      throw .malformed(
        file: tables[0].file, reason: "there is no column '\(folder.target ?? "")'")
    }
    let samples = try tables.samples(target: target, classes: folder.classes)
    for (table, samples) in zip(tables, samples) { try samples.check(file: table.file) }
    return (samples[0], samples.count > 1 ? samples[1] : nil)
  }

  private func tables(of folder: DataFolder) throws(DatasetError) -> [Table] {
    var tables: [Table] = []
    for file in folder.files {
      let data = try folder.bytes(of: file)
      guard let text = String(data: data, encoding: .utf8) else {
        throw .malformed(file: file.name, reason: "it is not encoded as UTF-8")
      }
      // What spreadsheets put before the first name.
      tables.append(
        try Table(text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text, file: file.name))
    }
    guard !tables.isEmpty else { throw .malformed(file: folder.path, reason: "there is no table") }
    return tables
  }
}
