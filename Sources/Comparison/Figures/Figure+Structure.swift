extension Figure {
  /// Hubara et al. 2016.
  static let binaryNet = Figure(
    name: "binarynet",
    source: "Hubara et al. 2016, arXiv:1602.02830, table 1; code of M. Courbariaux",
    claim: "a perceptron of binary weights and activations errs on 0.96 % of MNIST",
    conditions:
      "the paper has three layers of 4096 units, dropout, a squared hinge loss and 1000 epochs, and takes the "
      + "epoch of the best validation error; here three of 1024, cross-entropy, 20 epochs and those of the "
      + "rounds, end of training",
    parts: [
      Part(
        label: "test error", benchmark: "mnist-binarynet", strategy: "static", runs: [[1]],
        seeds: 3, measure: .error(ratio: 1), unit: .percent, published: 0.96, tolerance: 0.1,
        quick: Quick(bound: 8))
    ])

  /// Lebedev & Lempitsky 2016.
  static let groupBrainDamage = Figure(
    name: "group-brain-damage",
    source: "Lebedev & Lempitsky 2016, arXiv:1506.02515, table 1",
    claim:
      "nine tenths of the columns of a convolution of CaffeNet go at 1.1 points of top-1 accuracy on ImageNet",
    conditions:
      "no figure for MNIST is published; here a tenth of all weights of LeNet-5 is left, dense layers included, "
      + "beside the dense network with the same extra training",
    parts: [
      Part(
        label: "ratio at 1.1 points above the dense error", benchmark: "mnist-lenet5",
        strategy: "group-brain-damage", rival: "none", runs: [[4, 10]], seeds: 3,
        measure: .ratioAtErrorOfRival(within: 1.1), unit: .ratio, published: 10, tolerance: 0,
        better: .higher),
      Part(
        label: "test error over that of magnitude at 4×", benchmark: "mnist-lenet5",
        strategy: "group-brain-damage", rival: "magnitude", runs: [[4]], seeds: 3,
        measure: .errorOverRival(ratio: 4), unit: .share, published: 1, tolerance: 0.25,
        quick: Quick(bound: 2.5)),
    ])

  /// Murray & Chiang 2015.
  static let autoSizing = Figure(
    name: "auto-sizing",
    source: "Murray & Chiang 2015, doi:10.18653/v1/D15-1107",
    claim:
      "neurons that reach zero in training leave a network as good as one whose size was found by hand",
    conditions:
      "the paper's figures are perplexities of language models; here the widths that it finds for LeNet-300-100 "
      + "are held against a small dense network in proportion, and against single weights of the same number",
    parts: [
      Part(
        label: "test error over that of small-dense at 4×", benchmark: "mnist-300-100",
        strategy: "auto-sizing", rival: "small-dense", runs: [[4]], seeds: 3,
        measure: .errorOverRival(ratio: 4), unit: .share, published: 1, tolerance: 0.05,
        quick: Quick(bound: 1.6)),
      Part(
        label: "test error over that of magnitude at 4×", benchmark: "mnist-300-100",
        strategy: "auto-sizing", rival: "magnitude", runs: [[4]], seeds: 3,
        measure: .errorOverRival(ratio: 4), unit: .share, published: 1, tolerance: 0.25,
        quick: Quick(bound: 2.5)),
    ])

  /// Changpinyo et al. 2017.
  static let channelSparse = Figure(
    name: "channel-sparse",
    source: "Changpinyo et al. 2017, arXiv:1702.06257",
    claim:
      "a network of three convolutions errs on 0.5 % of MNIST when dense; with a random part of the connections "
      + "between its channels it is better than one of fewer channels",
    conditions:
      "the dense figure is quoted from the paper by Blalock et al. 2020; its curves of accuracy against density "
      + "were not seen, and what they claim is held to a network of narrower layers with as many weights; here "
      + "three convolutions of 32, 64 and 64 channels",
    parts: [
      Part(
        label: "test error, dense", benchmark: "mnist-channels", strategy: "static", runs: [[1]],
        seeds: 3, measure: .error(ratio: 1), unit: .percent, published: 0.5, tolerance: 0.1,
        quick: Quick(bound: 4)),
      Part(
        label: "test error over that of small-dense at 4×", benchmark: "mnist-channels",
        strategy: "channel-sparse", rival: "small-dense", runs: [[4]], seeds: 3,
        measure: .errorOverRival(ratio: 4), unit: .share, published: 1, tolerance: 0.05),
    ])
}
