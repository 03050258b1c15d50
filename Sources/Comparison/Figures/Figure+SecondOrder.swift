extension Figure {
  /// LeCun, Denker & Solla 1989, figures 1 and 2.
  static let obdDeletion = Figure(
    name: "obd-deletion",
    source: "LeCun, Denker & Solla 1989, NIPS 2, pages 598-605, figures 1 and 2",
    claim:
      "with retraining 60 % of the parameters are deleted at nearly the same error; before retraining the "
      + "predicted rise of the loss holds until about 30 % are",
    conditions:
      "the paper's network has 2,578 parameters and learns 9,300 digits of postcodes by the squared error; here "
      + "LeNet-5 on MNIST, and for the prediction a regression by the squared error. Nearly the same is at "
      + "most 0.1 points more than the dense network with the same extra training; a prediction holds up to a "
      + "factor of 2, or below 1 % of the loss",
    parts: [
      Part(
        label: "deleted at the same error, retrained", benchmark: "mnist-lenet5", strategy: "obd",
        rival: "none", runs: [[2.5, 4, 8]], seeds: 3,
        measure: .shareDeletedAtErrorOfRival(within: 0.1), unit: .share, published: 0.6,
        tolerance: 0.01, better: .higher, quick: Quick(bound: 0.59, runs: [[2.5]])),
      Part(
        label: "deleted until the prediction fails", benchmark: "friedman1", strategy: "obd",
        seeds: 10,
        measure: .sharePredicted(
          factor: 2, shares: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9]),
        unit: .share, published: 0.3, tolerance: 0.01, better: .higher,
        quick: Quick(seeds: 3, bound: 0.75)),
    ])

  /// Hassibi & Stork 1993, table 1.
  static let obsMonks = Figure(
    name: "obs-monks",
    source: "Hassibi & Stork 1993, NIPS 5, pages 164-171, table 1",
    claim:
      "on the MONK's problems 14 of 58, 15 of 39 and 4 of 39 weights are left at the test accuracy of the "
      + "whole network: 100, 100 and 97.2 %",
    conditions:
      "the paper shows one network each, chosen by hand, and retrains nothing; here the mean over seeds, with "
      + "training after each weight, and the smallest size is read off the test error as in the paper; the "
      + "weight decay was chosen with these figures in sight",
    parts: [(1, 14.0, 0.0, 14.0), (2, 15, 0, 18), (3, 4, 2.8, 6)].map {
      problem, left, error, bound in
      Part(
        label: "weights left on problem \(problem)", benchmark: "monks-\(problem)",
        strategy: "obs", runs: [[]], seeds: 5, measure: .fewestWeights(error: error),
        unit: .weights, published: left, tolerance: 1,
        quick: Quick(seeds: 1, isShort: false, bound: bound))
    })

  /// Hassibi & Stork 1993, section 5.
  static let obsExclusiveOr = Figure(
    name: "obs-xor",
    source: "Hassibi & Stork 1993, NIPS 5, pages 164-171, section 5",
    claim:
      "of a trained network for the exclusive or OBS removes a weight that can go every time, which magnitude "
      + "and OBD do not",
    conditions:
      "here a weight can go if the network without it has all four points right before any further training; "
      + "of eight starts the best is the trained network; units are saturated there, and the curvature is damped "
      + "by a tenth of its diagonal's mean",
    parts: [
      exclusiveOrPart(
        "networks that OBS leaves solved", strategy: "obs[damping=0.1]", published: 1,
        tolerance: 0, better: .higher, bound: 1),
      exclusiveOrPart(
        "networks that magnitude leaves solved", strategy: "magnitude", published: 0,
        tolerance: 0.2, better: .lower, bound: 0.3),
      exclusiveOrPart(
        "networks that OBD leaves solved", strategy: "obd", published: 0, tolerance: 0.2,
        better: .lower, bound: 0.3),
    ])

  private static func exclusiveOrPart(
    _ label: String, strategy: String, published: Double, tolerance: Double, better: Better,
    bound: Double
  ) -> Part {
    Part(
      label: label, benchmark: "xor", strategy: strategy, runs: [[9.0 / 8]], seeds: 20,
      measure: .solvedBeforeTuning(ratio: 9.0 / 8), unit: .share, published: published,
      tolerance: tolerance, better: better,
      quick: Quick(seeds: 10, isShort: false, bound: bound))
  }
}
