import Comparison
import Networks
import PluginHost

/// What runs did on the way, as charts: how large their networks were, and whether what strategies expected
/// came about.
struct RunCharts {
  /// Of one benchmark.
  let runs: [TracedRun]
  let benchmark: String

  /// Size over training, of one seed a strategy.
  var capacity: Chart {
    let series = firstSeeds.map { run in
      Chart.Series(
        name: printable(run.result.key.strategyText),
        points: run.sizes.map { mark in
          Chart.Point(
            x: Double(mark.samples), y: Double(mark.weights),
            words: "\(printable(run.result.key.strategyText)): "
              + "\(NumberText.count(mark.weights)) weights after "
              + "\(NumberText.short(mark.samples)) samples")
        },
        kind: .steps)
    }.filter { $0.points.count > 1 }
    let points = series.flatMap(\.points)
    return Chart(
      title: "Size over training: \(printable(benchmark))",
      summary: "Live weights over the samples shown, the dense network's training included, of "
        + "one seed each. "
        + series.compactMap { series -> String? in
          guard let first = series.points.first, let last = series.points.last else { return nil }
          return "\(series.name) goes from \(NumberText.count(Int(clamping: first.y))) to "
            + "\(NumberText.count(Int(clamping: last.y))) weights."
        }.joined(separator: " "),
      x: .init(
        title: "samples shown", unit: nil,
        scale: Scale(.linear, spanning: points.map(\.x) + [0])),
      y: .init(title: "live weights", unit: nil, scale: .suiting(points.map(\.y))),
      series: series)
  }

  /// The change of the loss that strategies predicted against the one that surgery made, of all seeds.
  var predictions: Chart {
    let found = predicted
    let series = found.map { name, points in
      Chart.Series(name: name, points: points, kind: .scattered)
    }
    let values = series.flatMap(\.points).flatMap { [$0.x, $0.y] }
    let scale = Scale(.logarithmic, spanning: values)
    let diagonal =
      values.min().flatMap { least in
        values.max().map { most in
          Chart.Series(
            name: "as predicted",
            points: [least, most].map { Chart.Point(x: $0, y: $0, words: "") }, kind: .diagonal)
        }
      }
    return Chart(
      title: "Change of the training loss, predicted and measured: \(printable(benchmark))",
      summary: "Each point is a round: what the strategy expected of its own edits, and what they "
        + "did before any training. On the line both are equal.",
      x: .init(title: "predicted change", unit: nil, scale: scale),
      y: .init(title: "measured change", unit: nil, scale: scale),
      series: (diagonal.map { [$0] } ?? []) + series)
  }

  /// Rounds whose change had another sign than predicted, or none: there is no place for them.
  var predictionsWithoutPlace: Int {
    runs.flatMap(\.rounds).count { $0.lossChange != nil }
      - predicted.reduce(0) { $0 + $1.points.count }
  }

  private var predicted: [(name: String, points: [Chart.Point])] {
    var found: [(name: String, points: [Chart.Point])] = []
    for run in runs {
      let strategy = printable(run.result.key.strategyText)
      for round in run.rounds {
        guard let change = round.lossChange, change.predicted * change.measured > 0 else {
          continue
        }
        let name = strategy + (change.predicted < 0 ? " (falls)" : "")
        let point = Chart.Point(
          x: abs(change.predicted), y: abs(change.measured),
          words: "\(name), seed \(run.result.key.replicate), to "
            + "\(NumberText.count(round.weights)) weights")
        if let place = found.firstIndex(where: { $0.name == name }) {
          found[place].points.append(point)
        } else {
          found.append((name, [point]))
        }
      }
    }
    return found
  }

  /// Of each strategy the run of its first seed that got anywhere.
  var firstSeeds: [TracedRun] {
    var names: Set<String> = []
    return runs.filter { !$0.result.key.isDense && $0.result.key.control == nil }
      .filter { !$0.rounds.isEmpty || !$0.curve.isEmpty }
      .filter { names.insert($0.result.key.strategyText).inserted }
  }
}

extension TracedRun {
  /// Sizes over the samples: as they were measured with the error, or else after each round.
  fileprivate var sizes: [(samples: Int, weights: Int)] {
    let marks = curve
    guard marks.isEmpty else { return marks.map { ($0.samples, $0.weights) } }
    var sizes = rounds.first.map { [(0, $0.weightsBefore)] } ?? []
    sizes += rounds.map { ($0.samples, $0.weights) }
    return sizes
  }
}

extension RoundRecord {
  /// Nil unless both are known and are numbers.
  fileprivate var lossChange: (predicted: Double, measured: Double)? {
    guard let predicted = proposal.predictedLossChange, let before = lossBefore,
      let after = lossAfter, predicted.isFinite, (after - before).isFinite
    else { return nil }
    return (predicted, after - before)
  }
}
