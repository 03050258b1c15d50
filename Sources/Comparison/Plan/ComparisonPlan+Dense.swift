extension ComparisonPlan {
  /// A plan of the dense networks of a benchmark, and of nothing that starts from them.
  ///
  /// - Parameters:
  ///   - name: Of the benchmark.
  ///   - replicates: How many seeds; nil for the benchmark's own number.
  ///   - quick: Whether trained far shorter.
  ///   - kernels: The variant of the numeric kernels.
  ///   - catalogue: All benchmarks.
  /// - Throws: ``PlanError`` for an unknown benchmark or no replicate.
  package init(
    denseNetworksOf name: String, replicates: Int? = nil, quick: Bool = false,
    kernels: String = Provenance.currentKernels, catalogue: [Benchmark] = Benchmark.catalogue
  ) throws(PlanError) {
    guard let benchmark = catalogue.first(where: { $0.name == name }) else {
      throw .unknownBenchmark(name, known: catalogue.map(\.name))
    }
    let replicates = replicates ?? benchmark.seeds
    guard replicates >= 1 else {
      throw PlanError("\(replicates) seeds train nothing; ask for 1 or more")
    }
    contests = [Contest(benchmark: benchmark, ratios: [], replicates: replicates)]
    entrants = []
    self.quick = quick
    self.kernels = kernels
    reference = ""
  }
}
