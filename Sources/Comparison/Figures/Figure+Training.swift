extension Figure {
  /// Evci et al. 2020, table 2.
  static let rigl = Figure(
    name: "rigl-lenet-300-100",
    source: "Evci et al. 2020, arXiv:1911.11134, table 2",
    claim: "LeNet-300-100 with a 41st of its weights errs on 1.48 %",
    conditions:
      "the paper trains for 200 epochs, removes input pixels (408-100-69 is left) and tuned on the test error; "
      + "here 200 epochs and those of the rounds, all inputs stay, end of training, no augmentation",
    parts: [
      Part(
        label: "test error at 41.2×", benchmark: "mnist-300-100:long", strategy: "rigl",
        runs: [[41.2]], seeds: 3, measure: .error(ratio: 41.2), unit: .percent, published: 1.48,
        tolerance: 0.1, quick: Quick(bound: 5.5))
    ])

  /// Dettmers & Zettlemoyer 2019.
  static let sparseMomentum = [
    Figure(
      name: "sparse-momentum-lenet-300-100",
      source:
        "Dettmers & Zettlemoyer 2019, arXiv:1907.04840, MNIST_compression of the authors' code",
      claim: "LeNet-300-100 errs on 1.53 % with a 20th of its weights and on 1.43 % with a 12th",
      conditions:
        "the paper trains for 100 epochs, a tenth of the images held out, the rate a tenth every 25,000 "
        + "steps, and takes the best epoch; here 210 to 214 epochs along a cosine, end of training, no "
        + "augmentation",
      parts: [
        sparseMomentumPart("mnist-300-100:long", at: 20, published: 1.53),
        sparseMomentumPart("mnist-300-100:long", at: 12, published: 1.426),
      ]),
    Figure(
      name: "sparse-momentum-lenet-5",
      source:
        "Dettmers & Zettlemoyer 2019, arXiv:1907.04840, MNIST_compression of the authors' code",
      claim: "LeNet-5 errs on 0.69 % with a 20th of its weights and on 0.76 % with a 50th",
      conditions:
        "the paper trains for 100 epochs, a tenth of the images held out, the rate a tenth every 25,000 "
        + "steps; here 15 to 22 epochs along a cosine, end of training, no augmentation",
      parts: [
        sparseMomentumPart("mnist-lenet5", at: 20, published: 0.69),
        sparseMomentumPart("mnist-lenet5", at: 50, published: 0.76),
      ]),
  ]

  /// Connections move once a pass over the data: a short recipe has hardly any.
  private static func sparseMomentumPart(
    _ benchmark: String, at ratio: Double, published: Double
  ) -> Part {
    Part(
      label: "test error at \(Int(ratio))×", benchmark: benchmark, strategy: "sparse-momentum",
      runs: [[ratio]], seeds: 3, measure: .error(ratio: ratio), unit: .percent,
      published: published, tolerance: 0.06)
  }

  /// Lee et al. 2019, table 1.
  static let snip = [
    Figure(
      name: "snip-lenet-300-100",
      source: "Lee et al. 2019, arXiv:1810.02340, table 1",
      claim:
        "LeNet-300-100 pruned before training errs on 1.6 % at 20× and on 2.4 % at 50×, dense on 1.7 %",
      conditions:
        "the paper trains for 250,000 steps of 100 images, about 450 epochs, over 20 seeds; here some 215 to 230 "
        + "epochs along a cosine, end of training, no augmentation",
      parts: [
        snipPart("mnist-300-100:long", at: 20, published: 1.6),
        snipPart("mnist-300-100:long", at: 50, published: 2.4),
      ]),
    Figure(
      name: "snip-lenet-5",
      source: "Lee et al. 2019, arXiv:1810.02340, table 1",
      claim:
        "LeNet-5 pruned before training errs on 0.8 % at 50× and on 1.1 % at 100×, dense on 0.9 %",
      conditions:
        "the paper trains for 250,000 steps of 100 images, about 450 epochs, over 20 seeds; here some 230 to 240 "
        + "epochs along a cosine, end of training, no augmentation",
      parts: [
        snipPart("mnist-lenet5:long", at: 50, published: 0.8),
        snipPart("mnist-lenet5:long", at: 100, published: 1.1),
      ]),
  ]

  private static func snipPart(
    _ benchmark: String, at ratio: Double, published: Double
  ) -> Part {
    Part(
      label: "test error at \(Int(ratio))×", benchmark: benchmark, strategy: "snip",
      runs: [[ratio]], seeds: 3, measure: .error(ratio: ratio), unit: .percent,
      published: published, tolerance: 0.1)
  }

  /// Molchanov et al. 2017, table 2.
  static let sparseVariationalDropout = [
    sparseVariationalDropout(
      "sparse-vd-lenet-300-100", "LeNet-300-100 errs on 1.92 % with a 68th of its weights",
      "mnist-300-100", at: 68, published: 1.92, tolerance: 0.1),
    sparseVariationalDropout(
      "sparse-vd-lenet-5", "LeNet-5 errs on 0.75 % with a 280th of its weights", "mnist-lenet5",
      at: 280, published: 0.75, tolerance: 0.05),
  ]

  private static func sparseVariationalDropout(
    _ name: String, _ claim: String, _ benchmark: String, at ratio: Double, published: Double,
    tolerance: Double
  ) -> Figure {
    Figure(
      name: name, source: "Molchanov et al. 2017, arXiv:1701.05369, table 2", claim: claim,
      conditions:
        "the paper lets the noise alone decide how many weights are left; here a budget does, and training is "
        + "the benchmark's, without augmentation, to its end",
      parts: [
        Part(
          label: "test error at \(Int(ratio))×", benchmark: benchmark, strategy: "sparse-vd",
          runs: [[ratio]], seeds: 3, measure: .error(ratio: ratio), unit: .percent,
          published: published, tolerance: tolerance)
      ])
  }

  /// Evci et al. 2022.
  static let gradMax = Figure(
    name: "gradmax",
    source: "Evci et al. 2022, arXiv:2201.05125, section 4.1; notebook of the authors' code",
    claim:
      "where a student of 5 units grows to its teacher's 10 by GradMax, the loss behind a growth is 0.87 to 0.97 "
      + "of that behind random growth, 0.90 in the mean",
    conditions:
      "the paper holds the mean loss of 499 steps behind each of five growths against each other; here the test "
      + "error at the end, on two spirals, where training is hard enough to show how growth began",
    parts: [
      Part(
        label: "test error over that of random-growth", benchmark: "two-spirals",
        strategy: "gradmax", rival: "random-growth", runs: [[1]], seeds: 10,
        measure: .errorOverRival(ratio: 1), unit: .share, published: 0.9, tolerance: 0.05)
    ])

  /// Fahlman & Lebiere 1990.
  static let cascadeCorrelation = Figure(
    name: "cascade-correlation",
    source: "Fahlman & Lebiere 1990, NIPS 2, pages 524-532",
    claim: "two spirals are learnt in each of 100 runs, with 12 to 19 hidden units",
    conditions:
      "the paper's figures are told from memory; here a run has 25 units, as many as a dense network's weights "
      + "allow, and is asked whether it has all 194 points right",
    isVerified: false,
    parts: [
      Part(
        label: "runs with all points right", benchmark: "two-spirals",
        strategy: "cascade-correlation", runs: [[1]], seeds: 10, measure: .solved(ratio: 1),
        unit: .share, published: 1, tolerance: 0, better: .higher,
        quick: Quick(isShort: false, bound: 1))
    ])
}
