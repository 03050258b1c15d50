/// Networks of modules whose branches stand beside each other.
extension Models {
  /// The widths of an Inception module.
  package struct InceptionModule: Sendable {
    package var single: Int
    /// Channels into and out of the 3×3 convolution.
    package var three: (reduced: Int, out: Int)
    /// Channels into and out of the 5×5 convolution.
    package var five: (reduced: Int, out: Int)
    /// Channels behind the pool.
    package var pooled: Int
  }

  /// Two convolutions' worth of stem and three Inception modules for small images: in each a 1×1, a 3×3
  /// and a 5×5 convolution, the latter two behind 1×1 reductions, and a pool with a 1×1 projection, side by
  /// side.
  ///
  /// C. Szegedy et al.: Going Deeper with Convolutions. CVPR 2015, arXiv:1409.4842, figure 2b. Narrower
  /// and shallower: theirs is for images of 224×224.
  package static func inceptionNetwork(input: Shape, classes: Int) throws(GraphError) -> Graph {
    var builder = GraphBuilder(input: input, layout: .spatial)
    builder.addRectified(channels: 16, kernel: 3, name: "conv0")
    builder.add(.maxPool(.init(size: Extent(2))))
    builder.addModule(
      InceptionModule(single: 16, three: (12, 24), five: (4, 8), pooled: 8), name: "module1")
    builder.addModule(
      InceptionModule(single: 24, three: (16, 32), five: (8, 16), pooled: 16), name: "module2")
    builder.add(.maxPool(.init(size: Extent(2))))
    builder.addModule(
      InceptionModule(single: 32, three: (24, 48), five: (8, 16), pooled: 16), name: "module3")
    builder.add(.globalAveragePool)
    builder.add(.flatten)
    builder.add(.dense(units: classes, bias: true), name: "fc")
    return try builder.graph()
  }

  /// Four fire modules and a 1×1 convolution in place of dense layers, for small images: a fire module
  /// squeezes its input by a 1×1 convolution and expands it by a 1×1 and a 3×3 one side by side.
  ///
  /// F. Iandola et al.: SqueezeNet. 2016, arXiv:1602.07360, section 3 and table 1, with the dropout of
  /// ½ before the last convolution. Narrower and shallower: theirs is for images of 224×224.
  package static func squeezeNetwork(input: Shape, classes: Int) throws(GraphError) -> Graph {
    var builder = GraphBuilder(input: input, layout: .spatial)
    builder.addRectified(channels: 32, kernel: 3, name: "conv0")
    builder.add(.maxPool(.init(size: Extent(2))))
    builder.addFire(squeeze: 8, expand: 32, name: "fire1")
    builder.addFire(squeeze: 8, expand: 32, name: "fire2")
    builder.add(.maxPool(.init(size: Extent(2))))
    builder.addFire(squeeze: 16, expand: 64, name: "fire3")
    builder.addFire(squeeze: 16, expand: 64, name: "fire4")
    builder.add(.dropout(0.5))
    builder.add(.convolution(.init(channels: classes, kernel: Extent(1))), name: "conv1")
    builder.add(.globalAveragePool)
    builder.add(.flatten)
    return try builder.graph()
  }
}

extension GraphBuilder {
  @discardableResult
  fileprivate mutating func addRectified(
    channels: Int, kernel: Int, name: String, on entry: Int? = nil
  ) -> Int {
    add(
      .convolution(
        .init(channels: channels, kernel: Extent(kernel), padding: Extent(kernel / 2))),
      name: name, on: entry.map { [$0] })
    return add(.relu)
  }

  fileprivate mutating func addModule(_ module: Models.InceptionModule, name: String) {
    let entry = last
    let single = addRectified(channels: module.single, kernel: 1, name: "\(name).1x1", on: entry)
    addRectified(channels: module.three.reduced, kernel: 1, name: "\(name).3x3.reduce", on: entry)
    let three = addRectified(channels: module.three.out, kernel: 3, name: "\(name).3x3")
    addRectified(channels: module.five.reduced, kernel: 1, name: "\(name).5x5.reduce", on: entry)
    let five = addRectified(channels: module.five.out, kernel: 5, name: "\(name).5x5")
    add(
      .maxPool(.init(size: Extent(3), stride: Extent(1), padding: Extent(1))),
      name: "\(name).pool", on: [entry])
    let pooled = addRectified(channels: module.pooled, kernel: 1, name: "\(name).project")
    add(.concatenate, name: name, on: [single, three, five, pooled])
  }

  fileprivate mutating func addFire(squeeze: Int, expand: Int, name: String) {
    let squeezed = addRectified(channels: squeeze, kernel: 1, name: "\(name).squeeze")
    let single = addRectified(channels: expand, kernel: 1, name: "\(name).1x1", on: squeezed)
    let three = addRectified(channels: expand, kernel: 3, name: "\(name).3x3", on: squeezed)
    add(.concatenate, name: name, on: [single, three])
  }
}
