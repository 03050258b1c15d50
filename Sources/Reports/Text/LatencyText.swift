package import Comparison
package import Networks

/// The latency of an exported network beside that of the one that it came from.
///
/// - Parameters:
///   - latency: What was measured.
///   - networks: What each of them is, in words, and its size.
package func latencyText(_ latency: RuntimeLatency, of networks: [(title: String, counts: Counts)])
  -> String
{
  let first = latency.microseconds.first ?? 0
  let titles = networks.map {
    "\($0.title) (\(NumberText.count($0.counts.parameters)) parameters)"
  }
  let width = titles.map(\.count).max() ?? 0
  let lines = zip(titles, latency.microseconds).enumerated().map { index, line in
    let padding = String(repeating: " ", count: width - line.0.count)
    let beside =
      index > 0 && line.1 > 0 ? "  \(NumberText.significant(first / line.1)) times as fast" : ""
    return "\(line.0)\(padding)  \(NumberText.significant(line.1)) µs\(beside)\n"
  }
  return "onnxruntime \(printable(latency.version)), one sample, one thread, medians of "
    + "\(NumberText.count(latency.runs)) runs in turns:\n" + lines.joined()
}
