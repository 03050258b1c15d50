extension Figure {
  /// Han et al. 2015, table 1.
  static let han = [
    Figure(
      name: "han-lenet-300-100",
      source: "Han et al. 2015, arXiv:1506.02626, table 1",
      claim: "LeNet-300-100 keeps a twelfth of its weights and errs on 1.59 %, dense on 1.64 %",
      conditions:
        "here one learning rate for dense training and retraining, no dropout, and a budget instead of "
        + "thresholds by layer; end of training, no augmentation",
      parts: [
        Part(
          label: "test error at 12×", benchmark: "mnist-300-100", strategy: "magnitude",
          runs: [[12]], seeds: 3, measure: .error(ratio: 12), unit: .percent, published: 1.59,
          tolerance: 0.1, quick: Quick(bound: 4.2))
      ]),
    Figure(
      name: "han-lenet-5",
      source: "Han et al. 2015, arXiv:1506.02626, table 1",
      claim: "LeNet-5 keeps a twelfth of its weights and errs on 0.77 %, dense on 0.80 %",
      conditions:
        "here one learning rate for dense training and retraining, no dropout, and a budget instead of "
        + "thresholds by layer; end of training, no augmentation",
      parts: [
        Part(
          label: "test error at 12×", benchmark: "mnist-lenet5", strategy: "magnitude",
          runs: [[12]], seeds: 3, measure: .error(ratio: 12), unit: .percent, published: 0.77,
          tolerance: 0.05, quick: Quick(bound: 4))
      ]),
  ]

  /// Hu et al. 2016, table 6.
  static let networkTrimming = Figure(
    name: "network-trimming-lenet",
    source: "Hu et al. 2016, arXiv:1607.03250, table 6",
    claim: "LeNet trimmed to 20-24-252-10, a ratio of 3.85, errs on 0.74 %",
    conditions:
      "here all widths in one round where the paper takes four; the paper's figure was not seen, its ratio "
      + "follows from the widths",
    isVerified: false,
    parts: [
      Part(
        label: "test error at 20-24-252-10", benchmark: "mnist-lenet5",
        strategy: "network-trimming[widths=20-24-252]", runs: [[3.85]], seeds: 3,
        measure: .error(ratio: 3.85), unit: .percent, published: 0.74, tolerance: 0.05,
        quick: Quick(bound: 4.5))
    ])

  /// Szegedy et al. 2016, section 3.
  static let factorization = Figure(
    name: "factorization",
    source: "Szegedy et al. 2016, doi:10.1109/CVPR.2016.308, section 3",
    claim:
      "two 3×3 convolutions in the place of one 5×5 save 28 % of its weights (1.39×), 3×1 and 1×3 in the "
      + "place of 3×3 save 33 % (1.5×), at the same error",
    conditions:
      "the paper designs the factorized network and trains it anew, on ImageNet; here a trained LeNet-5 is "
      + "factorized, its dense layers too, and counted as a whole; the same error is at most 0.1 points more "
      + "than the dense network with the same extra training",
    parts: [
      Part(
        label: "ratio at the dense error, 5×5 as two 3×3", benchmark: "mnist-lenet5",
        strategy: "filter-factorization[form=small]", rival: "none", runs: [[1.39, 2, 4]], seeds: 3,
        measure: .ratioAtErrorOfRival(within: 0.1), unit: .ratio, published: 25.0 / 18,
        tolerance: 0, better: .higher, quick: Quick(bound: 1.39, runs: [[1.39]])),
      Part(
        label: "ratio at the dense error, separable", benchmark: "mnist-lenet5",
        strategy: "filter-factorization", rival: "none", runs: [[1.5, 2, 4]], seeds: 3,
        measure: .ratioAtErrorOfRival(within: 0.1), unit: .ratio, published: 1.5, tolerance: 0,
        better: .higher, quick: Quick(bound: 1.5, runs: [[1.5]])),
    ])

  /// Huang et al. 2016.
  static let stochasticDepth = Figure(
    name: "stochastic-depth",
    source: "Huang et al. 2016, arXiv:1603.09382",
    claim:
      "blocks that are left out at random save a quarter of the training time of a residual network of 110 "
      + "layers on CIFAR-10, whose error falls from 6.41 to 5.25 %, to 0.82 of it",
    conditions:
      "here six blocks on MNIST, beside the same network trained without gates; no figure for MNIST is "
      + "published. Times mean something where nothing else runs: add --jobs 1",
    parts: [
      Part(
        label: "training time over that without", benchmark: "mnist-resnet",
        strategy: "stochastic-depth", rival: "static", runs: [[1]], seeds: 3,
        measure: .trainingTime(ratio: 1), unit: .share, published: 0.75, tolerance: 0.05,
        quick: Quick(bound: 0.95)),
      Part(
        label: "test error over that without", benchmark: "mnist-resnet",
        strategy: "stochastic-depth", rival: "static", runs: [[1]], seeds: 3,
        measure: .errorOverRival(ratio: 1), unit: .share, published: 0.82, tolerance: 0.05,
        quick: Quick(bound: 4)),
    ])
}
