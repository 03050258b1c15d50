package import Foundation

/// One row of `workbench bench`: a piece of the program's work and how long it took.
package struct BenchRow: Codable, Hashable, Sendable {
  /// What its figure counts.
  package enum Unit: String, Codable, Hashable, Sendable {
    case imagesPerSecond = "images/s"
    case microseconds = "us"
    case seconds = "s"
    case gigaflops = "GFLOP/s"
    case gigabytes = "GB/s"
    /// Time of one thing over that of another.
    case ratio = "x"

    package var moreIsBetter: Bool {
      switch self {
      case .imagesPerSecond, .gigaflops, .gigabytes: true
      case .microseconds, .seconds, .ratio: false
      }
    }
  }

  package var name: String
  package var unit: Unit
  /// Over the rounds.
  package var median: Double
  package var low: Double
  package var high: Double
  /// Useful floating-point operations a second, 10⁹: those of live weights, 2 a multiply-add.
  package var gigaflops: Double?
  /// Of the multiply-add ceiling measured in the same run, for the threads used.
  package var ceilingShare: Double?
  /// The most memory held beyond what was there before the work was set up: the program, the data
  /// and the network.
  package var peakBytes: Int?
  package var threads: Int
  /// In words: the peer's winning setting.
  package var note: String?

  package init(
    name: String, unit: Unit, median: Double, low: Double, high: Double, gigaflops: Double? = nil,
    ceilingShare: Double? = nil, peakBytes: Int? = nil, threads: Int, note: String? = nil
  ) {
    self.name = name
    self.unit = unit
    self.median = median
    self.low = low
    self.high = high
    self.gigaflops = gigaflops
    self.ceilingShare = ceilingShare
    self.peakBytes = peakBytes
    self.threads = threads
    self.note = note
  }

  /// How many times as good this row is as `other`, whichever way is better.
  package func ratio(to other: BenchRow) -> Double {
    unit.moreIsBetter ? median / other.median : other.median / median
  }
}

/// All rows of one run, and the machine they are of.
package struct BenchReport: Codable, Hashable, Sendable {
  package static let currentSchema = 1

  package struct Machine: Codable, Hashable, Sendable {
    package var processor: String
    package var cores: Int
    /// The variant of the numeric kernels.
    package var kernels: String
    /// The processor that the linear-algebra library's kernels are made for.
    package var algebra: String

    package init(processor: String, cores: Int, kernels: String, algebra: String) {
      self.processor = processor
      self.cores = cores
      self.kernels = kernels
      self.algebra = algebra
    }
  }

  package var schema: Int
  package var program: String
  package var machine: Machine
  package var threads: Int
  package var rounds: Int
  /// The most memory the process held.
  package var peakBytes: Int?
  package var rows: [BenchRow]

  package init(
    program: String, machine: Machine, threads: Int, rounds: Int, peakBytes: Int?, rows: [BenchRow]
  ) {
    schema = Self.currentSchema
    self.program = program
    self.machine = machine
    self.threads = threads
    self.rounds = rounds
    self.peakBytes = peakBytes
    self.rows = rows
  }

  /// Indented, members sorted by name, with a line end.
  package func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self) + Data("\n".utf8)
  }

  /// The report in a file.
  ///
  /// - Throws: ``BenchError`` that names the file and what is wrong with it.
  package init(contentsOf file: URL) throws(BenchError) {
    func refuse(_ reason: String) -> BenchError {
      BenchError("'\(file.path)' is no result of 'workbench bench --format json': \(reason)")
    }
    let data: Data
    do {
      data = try Data(contentsOf: file)
    } catch {
      throw BenchError("'\(file.path)' cannot be read: \(error.localizedDescription)")
    }
    let report: BenchReport
    do {
      report = try JSONDecoder().decode(BenchReport.self, from: data)
    } catch {
      throw refuse("it is cut short or of another kind")
    }
    guard report.schema == Self.currentSchema else {
      throw refuse("its schema is \(report.schema) where \(Self.currentSchema) is known")
    }
    if let odd = report.rows.first(where: { !($0.median.isFinite && $0.median > 0) }) {
      throw refuse("the figure of '\(odd.name)' is \(odd.median)")
    }
    self = report
  }

  /// The row of the same name and number of threads.
  package func row(like row: BenchRow) -> BenchRow? {
    rows.first { $0.name == row.name && $0.threads == row.threads && $0.unit == row.unit }
  }
}

/// A benchmark that cannot be run or read.
package struct BenchError: Error, Equatable, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}
