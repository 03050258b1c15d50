/// Everything that decides a cell's result; its hash names the cell's folder.
///
/// What only describes how a result came about, such as the machine, is in ``Provenance``.
package struct CellKey: Codable, Hashable, Sendable {
  package var benchmark: String
  /// Raised when a benchmark's data, network or recipe changes.
  package var benchmarkVersion: Int
  /// The digest of a user's benchmark; nil for those of the program.
  package var benchmarkSHA256: String?
  /// The strategy's id, or "dense" for the checkpoint that all strategies of a seed start from.
  package var strategy: String
  /// The version that the strategy's implementation gives itself; empty for dense networks.
  package var strategyVersion: String
  /// Parameters that differ from the strategy's defaults, as written, sorted by name.
  package var parameters: [String: String]
  /// The values of the other parameters, which a later version of the strategy may change.
  package var defaults: [String: String]
  /// From which other start the strategy's structures are trained; nil for the strategy itself.
  package var control: Control?
  /// Of the library the strategy came from; nil for built-ins.
  package var pluginSHA256: String?
  /// Digests of the libraries that it links to, by file name, but for those of the system and of
  /// this program.
  package var libraries: [String: String]
  /// Bytes that a cell may hold, for strategies whose method depends on it; nil for others and
  /// without a limit.
  package var memoryLimit: Int?
  /// The variant of the numeric kernels: variants round differently.
  package var kernels: String
  /// Replicate number from 0 on; with the benchmark it decides data, weights and batches.
  package var replicate: Int
  /// Requested compression ratios, rising: the trajectory.
  package var ratios: [Double]
  /// Whether the shortened recipe of `--quick` was used.
  package var quick: Bool
  /// Version of the protocol: training, counting, schedule.
  package var protocolVersion: Int

  package init(
    benchmark: String, benchmarkVersion: Int, benchmarkSHA256: String? = nil, strategy: String,
    strategyVersion: String = "",
    parameters: [String: String] = [:], defaults: [String: String] = [:],
    control: Control? = nil, pluginSHA256: String? = nil, libraries: [String: String] = [:],
    memoryLimit: Int? = nil,
    kernels: String, replicate: Int, ratios: [Double], quick: Bool, protocolVersion: Int
  ) {
    self.benchmark = benchmark
    self.benchmarkVersion = benchmarkVersion
    self.benchmarkSHA256 = benchmarkSHA256
    self.strategy = strategy
    self.strategyVersion = strategyVersion
    self.parameters = parameters
    self.defaults = defaults
    self.control = control
    self.pluginSHA256 = pluginSHA256
    self.libraries = libraries
    self.memoryLimit = memoryLimit
    self.kernels = kernels
    self.replicate = replicate
    self.ratios = ratios
    self.quick = quick
    self.protocolVersion = protocolVersion
  }
}
